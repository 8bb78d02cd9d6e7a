-- A name to speak under.
CREATE TABLE voices (
	id          {id} PRIMARY KEY,
	slug        {text} NOT NULL UNIQUE,
	name        {text} NOT NULL,
	kind        {text} NOT NULL, -- 'personal', 'corporate', 'internal'...
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

-- A file that came in.
CREATE TABLE media (
	id         {id} PRIMARY KEY,
	ref        {text} NOT NULL, -- sha-256 of the file that came in, once cleaned
	name       {text} NOT NULL,
	mime       {text} NOT NULL,
	width      {int} NOT NULL,
	height     {int} NOT NULL,
	colour     {text} NOT NULL,
	bytes      {int} NOT NULL,
	alt        {text} NOT NULL,
	caption    {text} NOT NULL,
	account_id {id},
	created_at {int} NOT NULL
) {strict};

-- The sizes in which a file is kept and served.
CREATE TABLE media_variants (
	media_id {id} NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	variant  {text} NOT NULL, -- '480', '960', '1600', 'square', 'original'
	ref      {text} NOT NULL,
	mime     {text} NOT NULL,
	width    {int} NOT NULL,
	height   {int} NOT NULL,
	bytes    {int} NOT NULL,
	PRIMARY KEY (media_id, variant)
) {strict};

-- Who refers to a file; it is public when something public does.
CREATE TABLE media_uses (
	media_id {id} NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	kind     {text} NOT NULL, -- 'post', 'voice'
	subject  {id} NOT NULL,
	public   {bool} NOT NULL,
	PRIMARY KEY (media_id, kind, subject)
) {strict};
CREATE INDEX media_uses_subject ON media_uses (kind, subject);
