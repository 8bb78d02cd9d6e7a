// Package feed is the way out for those who follow: RSS, Atom and JSON Feed of everything that the site lists, and of
// the conversation under a post.
//
// A feed is a promise kept for years to programs nobody updates. Entries carry the whole text, so that people read where
// they like; their ids never change, whatever becomes of the title or the address; a feed never answers with less than
// it could. Anyone may read it from any page (CORS), since it holds nothing that is not public.
//
// The package turns public posts into feedxml values and writes them; channel/site finds the posts and calls it. It
// emits and hears nothing.
package feed
