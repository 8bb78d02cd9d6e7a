// Package segment keeps filters over people: who follows a voice, wrote under a section, stands at a stage, has not been heard of since a day,
// works at a firm, lives in a town, has a value in a field of the house. A segment is counted at once, explained, and read in pieces: it holds no list, so that who fits tomorrow is in it tomorrow.
//
// It reads the tables of the capabilities and writes its own alone (segments). A filter is some criteria that must all hold; each is a fragment of
// SQL that never changes, registered by itself so that a test prepares it on both engines, and a query is the fragments that a filter
// asks for, in their order.
//
// Explain says to whom a letter would go today, and of the others how many and why not. It counts with consent_standings, which core/consent
// keeps beside its ledger: a row for each person that is there, so that one pass tells, and cards are read when a criterion is about them.
// Whoever sends asks the ledger again, person by person.
//
// A segment may tell of mandates and messages of every voice, so it is for editors of the whole house.
package segment
