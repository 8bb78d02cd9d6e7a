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

-- What autocert keeps: the account and the certificates of --tls auto.
CREATE TABLE certificates (
	key  {text} PRIMARY KEY,
	data {bytes} NOT NULL
) {strict};

-- What the API answered to a request with an Idempotency-Key, to answer the same again.
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
