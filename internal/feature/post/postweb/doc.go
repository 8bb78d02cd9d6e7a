// Package postweb is where one writes: the list of posts, the writing page, and the quick note for a telephone.
//
// The writing page is one form. Whatever button is pressed, what was typed is saved first; what cannot be saved is shown
// again with its problem. While one types, the form posts itself: into the post while it is a draft, into a kept draft
// when it is out, so that autosave never changes what the public reads. When the post changed elsewhere meanwhile, what was typed is kept
// and merged with what was saved (merge.go): by itself where the two do not meet and nobody reads them yet, else on a page that shows
// both. Everything works without a script; with one, pictures
// go into the text where the cursor is.
package postweb
