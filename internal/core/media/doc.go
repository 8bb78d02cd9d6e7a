// Package media keeps the files that posts and voices show: pictures in the widths that pages ask for, and documents
// to download.
//
// A picture that comes in is decoded, turned as its camera meant it, and written anew in a few widths; so nothing of
// what the camera noted (place, time, serial number) is ever kept, and a file that is no picture cannot pretend to be
// one. Widths are never larger than what came in. Besides pictures, PDF, documents of
// offices, archives and recordings are taken, and from an import films; they are served as a download, and a recording is played by a page.
//
// What is asked for before a job made it gets the next larger width. What is cropped, the square and the card of a link, is cut around the
// focus that people said.
//
// What it protects: a file has no visibility of its own. Those who show it say so (ReferIn, with a Use), and a stranger may
// read it only while something public refers to it. What a voice published for its readers alone is theirs, what its
// drafts show is seen by who writes in it, and what nothing shows yet by who uploaded it. Nobody gains a file, or opens it
// to others, by naming it in a text of their own.
//
// Another file may take the address of one (Replace, Alter): what shows it is told by the fact media.changed, pages name the new bytes by their
// Edition, and the ones of before stay as a file of their own that nothing shows, until they are pruned or brought back (Restore).
//
// A file that nothing shows can be deleted, and is after KeepUnused; one that posts and letters show can be removed on purpose. Its rows go in one commit with the fact
// media.deleted, and a reaction removes the blobs that no other row names: the same picture uploaded twice is one blob.
// media_gone says which ones until that is done. An upload of the same bytes takes them back, in the transaction that
// makes its row.
//
// Files live in a blob store, by their content; rows live in media, media_variants, media_uses and media_gone, which only
// this package writes. A crash between the two leaves a blob that nothing names, never a row without its file. post and
// voice call the package inside their own transactions; it hears its own fact alone.
package media
