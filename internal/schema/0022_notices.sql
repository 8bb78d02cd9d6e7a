-- What somebody is to be told of: an account of the house, or the reader of an address who asked for the answers under a
-- post. A row stays for a while after it was told, so that nobody is told of the same thing twice.
CREATE TABLE notices (
	account_id {int} NOT NULL, -- 0: a reader is told
	handle_id  {int} NOT NULL, -- 0: an account is told
	post_id    {int} NOT NULL, -- 0: an account is told
	message_id {int} NOT NULL,
	under_id   {int} NOT NULL, -- what the reader wrote, under which the message stands; 0: an account is told
	what       {text} NOT NULL CHECK (what IN ('request', 'held', 'published', 'answer')),
	at         {int} NOT NULL, -- since when it waits to be told
	told_at    {int},          -- when it was handed to the outbox; NULL while it waits
	PRIMARY KEY (account_id, handle_id, post_id, message_id)
) {strict};
CREATE INDEX notices_waiting ON notices (account_id, handle_id, post_id, at) WHERE told_at IS NULL;
CREATE INDEX notices_told ON notices (told_at) WHERE told_at IS NOT NULL;

-- How an account wants to be told; without a row, as the program proposes. Hours are those of the house's zone, HH:MM.
CREATE TABLE notice_choices (
	account_id {id} PRIMARY KEY,
	requests   {text} NOT NULL CHECK (requests IN ('now', 'daily', 'never')),
	held       {text} NOT NULL CHECK (held IN ('now', 'daily', 'never')),
	published  {text} NOT NULL CHECK (published IN ('now', 'daily', 'never')),
	daily_at   {text} NOT NULL,
	quiet      {bool} NOT NULL,
	quiet_from {text} NOT NULL,
	quiet_to   {text} NOT NULL,
	through    {bool} NOT NULL
) {strict};

-- Whether a voice says by mail that a request came, and in which words; '' is the program's.
ALTER TABLE voices ADD COLUMN receipts {bool} NOT NULL DEFAULT TRUE;
ALTER TABLE voices ADD COLUMN receipt {text} NOT NULL DEFAULT '';
