-- What the ledger of consents comes to, for each purpose of mail: so that whom a letter may go to is counted and listed at once. It is made of
-- the rows again whenever they, or what their clocks run from, change; what leaves asks the ledger itself.
CREATE TABLE consent_standings (
	contact_id {id} NOT NULL,
	purpose    {text} NOT NULL,
	until      {text} NOT NULL, -- the last day on which one may, '9999-12-31' for no end, '' for never
	why        {text} NOT NULL, -- why not; '' of what only time ends
	basis      {text} NOT NULL,
	PRIMARY KEY (contact_id, purpose)
) {strict};
CREATE INDEX consent_standings_one ON consent_standings (contact_id, purpose, until);
CREATE INDEX consent_standings_all ON consent_standings (purpose, until, why, basis, contact_id);

-- People whom somebody asks for again and again: a filter that is kept.
CREATE TABLE segments (
	id         {id} PRIMARY KEY,
	name       {text} NOT NULL,
	filter     {text} NOT NULL, -- JSON
	account_id {id},
	created_at {int} NOT NULL,
	updated_at {int} NOT NULL
) {strict};
-- By what segments filter most, without reading the cards themselves.
CREATE INDEX contacts_kept ON contacts (id, lang, origin, last_at) WHERE merged_into IS NULL AND erased_at IS NULL;
