// Package wordpress brings a WordPress export into a voice of the house.
//
// It reads the file twice. The first time it learns what the items refer to: the site, the authors, the tree of
// categories, the library of files. The second time it takes the items in groups of fifty: it asks the ledger which of
// them are new, makes Markdown of them, fetches their files, and writes each group in slices of at most 200 rows and
// some hundredths of a second. So memory does not grow with the export, whoever writes beside it waits for a moment, and an import that was interrupted goes on where it
// stopped when it is run again. A file that was cut short (PHP ran out of time, often) gives what is whole in it, and
// the report says so first.
//
// What becomes of what:
//
//	post, page              article, page; the parents of pages are not kept
//	publish                 published, at the same instant
//	future, draft, pending  scheduled (ready when its time has passed), writing, review
//	private, with password  writing: never public, and the report names each of them
//	trash, auto-draft       left out
//	no date                 the date of the post beside it by number, or a draft; the report names each
//	categories              the main one (Yoast, Rank Math), else the first, is the section, by its path (« Parent / Enfant »); the others are tags
//	featured image          cover
//	excerpt                 summary; else Yoast's description
//	comments                messages with their threads: approved visible, waiting held, spam, trash removed
//	who commented           contacts by e-mail address, not verified; those who wrote for the site are none,
//	                        nor are those of spam: their address stays with the message
//	link, ?p=, old slugs    old addresses, that lead to the post; so do those of its categories, tags and files to what they became
//	guid                    the name of the post in feeds, for ever
//
// A site is one under http, https and www, and where it was before: guids and the library tell. So its pictures are its own wherever a
// post has them from, Jetpack's servers included, and a newer export of it adds what is new.
//
// Nothing is fetched but what posts show of the site's own files (pictures, documents, recordings, films), and only with a client. What is not brought in
// keeps its address and is in the report; another run brings it into the posts that still name it, and leaves what was written since. Nothing is mailed or announced.
package wordpress
