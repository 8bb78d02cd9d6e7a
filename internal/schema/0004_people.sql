CREATE TABLE contacts (
	id          {id} PRIMARY KEY,
	name        {text} NOT NULL,
	name_key    {text} NOT NULL, -- folded, for search and for order
	company     {text} NOT NULL,
	role        {text} NOT NULL,
	lang        {text} NOT NULL,
	note        {text} NOT NULL,
	origin      {text} NOT NULL CHECK (origin IN ('comment', 'request', 'manual', 'import', 'api')),
	merged_into {id},
	last_at     {int} NOT NULL,  -- the last word from them or to them
	created_at  {int} NOT NULL,
	updated_at  {int} NOT NULL
) {strict};
CREATE INDEX contacts_name ON contacts (name_key, id) WHERE merged_into IS NULL;
CREATE INDEX contacts_last ON contacts (last_at, id) WHERE merged_into IS NULL;
CREATE TABLE handles (
	id          {id} PRIMARY KEY,
	contact_id  {id} NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
	channel     {text} NOT NULL CHECK (channel IN ('email', 'phone', 'web')),
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
	kind       {text} NOT NULL CHECK (kind IN ('comment', 'request')),
	contact_id {id},
	post_id    {id},
	voice_id   {id},
	subject    {text} NOT NULL,
	created_at {int} NOT NULL,
	last_at    {int} NOT NULL
) {strict};
CREATE INDEX conversations_contact ON conversations (contact_id, last_at);
CREATE TABLE messages (
	id              {id} PRIMARY KEY,
	conversation_id {id} NOT NULL REFERENCES conversations (id),
	direction       {text} NOT NULL CHECK (direction IN ('in', 'out')),
	channel         {text} NOT NULL, -- 'site', 'mailbox', 'wordpress'
	kind            {text} NOT NULL CHECK (kind IN ('comment', 'request', 'answer', 'pingback', 'trackback')),
	moderation      {text} NOT NULL CHECK (moderation IN ('held', 'visible', 'spam', 'removed')),
	attention       {text} NOT NULL CHECK (attention IN ('open', 'answered', 'closed')),
	state           {text} NOT NULL, -- spam, else held, else attention: what lists filter by
	contact_id      {id},
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

-- One thing leaving by one channel to one place, and its true end.
CREATE TABLE deliveries (
	id           {id} PRIMARY KEY,
	channel      {text} NOT NULL, -- 'mail'
	kind         {text} NOT NULL, -- 'answer', 'confirmation', 'reset', 'notice', 'test'
	recipient    {text} NOT NULL, -- the address
	contact_id   {id},
	message_id   {id},            -- the message that it carries or is about
	subject      {text} NOT NULL,
	payload      {text} NOT NULL, -- JSON of mail.Message; '' once it need not be kept
	mail_id      {text} NOT NULL, -- Message-ID, without <>
	state        {text} NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'sent', 'deferred', 'refused', 'uncertain', 'bounced', 'complained', 'answered', 'cancelled')),
	reason       {text} NOT NULL, -- a key: 'no_relay', 'connect', 'refused'...
	server_reply {text} NOT NULL,
	attempts     {int} NOT NULL,
	created_at   {int} NOT NULL,
	at           {int} NOT NULL
) {strict};
CREATE INDEX deliveries_state ON deliveries (state, at, id);
CREATE INDEX deliveries_at ON deliveries (at, id);
CREATE INDEX deliveries_message ON deliveries (message_id);
CREATE INDEX deliveries_contact ON deliveries (contact_id, at);
CREATE INDEX deliveries_mail ON deliveries (mail_id);

CREATE TABLE mandates (
	id              {id} PRIMARY KEY,
	title           {text} NOT NULL,
	contact_id      {id},
	message_id      {id},            -- the request it came from
	voice_id        {id},
	stage           {text} NOT NULL CHECK (stage IN ('interest', 'request', 'talk', 'proposal', 'won', 'lost', 'postponed')),
	amount_cents    {int},
	currency        {text} NOT NULL,
	next_act        {text} NOT NULL,
	next_on         {text},          -- civil day
	lost_reason     {text} NOT NULL,
	postponed_until {text},          -- civil day
	declared        {text} NOT NULL, -- what the client said brought them
	note            {text} NOT NULL,
	opened_at       {int} NOT NULL,
	closed_at       {int},
	updated_at      {int} NOT NULL
) {strict};
CREATE INDEX mandates_stage ON mandates (stage, updated_at, id);
CREATE INDEX mandates_updated ON mandates (updated_at, id);
CREATE INDEX mandates_next ON mandates (next_on, id) WHERE next_on IS NOT NULL;
CREATE INDEX mandates_contact ON mandates (contact_id);
CREATE INDEX mandates_message ON mandates (message_id);
CREATE TABLE mandate_moves (
	id         {id} PRIMARY KEY,
	mandate_id {id} NOT NULL REFERENCES mandates (id) ON DELETE CASCADE,
	stage      {text} NOT NULL,
	account_id {id},
	at         {int} NOT NULL
) {strict};
CREATE INDEX mandate_moves_mandate ON mandate_moves (mandate_id, id);

-- The timeline of a contact, kept by a projection and rebuilt by `causerie rebuild timeline`.
CREATE TABLE timeline (
	contact_id {id} NOT NULL,
	at         {int} NOT NULL,
	kind       {text} NOT NULL, -- 'commented', 'asked', 'answered', 'mandate_opened', 'mandate_won', 'met'...
	ref_kind   {text} NOT NULL, -- 'message', 'mandate', 'contact'
	ref        {id} NOT NULL,
	label      {text} NOT NULL, -- the title or first words of what it is about
	observed   {bool} NOT NULL, -- an own act of the person, from a handle verified then or since
	PRIMARY KEY (contact_id, at, kind, ref)
) {strict};
CREATE INDEX timeline_ref ON timeline (ref);
-- What an import has already brought: a second run adds nothing.
CREATE TABLE imported (
	source   {text} NOT NULL, -- 'wordpress:https://old.example'
	kind     {text} NOT NULL, -- 'post', 'comment', 'attachment', 'author', 'term'
	external {text} NOT NULL,
	local    {id} NOT NULL,
	at       {int} NOT NULL,
	PRIMARY KEY (source, kind, external)
) {strict};
