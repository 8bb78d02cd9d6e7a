// Package mediaweb is the pages of the files of a house: all of them, found by a word and chosen by kind, and one with what shows it, where
// it is described, turned, cut, replaced and deleted. Everything works without a script.
package mediaweb
