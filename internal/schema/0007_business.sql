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

-- A piece of business, from the first interest to its end.
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

-- The stages that a mandate went through.
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
