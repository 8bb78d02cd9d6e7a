-- Somebody outside, as one person however they write.
CREATE TABLE contacts (
	id          {id} PRIMARY KEY,
	name        {text} NOT NULL,
	name_key    {text} NOT NULL, -- folded, for search and for order
	company     {text} NOT NULL,
	role        {text} NOT NULL,
	lang        {text} NOT NULL,
	note        {text} NOT NULL,
	origin      {text} NOT NULL, -- 'comment', 'request', 'manual', 'import', 'api'...
	merged_into {id},
	last_at     {int} NOT NULL,  -- the last word from them or to them
	created_at  {int} NOT NULL,
	updated_at  {int} NOT NULL
) {strict};
CREATE INDEX contacts_name ON contacts (name_key, id) WHERE merged_into IS NULL;
CREATE INDEX contacts_last ON contacts (last_at, id) WHERE merged_into IS NULL;
-- The aliases of a contact: what was said under them belongs to the person that was kept.
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

-- An address by which a contact was met.
CREATE TABLE handles (
	id          {id} PRIMARY KEY,
	contact_id  {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	channel     {text} NOT NULL, -- 'email', 'phone', 'web'...
	value       {text} NOT NULL,
	key         {text} NOT NULL, -- folded; unique within a channel
	domain      {text} NOT NULL, -- of an e-mail address; '' for public mail providers
	verified_at {int},
	created_at  {int} NOT NULL,
	UNIQUE (channel, key)
) {strict};
CREATE INDEX handles_contact ON handles (contact_id);
CREATE INDEX handles_domain ON handles (domain) WHERE domain <> '';

-- A conversation is the thread of one contact about one thing.
CREATE TABLE conversations (
	id         {id} PRIMARY KEY,
	kind       {text} NOT NULL, -- 'comment', 'request'...
	contact_id {id},
	post_id    {id},
	voice_id   {id},
	subject    {text} NOT NULL,
	created_at {int} NOT NULL,
	last_at    {int} NOT NULL
) {strict};
CREATE INDEX conversations_contact ON conversations (contact_id, last_at);

-- One thing said, by them or by the house.
CREATE TABLE messages (
	id              {id} PRIMARY KEY,
	conversation_id {id} NOT NULL REFERENCES conversations (id),
	direction       {text} NOT NULL CHECK (direction IN ('in', 'out')),
	channel         {text} NOT NULL, -- 'site', 'mailbox', 'wordpress'...
	kind            {text} NOT NULL, -- 'comment', 'request', 'answer', 'pingback', 'trackback'...
	moderation      {text} NOT NULL CHECK (moderation IN ('held', 'visible', 'spam', 'removed')),
	attention       {text} NOT NULL CHECK (attention IN ('open', 'answered', 'closed')),
	state           {text} NOT NULL, -- spam, else held, else attention: what lists filter by
	contact_id      {id},
	handle_id       {id},            -- what they wrote from: answers go there, and only it, once verified, earns trust
	account_id      {id},            -- who of the house wrote an answer
	voice_id        {id},
	post_id         {id},
	parent_id       {id},
	name            {text} NOT NULL, -- as the writer signed
	url             {text} NOT NULL, -- of a pingback or an imported comment
	body            {text} NOT NULL, -- Markdown for an answer, Markdown without HTML for what came in
	html            {text} NOT NULL,
	lang            {text} NOT NULL,
	how             {text} NOT NULL, -- the answer to the free question
	notify          {bool} NOT NULL, -- the writer of a comment asked for the answer by mail
	reason          {text} NOT NULL, -- why it is held: 'first', 'links', 'honeypot', 'speed'...
	mail_id         {text} NOT NULL, -- Message-ID of the mail that carried it, for threading
	at              {int} NOT NULL
) {strict};
CREATE INDEX messages_state ON messages (direction, state, at, id);
CREATE INDEX messages_all ON messages (direction, at, id);
CREATE INDEX messages_contact ON messages (contact_id, at, id);
CREATE INDEX messages_conversation ON messages (conversation_id, at, id);
CREATE INDEX messages_post ON messages (post_id, moderation, id);
CREATE INDEX messages_parent ON messages (parent_id);
CREATE INDEX messages_kind ON messages (direction, kind, at, id);
CREATE INDEX messages_kind_state ON messages (direction, kind, state, at, id);
