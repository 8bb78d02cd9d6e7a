// Package post is what the house says: articles, notes and standing pages, in Markdown, from the first idea to what the
// public reads, and its sections and tags.
//
// A post is written in a voice. It is a draft (idea, planned, writing, review, ready), then scheduled or published; it
// can be taken back (unpublished), deleted, and brought back within thirty days. Its address is made from its title when
// it first goes out, and every address that it ever had in public leads to it for ever (post_addresses); a deleted post
// is gone (410), one that was taken back is not there (404). A schedule is civil time in the zone of the house: when that
// zone changes, the instant follows. Each save counts a version, so that two tabs cannot overwrite each other unseen.
//
// What it protects: private cannot leak. public_posts holds what strangers may read, and nothing else: published posts
// of public voices of a public house. It is kept in the transaction of every verb here, and when the house opens or
// closes or a voice changes; so are the visibility of the files that a post shows and the search space "public". The
// channels get a Reader of it and nothing more; only a Reader made for a preview reads posts of a house that is not
// public yet. Every post that is not deleted is in the search space "work".
//
// It emits PostPublished, PostChanged, PostScheduled, PostUnpublished, PostDeleted and PostRestored. It hears HouseOpened,
// HouseClosed, HouseChanged and VoiceChanged, and works the jobs post.publish (a schedule is due), post.index (search
// follows after a house opened) and post.purge (what was deleted thirty days ago loses its text).
package post
