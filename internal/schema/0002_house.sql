-- The house: one row. identity is the JSON object of what the law asks to show; secrets are sealed.
CREATE TABLE house (
	id           {id} PRIMARY KEY,
	name         {text} NOT NULL,
	lang         {text} NOT NULL,
	country      {text} NOT NULL,
	zone         {text} NOT NULL,
	currency     {text} NOT NULL,
	public       {bool} NOT NULL,
	identity     {text} NOT NULL,
	main_voice   {id},
	created_at   {int} NOT NULL,
	updated_at   {int} NOT NULL
) {strict};
-- What an owner sets: 'relay' (sealed), 'comments.close_after_days', 'comments.open', 'share'...
CREATE TABLE house_settings (
	key   {text} PRIMARY KEY,
	value {text} NOT NULL
) {strict};
-- One row, moved by every write that changes what the public sees.
CREATE TABLE site_version (
	id      {int} PRIMARY KEY,
	version {int} NOT NULL
) {strict};
INSERT INTO site_version (id, version) VALUES (1, 1);
CREATE TABLE certificates (
	key  {text} PRIMARY KEY,
	data {bytes} NOT NULL
) {strict};

CREATE TABLE accounts (
	id            {id} PRIMARY KEY,
	email         {text} NOT NULL,
	email_key     {text} NOT NULL UNIQUE,
	name          {text} NOT NULL,
	lang          {text} NOT NULL,
	password_hash {text} NOT NULL,
	disabled_at   {int},
	created_at    {int} NOT NULL
) {strict};
CREATE TABLE grants (
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	voice_id   {int} NOT NULL, -- 0: everything
	role       {text} NOT NULL CHECK (role IN ('reader', 'author', 'editor', 'owner')),
	PRIMARY KEY (account_id, voice_id)
) {strict};
CREATE TABLE sessions (
	id         {id} PRIMARY KEY,
	token_hash {text} NOT NULL UNIQUE,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	agent      {text} NOT NULL,
	created_at {int} NOT NULL,
	seen_at    {int} NOT NULL,
	expires_at {int} NOT NULL
) {strict};
CREATE INDEX sessions_account ON sessions (account_id, seen_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE TABLE tokens (
	id         {id} PRIMARY KEY,
	token_hash {text} NOT NULL UNIQUE,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name       {text} NOT NULL,
	scope      {text} NOT NULL CHECK (scope IN ('read', 'write')),
	created_at {int} NOT NULL,
	used_at    {int}
) {strict};
CREATE INDEX tokens_account ON tokens (account_id);
CREATE TABLE password_resets (
	token_hash {text} PRIMARY KEY,
	account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	expires_at {int} NOT NULL
) {strict};
CREATE TABLE idempotent_answers (
	account_id {id} NOT NULL,
	key        {text} NOT NULL,
	request    {text} NOT NULL, -- a hash of method, path and body
	status     {int} NOT NULL,  -- 0 while the first request is under way
	headers    {text} NOT NULL,
	body       {text} NOT NULL,
	at         {int} NOT NULL,
	PRIMARY KEY (account_id, key)
) {strict};
CREATE INDEX idempotent_answers_at ON idempotent_answers (at);

CREATE TABLE voices (
	id          {id} PRIMARY KEY,
	slug        {text} NOT NULL UNIQUE,
	name        {text} NOT NULL,
	kind        {text} NOT NULL CHECK (kind IN ('personal', 'corporate', 'internal')),
	lang        {text} NOT NULL,
	role        {text} NOT NULL, -- « dirigeante des Ateliers Aubin »
	bio         {text} NOT NULL, -- Markdown, a few lines
	accent      {text} NOT NULL, -- #rrggbb
	portrait_id {id},
	email       {text} NOT NULL, -- shown in From of answers; '' takes the house's
	links       {text} NOT NULL, -- JSON array of addresses for rel=me
	position    {int} NOT NULL,
	created_at  {int} NOT NULL,
	updated_at  {int} NOT NULL
) {strict};
