-- The evidence that somebody may be written to, or no more: rows are added, and never changed or deleted. Each holds the hash of the
-- one before. Of the address there is a keyed hash, so that a row says nothing of somebody who was erased.
CREATE TABLE consents (
	id            {id} PRIMARY KEY,
	seq           {int} NOT NULL,
	contact_id    {id} NOT NULL,
	channel       {text} NOT NULL,
	purpose       {text} NOT NULL,
	basis         {text} NOT NULL,
	jurisdiction  {text} NOT NULL,
	address       {text} NOT NULL,
	wording       {text} NOT NULL,
	version       {text} NOT NULL,
	lang          {text} NOT NULL,
	theme         {text} NOT NULL,
	source_digest {text} NOT NULL,
	asked_at      {int},
	informed_at   {int},
	at            {int} NOT NULL,
	delivery_id   {id},
	account_id    {id},
	entered_at    {int} NOT NULL,
	previous      {text} NOT NULL,
	hash          {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX consents_seq ON consents (seq);
CREATE INDEX consents_contact ON consents (contact_id, seq);

-- only sqlite
CREATE TRIGGER consents_kept BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'consents are evidence: rows are only added'); END;
CREATE TRIGGER consents_stay BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'consents are evidence: rows are only added'); END;
-- end
-- only postgres
CREATE OR REPLACE FUNCTION consents_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'consents are evidence: rows are only added';
END
$$;
CREATE TRIGGER consents_kept BEFORE UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION consents_only_added();
CREATE TRIGGER consents_stay BEFORE TRUNCATE ON consents FOR EACH STATEMENT EXECUTE FUNCTION consents_only_added();
-- end

-- In which words somebody of the house said where an agreement came from. They may name people, so they go when the person is erased.
CREATE TABLE consent_sources (
	consent_id {id} PRIMARY KEY REFERENCES consents (id),
	salt       {text} NOT NULL,
	source     {text} NOT NULL
) {strict};

-- The addresses of people who asked to be forgotten, as keyed hashes: so that no list brings them back unseen.
CREATE TABLE erased_addresses (
	digest  {text} PRIMARY KEY,
	channel {text} NOT NULL,
	at      {int} NOT NULL
) {strict};
