// Package post is what the house says: articles, notes and standing pages, in Markdown, from the first idea to what the
// public reads, and its sections and tags.
//
// A post is written in a voice. It is a draft (idea, planned, writing, review, ready), then scheduled or published; it
// can be taken back (unpublished), deleted, and brought back within thirty days. Publish, Schedule and Unpublish are its
// verbs; SetStatusIn finds the one that leads to a state. Its address is made from its title when it first goes out, and
// every slug that it ever had in public leads to it for ever (post_addresses); a deleted post that strangers once read is gone
// (410), one that was taken back is not there (404). A schedule is civil time in the zone of the house: when that zone
// changes, the instant follows. Each save counts a version, so that two tabs cannot overwrite each other unseen.
//
// On its page a post is published by PublishSoon: it is scheduled for ten seconds later, which every channel knows how to wait for, and
// UndoPublish has it stand where it stood.
//
// While all that leaves is held (queue.Everything) nothing goes out: what is due waits, what is published by hand is scheduled for
// now and waits with it, and Release lets one go. The switch is asked in the commit that publishes. What goes out late is dated that day.
//
// Its kind is data: RegisterKind takes a name and traits (titled, addressed, listed, in feeds, what it needs to go out), and
// rules, lists, feeds, forms and the API ask these. An event or a question is a registration in its own package, with a
// table of its own beside posts.
//
// Its properties are declared once (fields.go): a text of a post is a field of Input, a field of Patch and a line of
// properties. From that list and from postColumns are made the statements that store and read a post, the checks, the
// purge, the form and the API; what readers get (Public) holds the Input as it is.
//
// What it said after each save that changed something is a Revision (revisions.go), kept in the transaction of the save, thinned with age
// and brought back by RestoreRevision, which is a save like another. Import leaves none: the first save after it keeps what came in.
// What somebody typed over an older version (KeptDraft) is joined with what was saved since by Merge, and saved by SaveMerge.
//
// Its text is rendered before the transaction that stores it (render.go): Create, Save and Import do so by themselves, and
// whoever has a transaction of their own calls Prepare, PrepareChange or PrepareImport before it. Typeset sets all of them anew.
//
// What it protects: private cannot leak. public_posts holds which posts strangers may read: published posts of public
// voices of a public house. It is an index into posts, kept in the transaction of every verb here; and a public Reader asks
// the voice and the house again each time, so that both close in the commit that closes them, whatever rows are left. When a
// house or a voice opens or closes, its rows change by fact.MaxPosts at a time: the first slice in the verb, the others by
// jobs, so that no write holds SQLite's only writer for long. The visibility of files and the search space "public" follow.
// The channels get a Reader and nothing more: there is one of what strangers read, one of what they would read (the owner's
// preview of a house that is not public yet), and one of the internal voices for colleagues who may read them. Every post
// that is not deleted is in the search space "work".
//
// It emits PostPublished, PostChanged, PostScheduled, PostUnpublished, PostDeleted and PostRestored, which tell what was
// done, in internal voices too; and PostsShown and PostsHidden, which tell what strangers see since. A channel hears these
// two and no other: nothing is said of an internal voice or of a closed house. It hears HouseOpened, HouseClosed,
// HouseChanged and VoiceChanged, reacts to its own PostsShown and PostsHidden (search), and works the jobs post.publish (a
// schedule is due), post.show and post.hide (what a voice that opened or closed has left) and post.purge (what was deleted
// thirty days ago loses its text).
package post
