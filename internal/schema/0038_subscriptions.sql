-- Who asked to receive what is published, before they said so from their mailbox. mailed is false for what was one too many: of such a
-- row no address is kept. They go after seven days.
CREATE TABLE subscription_asks (
	id           {id} PRIMARY KEY,
	digest       {text} NOT NULL,
	email        {text} NOT NULL,
	follows      {text} NOT NULL,
	rhythm       {text} NOT NULL,
	lang         {text} NOT NULL,
	wording      {text} NOT NULL,
	version      {text} NOT NULL,
	page         {text} NOT NULL,
	mailed       {bool} NOT NULL,
	at           {int} NOT NULL,
	confirmed_at {int}
) {strict};
CREATE INDEX subscription_asks_digest ON subscription_asks (digest, at);
CREATE INDEX subscription_asks_at ON subscription_asks (at);

-- An address to which what is published goes.
CREATE TABLE subscribers (
	id           {id} PRIMARY KEY,
	contact_id   {id} NOT NULL,
	handle_id    {id} NOT NULL,
	lang         {text} NOT NULL,
	rhythm       {text} NOT NULL,
	paused_until {text},
	created_at   {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX subscribers_handle ON subscribers (handle_id);
CREATE INDEX subscribers_contact ON subscribers (contact_id);

-- What it follows: a voice, or one of its sections. What was left stays, so that nobody writes there again in that voice.
CREATE TABLE follows (
	subscriber_id {id} NOT NULL REFERENCES subscribers (id),
	voice_id      {id} NOT NULL,
	section_id    {id} NOT NULL, -- 0: the whole voice
	since         {int} NOT NULL,
	left_at       {int},
	letter_id     {id},
	PRIMARY KEY (subscriber_id, voice_id, section_id)
) {strict};
CREATE INDEX follows_voice ON follows (voice_id, subscriber_id);
CREATE INDEX follows_letter ON follows (letter_id) WHERE letter_id IS NOT NULL;
