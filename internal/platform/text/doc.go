// Package text is everything Causerie knows about written words: Markdown in, safe HTML out, the typography of French
// and English, and the keys by which words are compared, searched and addressed.
//
// What it is for. A post, a comment, a letter or a message from another server is kept as it was written: the source
// stays clean. Whatever is shown is made from it here, each time, in one pipeline:
//
//	Markdown -> HTML -> tree -> shaped (headings, images, notes, links) -> typeset -> written -> sanitised
//
// What it protects. The type HTML is trusted by every template, and Sanitize is its only maker: the sanitiser is the
// last step of that pipeline, nothing is added behind it. It works in two independent layers. The tree pass (shape)
// parses like a browser does, drops what has no place in a page with all its content, prefixes ids so that no name of
// the DOM is clobbered, and writes a balanced tree, so that nobody's stray </div> breaks out of its box. Then an
// allow-list over tokens (bluemonday) lets through known elements, known attributes with known shapes, and addresses
// of known schemes. Either layer alone should hold; both are tested against published attacks.
//
// Costs are bounded, whatever a text is made of: a table padded to its widest row, a thousand brackets, a reference used a
// thousand times. Each text has a budget (budget.go) of steps, cells and bytes, in proportion to its length; the parsers that
// can take more than their input is long stand behind guards that pay from it (guard.go), and markup that a browser's parser
// would multiply is told before it is parsed (tame.go). What exceeds the budget is shown as it was typed, so that nothing is
// lost: a table as a paragraph, otherwise the whole text. The count is of work and not of time, so a text has the same
// outcome everywhere. Rendering ends with its context, and is done before a transaction, never in one (a test of package app
// reads the code for that).
//
// Sizes are bounded too: a source longer than MaxSource bytes is cut at a character, an untrusted one longer than MaxComment
// shown as it was typed. Callers refuse such input earlier and politely; this is for what came in by other doors.
//
// Sources of the rules: CommonMark 0.31.2 and GFM; Imprimerie nationale, "Lexique des règles typographiques", for fr-FR;
// the typographic spacing table of the Office québécois de la langue française for fr-CA; RFC 5321 and RFC 6531 for
// addresses; the Snowball stemmers for search; WAI-ARIA Digital Publishing roles for notes.
//
// The package has no sentence of its own: the few words that a note needs (see Labels) come from the caller's catalog.
// It is called by post, inbox, the channels, search and the pages; it imports nothing of the product.
package text
