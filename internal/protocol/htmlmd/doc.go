// Package htmlmd makes Markdown of the HTML that other programs keep, so that a house can move in with its archive.
//
// WordPress is the hard case and the reason for this package: its posts are half HTML, half conventions. Line ends are
// paragraphs unless the post is made of blocks; blocks are comments; captions, galleries, players and whatever plugins
// invented are [shortcodes]; an address alone on its line is a player. The HTML of other programs (Medium, Substack, Ghost,
// feeds) goes the same way without those conventions.
//
// What it protects are people's words: every visible word of the HTML is in the Markdown, and a test on WordPress's own
// collection of every markup holds it to that. What Markdown cannot say becomes the nearest thing it can (a player
// becomes a link on its own line to where one can watch, a definition list bold terms, a caption the title of its picture, a power a
// raised digit, a cell across two columns an empty one beside it). Shortcodes of page builders become the title, the pictures, the
// words and the button that readers saw; none is shown as it is typed. What could not be understood is counted in Notes, for the
// report that the importer shows. Nothing is executed or fetched, and nothing here
// makes HTML safe: the Markdown is text like any author's.
//
// The importers in transfer call it, and the importer of feeds. The conversion proper is html-to-markdown; this package
// prepares the tree.
package htmlmd
