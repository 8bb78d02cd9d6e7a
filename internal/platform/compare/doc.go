// Package compare finds what changed between two texts, and joins two texts that were changed apart.
//
// HTML shows two cleaned texts as one, in the look of the newer: what was put in stands in <ins>, what was taken out in <del>, word by
// word. It writes a few elements of its own and escapes every word, so that nothing of its input reaches a page as markup. Merge joins
// by paragraphs of their source: what only one side changed is taken from it, what both changed in the same place is a conflict that
// keeps both.
//
// Both stand on align, which is bounded: what would cost too much to be compared word by word counts as replaced.
package compare
