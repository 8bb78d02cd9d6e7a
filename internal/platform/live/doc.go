// Package live wakes those who keep or show something as soon as it has changed: a page in memory, a stream to a browser.
//
// A change has topics, short words like "post:3m5x" or "inbox". Whoever writes calls Hub.WakeIn in the transaction; after
// the commit, and only then, the handlers and watchers of this process are woken, on the goroutine that committed. A
// topic says that something changed, never what: whoever is woken reads again. Wakings of one topic that nobody has taken
// yet are one.
//
// Other processes on the same database (a second server on PostgreSQL, the command line beside a server on either engine)
// see a row of the table topic_changes, which WakeIn leaves in the same transaction. Hub.Run reads those rows a few times a
// second, so a change made elsewhere is known here within a second. Rows are only added, so writers do not meet on one
// row; they are read in the order in which they could be seen, not in the order of clocks:
//
//   - on PostgreSQL a row carries the number of its transaction, and a look reads all rows from the oldest transaction that
//     had not ended at the look before (pg_snapshot_xmin): a slow one is not lost, however long it takes;
//   - SQLite has one writer, so rows are numbered as they are committed.
//
// What is woken may be woken once more than needed, never once less. Where that cannot be promised, because the database
// did not answer for longer than rows are kept, every topic is woken (Everything).
//
// While a look does not succeed, because the line to the database is lost or it hangs, nobody knows what others changed:
// within a second those who keep something are told so (HandleLoss), and ask the database, if it answers them, instead of
// their memory. A look has a connection of its own, so that readers, however many, do not make it wait.
//
// The package writes topic_changes. Beside queue and fulltext it is the only one that asks which engine answers.
package live
