-- Nobody owns one voice: such grants become those of an editor, and can be made no more.
CREATE TABLE grants_of_roles (
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	voice_id   {int} NOT NULL, -- 0: everything
	role       {text} NOT NULL CHECK (role IN ('reader', 'author', 'editor', 'owner')),
	CHECK (role <> 'owner' OR voice_id = 0),
	PRIMARY KEY (account_id, voice_id)
) {strict};
INSERT INTO grants_of_roles (account_id, voice_id, role)
	SELECT account_id, voice_id, CASE WHEN role = 'owner' AND voice_id <> 0 THEN 'editor' ELSE role END FROM grants;
DROP TABLE grants;
ALTER TABLE grants_of_roles RENAME TO grants;

-- When somebody last gave their password in a session: what is most delicate asks for it again after a while.
ALTER TABLE sessions ADD COLUMN proved_at {int} NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at;

-- Until when a bearer is good; NULL is without end.
ALTER TABLE tokens ADD COLUMN ends_at {int};
CREATE INDEX tokens_end ON tokens (ends_at) WHERE ends_at IS NOT NULL;

-- How often was tried what may be tried only so often: a password on one account, a link to a new one. The key holds hashes and
-- ids, no address. Without any try until then, the next is let through.
CREATE TABLE tries (
	key     {text} PRIMARY KEY,
	until   {int} NOT NULL, -- as many tries as are let through at once are used up until then
	failed  {int} NOT NULL, -- how many did not succeed
	since   {int},          -- since when they are counted
	told_at {int},          -- when the account was told of them
	ends_at {int} NOT NULL  -- when the row says nothing more
) {strict};
CREATE INDEX tries_end ON tries (ends_at);

-- Browsers in which an account signed in, by the hash of what their cookie holds: from there, its tries are counted apart.
CREATE TABLE known_devices (
	token_hash {text} PRIMARY KEY,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	seen_at    {int} NOT NULL
) {strict};
CREATE INDEX known_devices_account ON known_devices (account_id, seen_at);
CREATE INDEX known_devices_seen ON known_devices (seen_at);

-- Links to a new password that waited in clear: whoever asked for one asks again.
UPDATE deliveries SET state = 'cancelled', reason = '', payload = '', due_at = NULL WHERE kind = 'reset' AND payload <> '' AND state <> 'sent';
