// Package pagecache answers strangers from memory, before mux, sessions and log, so that the public site is fast and stays
// up.
//
// A page is kept when its handler said so (web.Cacheable), its status is 200, 301, 404 or 410 and it sets no cookie: under
// the host of the house that was asked for (Options.Host: other Host headers make no entries), its path and the few
// queries that change pages. It is kept as the very bytes and headers that leave, plain and gzipped, with a strong ETag.
//
// While it renders, a handler declares the topics that the page depends on (web.Request.DependsOn("post:42")). Whoever
// learns that topics changed calls Drop, and only the pages that depend on one of them are rendered again, each once for
// all who wait, when somebody asks. The topic Site is every page's. A page that declared nothing depends on every topic. A
// page that was being rendered while one of its topics was dropped counts as old at once, since nobody knows on which side
// of the change it read.
//
// While the new rendering fails or takes longer than Patience, readers get the page there was: so the site stays up while
// the database does not. It fails when the handler panics or the router says that something does not answer; a 503 that is
// meant, of a house that is closed, is an answer like any other. A page that was never rendered shows what Next says, an
// honest 503 most likely. Pages that are not there (404) are kept apart, few and for half a minute, so that whoever tries
// addresses at random does not cost a rendering each.
//
// What may not be read any more is dropped with the topic Withdrawn beside its own: then the pages there were are served to
// nobody, whatever the database does, nor is a page whose rendering had begun: those who waited for it are answered anew. A
// process that cannot hear of changes calls Doubt, and asks its pages again each time.
//
// Requests that are not for everybody go straight to Next: other methods than GET and HEAD, a session cookie, an
// Authorization, an Accept that asks for JSON (a post's address also answers the fediverse).
package pagecache
