-- Addresses that take no mail any more, and those that failed lately: keyed hashes, which say nothing of anybody.
CREATE TABLE suppressions (
	digest    {text} PRIMARY KEY,
	why       {text} NOT NULL,     -- 'refused', 'failed', 'complained'
	code      {text} NOT NULL,     -- what the server said, without its words: '550 5.1.1'
	failures  {int} NOT NULL,      -- in a row
	failed_at {int} NOT NULL,
	at        {int}                -- since when it takes no mail; NULL: it only failed
) {strict};

-- What goes to many and was stopped by itself, once for each reason.
CREATE TABLE brakes (
	about_kind {text} NOT NULL,
	about_id   {id} NOT NULL,
	why        {text} NOT NULL,
	at         {int} NOT NULL,
	PRIMARY KEY (about_kind, about_id, why)
) {strict};
