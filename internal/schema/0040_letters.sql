-- What leaves by mail to many: a post, or a text written for it. Its recipients are rows of deliveries about it.
CREATE TABLE letters (
	id          {id} PRIMARY KEY,
	voice_id    {id} NOT NULL,
	post_id     {id},
	kind        {text} NOT NULL,
	subject     {text} NOT NULL,
	body        {text} NOT NULL,
	excerpt     {bool} NOT NULL,
	audience    {text} NOT NULL,
	state       {text} NOT NULL,
	send_at     {int},
	account_id  {id},
	reached     {id} NOT NULL, -- up to which subscriber, or contact of a segment, they are in the outbox
	created_at  {int} NOT NULL,
	updated_at  {int} NOT NULL,
	begun_at    {int},
	handed_at   {int}
) {strict};
CREATE INDEX letters_voice ON letters (voice_id, id);
CREATE UNIQUE INDEX letters_digest ON letters (subject) WHERE kind = 'digest';
CREATE INDEX letters_post ON letters (post_id) WHERE post_id IS NOT NULL;

-- How it was set when it began to leave: once for all who get it. Of a digest there are several.
CREATE TABLE letter_editions (
	letter_id {id} NOT NULL REFERENCES letters (id),
	variant   {text} NOT NULL,
	edition   {text} NOT NULL,
	PRIMARY KEY (letter_id, variant)
) {strict};
