-- Forms that were taken, by a hash of what was sent, so that a double press is one.
CREATE TABLE form_keys (
	key  {text} PRIMARY KEY,
	path {text} NOT NULL, -- where the answer led; '' while it is under way
	at   {int} NOT NULL
) {strict};
CREATE INDEX form_keys_at ON form_keys (at);
