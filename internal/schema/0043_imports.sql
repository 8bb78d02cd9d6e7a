-- A list of people that somebody brings in, from the file that was given to its report. They go after a week, the file when it was read.
CREATE TABLE imports (
	id         {id} PRIMARY KEY,
	account_id {id},
	name       {text} NOT NULL,
	state      {text} NOT NULL,  -- 'waiting', 'running', 'done', 'failed'
	options    {text} NOT NULL,  -- JSON: what was chosen
	report     {text} NOT NULL,  -- JSON
	refused    {text} NOT NULL,  -- JSON: rows that did not come
	done       {int} NOT NULL,
	total      {int} NOT NULL,
	created_at {int} NOT NULL
) {strict};
CREATE INDEX imports_created ON imports (created_at);

CREATE TABLE import_chunks (
	import_id {id} NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	n         {int} NOT NULL,
	data      {bytes} NOT NULL,
	PRIMARY KEY (import_id, n)
) {strict};
