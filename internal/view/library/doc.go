// Package library reads the files of a house together with what shows them: posts by their titles, letters by their subjects, voices by
// their names.
//
// It keeps nothing and decides nothing: which files somebody works with, media says (ListIn, WorkIn); of what shows them it tells what is in
// voices in which they write, and of the rest only that there is some.
package library
