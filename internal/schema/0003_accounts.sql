-- Somebody who may sign in.
CREATE TABLE accounts (
	id            {id} PRIMARY KEY,
	email         {text} NOT NULL,
	email_key     {text} NOT NULL UNIQUE,
	name          {text} NOT NULL,
	lang          {text} NOT NULL,
	password_hash {text} NOT NULL,
	disabled_at   {int},
	created_at    {int} NOT NULL
) {strict};

-- What an account may do, as which role, on which voice.
CREATE TABLE grants (
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	voice_id   {int} NOT NULL, -- 0: everything
	role       {text} NOT NULL CHECK (role IN ('reader', 'author', 'editor', 'owner')),
	PRIMARY KEY (account_id, voice_id)
) {strict};

-- Who is signed in, by the hash of what their cookie holds.
CREATE TABLE sessions (
	id         {id} PRIMARY KEY,
	token_hash {text} NOT NULL UNIQUE,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	agent      {text} NOT NULL,
	created_at {int} NOT NULL,
	seen_at    {int} NOT NULL,
	expires_at {int} NOT NULL
) {strict};
CREATE INDEX sessions_account ON sessions (account_id, seen_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Bearers for the JSON API, by the hash of what was shown once.
CREATE TABLE tokens (
	id         {id} PRIMARY KEY,
	token_hash {text} NOT NULL UNIQUE,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name       {text} NOT NULL,
	scope      {text} NOT NULL CHECK (scope IN ('read', 'write')),
	created_at {int} NOT NULL,
	used_at    {int}
) {strict};
CREATE INDEX tokens_account ON tokens (account_id);

CREATE TABLE password_resets (
	token_hash {text} PRIMARY KEY,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	expires_at {int} NOT NULL
) {strict};
