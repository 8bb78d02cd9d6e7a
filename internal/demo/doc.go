// Package demo brings the house of internal/sample to life in an empty database: what `causerie demo` shows, what the
// tests of whole pages read, what the screenshots are taken of.
//
// It goes through the same doors as people do: every row is made by the service that owns it, so the read models, the
// facts and the searches are filled as they would have been. Half a year is told in a few seconds, which takes two
// liberties. The clock is moved back to each event (Clock), so that an account, a contact or a stage of a mandate bears
// the date at which it happened. And the actor is the importer, whose facts are marked as past: nobody is written to.
// What is to look alive today (a comment held, two requests that wait) is part of the sample; the few mails that the
// demo shows in its box are made here as the present, by the ordinary verbs.
//
// It belongs above everything else and nothing imports it but the harness and the command line.
package demo
