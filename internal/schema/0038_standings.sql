-- What the ledger of consents comes to, for each purpose of mail: so that whom a letter may go to is counted and listed at once. It is made of
-- the rows again whenever they, or what their clocks run from, change; what leaves asks the ledger itself.
CREATE TABLE consent_standings (
	contact_id {id} NOT NULL,
	purpose    {text} NOT NULL,
	may        {bool} NOT NULL,
	why        {text} NOT NULL, -- why not
	until      {text} NOT NULL, -- the last day on which it is so; '' for no end
	basis      {text} NOT NULL,
	reachable  {bool} NOT NULL, -- there is an address
	PRIMARY KEY (contact_id, purpose)
) {strict};
CREATE INDEX consent_standings_all ON consent_standings (contact_id, purpose, may, until, why, reachable, basis);

-- People whom somebody asks for again and again: a filter that is kept.
CREATE TABLE segments (
	id         {id} PRIMARY KEY,
	name       {text} NOT NULL,
	filter     {text} NOT NULL, -- JSON
	account_id {id},
	created_at {int} NOT NULL,
	updated_at {int} NOT NULL
) {strict};
