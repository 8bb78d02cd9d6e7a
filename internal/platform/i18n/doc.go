// Package i18n speaks to people in their language: French of France, French of Canada, English.
//
// The program holds no sentence in Go. Each page keeps its texts beside it in fr.json (French first, of France),
// en.json (complete), and, where Quebec says it differently, fr-CA.json. A Catalog merges them at start-up and
// typesets them: authors write French with plain spaces, and the narrow and no-break spaces that each country
// puts around its punctuation are applied here, once. Check proves that the languages say the same things with
// the same arguments and all the plural forms that CLDR asks for.
//
// What each trade calls by another word is a term: the texts hold it in braces, and terms.json says what stands there
// for the trade of the house, with its gender and its article (terms.go).
//
// The formats of dates, hours, numbers and money are locale data rather than sentences, so their words live in
// Go tables in this package. They follow CLDR and, for Quebec, the Office québécois de la langue française.
//
// Catalogs are filled before anything is served: Add may not run at the same time as the other methods, which
// may be called from any number of goroutines.
package i18n
