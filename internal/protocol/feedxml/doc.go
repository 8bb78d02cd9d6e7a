// Package feedxml writes what other programs read to follow a site: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1, and the
// sitemaps of sitemaps.org.
//
// A feed is the oldest promise of an open site: whoever subscribed ten years ago still gets the next post. It is read by
// programs of every age, so the writers protect three things. The bytes are well-formed whatever an author pasted
// (runes that XML 1.0 §2.2 forbids are dropped, invalid UTF-8 too). What the formats require is always there (a
// channel description, an Atom author, a date of change), filled from the nearest thing that is true. And an entry keeps
// its identity: ids are written as given, never derived from a title or a moment, and the same id is never written twice.
//
// A note without a title stays a note: RSS gets no empty <title> but a description (RSS 2.0: "at least one of title or
// description must be present"), Atom the empty title that RFC 4287 §4.1.2 requires, JSON Feed none.
//
// Addresses are made absolute against Feed.Home, and those in an entry's HTML against the entry, since readers have no page
// to resolve them against. Nothing here sanitises: ContentHTML must already be what the site would show.
//
// The site's feeds, the comment feeds and the sitemap call it; everything is written through one small buffer, so that a
// long feed costs no more memory than its entries.
package feedxml
