-- Where everybody stands, one narrow row for each person that is there: a hundred thousand are counted in one pass. A number for each purpose
-- of mail, 0 where the ledger says nothing: the last day on which one may as yyyymmdd (99991231 for no end, 0 for never), then two digits of
-- why not, then two of the ground.
CREATE TABLE consent_standings_new (
	contact_id {id} PRIMARY KEY,
	letter     {int} NOT NULL,
	nudge      {int} NOT NULL,
	question   {int} NOT NULL
) {strict};
INSERT INTO consent_standings_new (contact_id, letter, nudge, question)
SELECT c.id, COALESCE(MAX(CASE WHEN s.purpose = 'letter' THEN s.code END), 0), COALESCE(MAX(CASE WHEN s.purpose = 'nudge' THEN s.code END), 0),
       COALESCE(MAX(CASE WHEN s.purpose = 'question' THEN s.code END), 0)
  FROM contacts c
  LEFT JOIN (SELECT contact_id, purpose, CAST(CASE until WHEN '' THEN '0' ELSE REPLACE(until, '-', '') END AS BIGINT) * 10000
                    + CASE why WHEN 'withdrawn' THEN 100 WHEN 'objected' THEN 200 WHEN 'lapsed' THEN 300 WHEN 'no_basis' THEN 400 WHEN 'conditions' THEN 500
                               WHEN 'frozen' THEN 600 WHEN 'used' THEN 700 WHEN 'no_address' THEN 800 ELSE 0 END
                    + CASE basis WHEN 'consent' THEN 1 WHEN 'client' THEN 2 WHEN 'professional_function' THEN 3 WHEN 'implied_purchase' THEN 4
                                 WHEN 'implied_inquiry' THEN 5 WHEN 'referral' THEN 6 WHEN 'withdrawal' THEN 7 WHEN 'objection' THEN 8 WHEN 'use' THEN 9
                                 WHEN 'told' THEN 10 ELSE 0 END AS code
               FROM consent_standings) s ON s.contact_id = c.id
 WHERE c.merged_into IS NULL AND c.erased_at IS NULL
 GROUP BY c.id;
DROP TABLE consent_standings;
ALTER TABLE consent_standings_new RENAME TO consent_standings;

-- By what two contacts look like one person, without a foreign key: to look it up for each clue of a list of thousands took PostgreSQL longer than
-- to write the clue. Whoever deletes a contact forgets its clues.
CREATE TABLE contact_clues_new (
	contact_id {id} NOT NULL,
	clue       {text} NOT NULL,
	firm       {text} NOT NULL, -- where a name alone says too little; '' when it is not known
	PRIMARY KEY (contact_id, clue)
) {strict};
INSERT INTO contact_clues_new (contact_id, clue, firm) SELECT contact_id, clue, firm FROM contact_clues;
DROP TABLE contact_clues;
ALTER TABLE contact_clues_new RENAME TO contact_clues;
CREATE INDEX contact_clues_clue ON contact_clues (clue, contact_id);
