// Package harness is the whole application inside a test: a house on either engine, in a temporary directory, with its
// pages served on a port of this machine, a clock that stands still, and mail that is caught.
//
//	h := harness.Start(t, harness.Options{Planted: true})
//	page := h.Visitor().Get("/un-billet")
//	page.Has("h1", "Un billet")
//	page.Form("#comment form").With("name", "Jeanne").Submit()
//	h.RunJobs()
//
// A test that uses it names a promise made to people and keeps it as they would: it follows links, fills in the forms
// that stand in the pages, reads the mail that left, asks the JSON API with a token. It never looks into a table. Every
// write runs twice (db.Options.Rehearse), nothing waits for a duration: Clock.Advance moves time, RunJobs works off what
// is due.
//
// The sample house is planted once per process on SQLite and copied from memory, so asking for it costs little.
package harness
