// Package db opens SQLite and PostgreSQL behind one handle. It is the only package, with queue, fulltext and live, that
// knows which of them it is.
//
// Everything above writes one SQL text for both: placeholders $1, $2 (modernc.org/sqlite binds them by number, as
// PostgreSQL does), RETURNING, ON CONFLICT, common table expressions and window functions; never "::", ILIKE, JSON
// operators or now(); NULLS FIRST or LAST always said; LIMIT CAST($1 AS BIGINT), because SQLite looks at the value of a bare
// parameter there while it plans, and so plans anew each time one is bound. A query is a named value made by Q at package level, so that a
// test can prepare every one of them on both engines and see who writes which table.
//
// Reading and writing are functions:
//
//	err := d.Write(ctx, func(tx *db.Tx) error { ... })
//
// Write commits what the function did as one whole, or nothing. It may run the function twice: when PostgreSQL asks
// for it (serialization failures), and always in tests (Options.Rehearse), where the first run is rolled back. So
// nothing in it may touch the world outside the database; what must follow a commit goes to Tx.OnCommit, and what must
// not be lost goes into the queue. Read sees one snapshot and cannot write.
//
// On SQLite there is one writer connection (BEGIN IMMEDIATE, WAL, synchronous=FULL) and a pool of readers that refuse
// to write. On PostgreSQL writes are SERIALIZABLE with bounded retry, reads REPEATABLE READ READ ONLY. Both engines
// therefore promise the same: what was acknowledged is on the disk, and two writes never see each other's middle.
//
// Who only looks opens with Options.ReadOnly, which makes and changes no file, and needs no right to. Examine reads a database
// through, every value of it, and says what is damaged: before a backup, and for the doctor.
//
// The schema is made by numbered migrations, forward only, all those that are missing in one transaction. Each is one text
// for both engines and, where values are to be computed, a function (Migration.Fill). On SQLite foreign keys are not
// enforced meanwhile, so that a table can be made anew without the rows of others, and are checked before the commit
// (ChangeSchema). MigrateTo stops at a step: so an archive is put into the schema that it was made of and then brought up.
package db
