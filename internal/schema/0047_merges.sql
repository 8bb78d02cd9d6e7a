-- Two contacts that were found to be one person: what was whose, so that they can be parted again. It goes when they are parted, or erased.
CREATE TABLE contact_merges (
	id         {id} PRIMARY KEY,
	kept_id    {id} NOT NULL,
	gone_id    {id} NOT NULL,
	before     {text} NOT NULL, -- JSON: what was known of the one that was kept
	after      {text} NOT NULL, -- JSON: what the merge made of it
	account_id {id},
	at         {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX contact_merges_gone ON contact_merges (gone_id);
CREATE INDEX contact_merges_kept ON contact_merges (kept_id);

-- Which rows went from the one to the other: they go back with it.
CREATE TABLE contact_merge_rows (
	merge_id {id} NOT NULL REFERENCES contact_merges (id) ON DELETE CASCADE,
	kind     {text} NOT NULL, -- 'handle', 'message', 'mandate'...
	ref      {id} NOT NULL,
	PRIMARY KEY (merge_id, kind, ref)
) {strict};

-- By what two contacts look like one person: a name whatever the order of its words, a telephone but for its country, an address but for its ending.
CREATE TABLE contact_clues (
	contact_id {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	clue       {text} NOT NULL,
	firm       {text} NOT NULL, -- where a name alone says too little; '' when it is not known
	PRIMARY KEY (contact_id, clue)
) {strict};
CREATE INDEX contact_clues_clue ON contact_clues (clue, contact_id);

-- Two contacts that look like one person, the older first. Somebody may have said that they are two.
CREATE TABLE contact_pairs (
	a_id         {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	b_id         {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	why          {text} NOT NULL, -- 'name', 'phone', 'address'
	dismissed_at {int},
	PRIMARY KEY (a_id, b_id)
) {strict};
CREATE INDEX contact_pairs_open ON contact_pairs (b_id, a_id) WHERE dismissed_at IS NULL;
CREATE INDEX contact_pairs_b ON contact_pairs (b_id);
