-- Where a letter that was written for itself stands on the web, from when it begins to leave: a word that nobody guesses.
ALTER TABLE letters ADD COLUMN address {text} NOT NULL DEFAULT '';
CREATE UNIQUE INDEX letters_address ON letters (address) WHERE address <> '';

-- What a voice says to who begins to follow it; without a row, or without words of its own, the words of the program.
CREATE TABLE letter_welcomes (
	voice_id   {id} PRIMARY KEY,
	silent     {bool} NOT NULL, -- no welcome leaves
	body       {text} NOT NULL, -- Markdown
	html       {text} NOT NULL, -- what it is set to
	updated_at {int} NOT NULL
) {strict};

-- Who began to follow a voice in the fortnight after a letter, and what became business in it.
CREATE INDEX follows_since ON follows (voice_id, since);
CREATE INDEX mandates_opened ON mandates (opened_at, id);
