-- What changed a moment ago, for the processes that keep something in memory about it: see internal/platform/live. Rows are
-- added, never updated, so that writers do not meet on one; after an hour they go. seq orders them by when they could be
-- seen: on PostgreSQL it is the number of the transaction, on SQLite, which has one writer, that of the row.
CREATE TABLE topic_changes (
	seq   {int} NOT NULL,
	topic {text} NOT NULL,
	at    {int} NOT NULL,
	PRIMARY KEY (seq, topic)
) {strict};
CREATE INDEX topic_changes_at ON topic_changes (at);

-- The pages in memory follow these rows, one by one, and no longer one number that every public write moved.
DROP TABLE site_version;
