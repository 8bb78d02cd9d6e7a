-- A call or a visit that somebody of the house noted: what was said by no mail and on no page.
CREATE TABLE calls (
	id         {id} PRIMARY KEY,
	contact_id {id} NOT NULL REFERENCES contacts (id),
	account_id {id},
	kind       {text} NOT NULL,
	words      {text} NOT NULL,
	at         {int} NOT NULL
) {strict};
CREATE INDEX calls_contact ON calls (contact_id);
