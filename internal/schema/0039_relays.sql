-- The mail servers of the house, in the order in which they are tried. The address has the password in it, and is sealed.
CREATE TABLE relays (
	id         {id} PRIMARY KEY,
	position   {int} NOT NULL,
	name       {text} NOT NULL,
	voice_id   {id},               -- whose mail it carries; NULL: everybody's
	address    {text} NOT NULL,    -- smtp://user:password@host:587, sealed
	per_minute {int} NOT NULL,     -- how many it takes; 0: no bound is known
	per_day    {int} NOT NULL,
	signs      {bool} NOT NULL,    -- signs by itself (DKIM)
	created_at {int} NOT NULL
) {strict};

-- What was handed to the relays that have bounds, in the last day: a row for each batch, so that nobody waits for a counter.
CREATE TABLE relay_batches (
	id       {id} PRIMARY KEY,
	relay_id {id} NOT NULL,        -- 0: the one of the command line
	at       {int} NOT NULL,
	n        {int} NOT NULL
) {strict};
CREATE INDEX relay_batches_at ON relay_batches (at);

-- The keys by which the house signs its mail (DKIM). It signs once the record was seen.
CREATE TABLE signing_keys (
	id         {id} PRIMARY KEY,
	domain     {text} NOT NULL,
	selector   {text} NOT NULL,
	record     {text} NOT NULL,    -- what is published under selector._domainkey.domain
	private    {text} NOT NULL,    -- sealed
	created_at {int} NOT NULL,
	seen_at    {int}
) {strict};
CREATE UNIQUE INDEX signing_keys_name ON signing_keys (domain, selector);

-- The one relay that there was. Its address is sealed for the same purpose.
INSERT INTO relays (id, position, name, voice_id, address, per_minute, per_day, signs, created_at)
SELECT 1, 1, '', NULL, value, 0, 0, FALSE, 0 FROM house_settings WHERE key = 'relay' AND value <> '';
DELETE FROM house_settings WHERE key = 'relay';
