-- The town of somebody, and what a house keeps of people besides: fields of its own, with a value for each person who has one.
ALTER TABLE contacts ADD COLUMN place {text} NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN place_key {text} NOT NULL DEFAULT ''; -- folded
CREATE INDEX contacts_place ON contacts (place_key, id) WHERE place_key <> '';

CREATE TABLE contact_fields (
	id          {id} PRIMARY KEY,
	name        {text} NOT NULL,
	name_key    {text} NOT NULL, -- folded
	kind        {text} NOT NULL CHECK (kind IN ('text', 'date', 'number', 'choice')),
	choices     {text} NOT NULL, -- JSON: what one may choose
	position    {int} NOT NULL,
	archived_at {int},           -- no longer asked or shown; its values stay
	created_at  {int} NOT NULL,
	updated_at  {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX contact_fields_name ON contact_fields (name_key);

CREATE TABLE contact_values (
	contact_id {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	field_id   {id} NOT NULL REFERENCES contact_fields (id),
	value      {text} NOT NULL,
	key        {text} NOT NULL, -- folded, and in the order of the values: of days and numbers too
	PRIMARY KEY (contact_id, field_id)
) {strict};
CREATE INDEX contact_values_key ON contact_values (field_id, key, contact_id);
