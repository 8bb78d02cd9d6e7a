-- Who said nothing for so long that they are to be forgotten, or asked whether they wish to stay in touch. A row is made again each night from
-- what they did; what a person decided about them stays in it.
CREATE TABLE silences (
	contact_id {id} PRIMARY KEY,
	term       {text} NOT NULL, -- the last day of the time for which one keeps them, YYYY-MM-DD
	erase_on   {text} NOT NULL, -- the day on which they are erased by themselves; '' when they are not
	held       {text} NOT NULL, -- why they are not, though nobody keeps them: 'words'; '' else
	asked_at   {int},           -- when they were asked
	kept       {text} NOT NULL, -- why somebody keeps them: 'client', 'dispute', 'talk'; '' else
	account_id {id},            -- who does
	kept_at    {int},
	noted_at   {int} NOT NULL   -- since when the house knows
) {strict};
CREATE INDEX silences_erase ON silences (erase_on, contact_id);
CREATE INDEX silences_term ON silences (term, contact_id);

-- What the house does about them: one row, once somebody decided.
CREATE TABLE silence_switch (
	id         {int} PRIMARY KEY,
	erases     {bool} NOT NULL,
	account_id {id},
	at         {int} NOT NULL
) {strict};
