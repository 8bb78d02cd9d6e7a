-- Facts: the audit log. Never changed, and removed when their kind is no longer kept.
CREATE TABLE facts (
	id      {id} PRIMARY KEY,
	kind    {text} NOT NULL,
	at      {int} NOT NULL,
	actor   {id},
	subject {id},
	body    {text} NOT NULL
) {strict};
CREATE INDEX facts_subject ON facts (subject, id);
CREATE INDEX facts_kind ON facts (kind, id);

-- Jobs: what is still to be done. A key is natural ("mail/message:42") and stays taken as long as its kind asks: jobs_done keeps it.
CREATE TABLE jobs (
	id          {id} PRIMARY KEY,
	kind        {text} NOT NULL,
	lane        {text} NOT NULL,
	key         {text},
	body        {text} NOT NULL,
	state       {text} NOT NULL CHECK (state IN ('held', 'due', 'running', 'dead')),
	released    {bool} NOT NULL,
	due_at      {int} NOT NULL,
	lease_until {int},
	lease_by    {id},
	attempts    {int} NOT NULL,
	failure     {text} NOT NULL,
	created_at  {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX jobs_key ON jobs (key) WHERE key IS NOT NULL;
CREATE INDEX jobs_due ON jobs (lane, due_at, id) WHERE state = 'due';
CREATE INDEX jobs_released ON jobs (lane, due_at, id) WHERE state = 'due' AND released;
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_stopped ON jobs (state, id) WHERE state IN ('held', 'dead');

CREATE TABLE jobs_done (
	id         {id} PRIMARY KEY,
	kind       {text} NOT NULL,
	key        {text},
	attempts   {int} NOT NULL,
	created_at {int} NOT NULL,
	done_at    {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX jobs_done_key ON jobs_done (key) WHERE key IS NOT NULL;
CREATE INDEX jobs_done_at ON jobs_done (done_at) WHERE key IS NULL;
CREATE INDEX jobs_done_keyed ON jobs_done (done_at) WHERE key IS NOT NULL;

-- A lane from which nothing leaves for now; '*' is all of them.
CREATE TABLE job_lanes_held (
	lane {text} PRIMARY KEY,
	at   {int} NOT NULL
) {strict};

-- When each piece of periodic work is next due.
CREATE TABLE job_schedules (
	name    {text} PRIMARY KEY,
	next_at {int} NOT NULL
) {strict};

-- Full-text search: one row per document, its stems where the engine searches best.
CREATE TABLE search_documents (
	id    {id} PRIMARY KEY,
	space {text} NOT NULL,
	ref   {id} NOT NULL,
	lang  {text} NOT NULL,
	at    {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX search_documents_ref ON search_documents (space, ref);
-- only sqlite
CREATE VIRTUAL TABLE search_stems USING fts5(space, title, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
-- end
-- only postgres
CREATE TABLE search_stems (
	id    BIGINT PRIMARY KEY REFERENCES search_documents (id) ON DELETE CASCADE,
	stems TSVECTOR NOT NULL
);
CREATE INDEX search_stems_gin ON search_stems USING GIN (stems);
-- end
