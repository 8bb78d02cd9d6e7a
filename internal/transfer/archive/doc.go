// Package archive is the one file in which a house travels: backup, restore, and the move from one engine to the other.
//
// An archive is a zip file, so that it can be written as a stream, read anywhere, and opened by whoever wonders what is
// in it. Its entries are, in this order:
//
//	manifest.json          format, program, schema, engine, instant, tables with their columns and counts
//	tables/<name>.jsonl    one row a line, a JSON object of its columns; parents before those that refer to them
//	blobs/<sha-256>        the files that posts and voices show, named by their content
//	checksums.json         the SHA-256 of every entry before it, and the files that were already lost
//
// Integers are JSON numbers of up to 64 bits, flags true or false, bytes base64, what is absent null. Instants are
// milliseconds UTC and civil days YYYY-MM-DD, as in the tables.
//
// All rows come from one snapshot, while the house goes on working. What stays behind is listed in package schema: the
// search, which is rebuilt; sessions and unfinished password resets; certificates; and the sealed settings (the mail
// relay's password), because the key that opens them is not in the database. Whoever restores a house elsewhere gives
// it its relay again.
//
// Restore protects two things. A house that is there is never written over: the target must be empty. And an archive
// is taken whole or not at all: every checksum, count, column and reference is verified before the first row is
// written, all is done in one commit, and files put before a failure are taken away again.
//
// An archive holds the rows of the schema that it was made at, which the manifest names. So restoring makes that schema, puts
// the rows into it, and then takes the steps that are younger, as the house would have, had it stayed where it was: a table
// that has gone since, a column that is called otherwise, a value that is computed, all are the migrations' to say. An
// archive of a newer schema is refused.
//
// HTML is not believed either: it is made again from what was written, or sanitised where nothing was (doubting). Until that
// is done, right after the commit, a text has no HTML; a server that finds that it was not done does it (package app).
//
// Backup protects a third: what bears the name of a backup can be restored. The database is examined before, and the file is
// read back from the disk and verified as Restore would before it takes its name.
//
// Checksums tell damage, not forgery: an archive holds everything that is known of everybody, and whoever can change it
// can change the sums. It is written readable by its owner only; keep it as one keeps the books.
//
// The package writes the tables of every other one. That is its licence (design, "A table has one writer"), and why its
// statements, which are made from the schema, are not among the registered queries.
package archive
