CREATE TABLE sections (
	id         {id} PRIMARY KEY,
	voice_id   {id} NOT NULL,
	slug       {text} NOT NULL,
	name       {text} NOT NULL,
	position   {int} NOT NULL,
	created_at {int} NOT NULL,
	UNIQUE (voice_id, slug)
) {strict};

CREATE TABLE tags (
	id   {id} PRIMARY KEY,
	slug {text} NOT NULL UNIQUE,
	name {text} NOT NULL
) {strict};

-- What is written, in whatever state.
CREATE TABLE posts (
	id             {id} PRIMARY KEY,
	voice_id       {id} NOT NULL,
	author_id      {id},            -- an account
	author_name    {text} NOT NULL, -- as imported or signed; '' is the voice itself
	kind           {text} NOT NULL, -- 'article', 'note', 'page'...
	status         {text} NOT NULL CHECK (status IN ('idea', 'planned', 'writing', 'review', 'ready', 'scheduled', 'published', 'unpublished')),
	slug           {text} NOT NULL, -- '' for a note and for what was never published nor named
	title          {text} NOT NULL,
	summary        {text} NOT NULL,
	question       {text} NOT NULL, -- the closing question put to readers
	words          {int} NOT NULL,
	lang           {text} NOT NULL,
	section_id     {id} REFERENCES sections (id),
	cover_id       {id},
	cover_alt      {text} NOT NULL,
	cover_caption  {text} NOT NULL,
	comments       {text} NOT NULL CHECK (comments IN ('', 'open', 'closed')), -- '': as the house says
	schedule       {text} NOT NULL, -- civil time YYYY-MM-DDTHH:MM in the house's zone; '' not scheduled
	publish_at     {int},           -- the instant of schedule
	published_at   {int},           -- when readers first saw it; kept when unpublished
	created_at     {int} NOT NULL,
	updated_at     {int} NOT NULL,
	deleted_at     {int},
	version        {int} NOT NULL,  -- counts saves: two tabs cannot overwrite each other unseen
	-- The long ones stand last: SQLite reads a row from its start, and lists stop before them.
	html           {text} NOT NULL, -- rendered at save
	plain          {text} NOT NULL,
	body           {text} NOT NULL  -- Markdown, the source
) {strict};
CREATE UNIQUE INDEX posts_slug ON posts (voice_id, slug) WHERE slug <> '' AND deleted_at IS NULL;
CREATE INDEX posts_list ON posts (voice_id, updated_at, id);
CREATE INDEX posts_updated ON posts (updated_at, id);
CREATE INDEX posts_status ON posts (status, updated_at, id);
CREATE INDEX posts_due ON posts (publish_at) WHERE status = 'scheduled';
CREATE INDEX posts_deleted ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX posts_section ON posts (section_id);

CREATE TABLE post_tags (
	post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	tag_id  {id} NOT NULL REFERENCES tags (id),
	PRIMARY KEY (post_id, tag_id)
) {strict};
CREATE INDEX post_tags_tag ON post_tags (tag_id, post_id);

-- Every slug that a post ever had in public: the resolver looks here, and sends old ones to the present one.
CREATE TABLE post_addresses (
	voice_id {id} NOT NULL,
	slug     {text} NOT NULL,
	post_id  {id} NOT NULL,
	PRIMARY KEY (voice_id, slug)
) {strict};
CREATE INDEX post_addresses_post ON post_addresses (post_id);

-- Addresses of another program's site, from imports: '/2019/03/12/bonjour/' or '/?p=123'.
CREATE TABLE old_addresses (
	path    {text} PRIMARY KEY,
	post_id {id} NOT NULL
) {strict};

-- What the public may read, and nothing else: published posts of public voices of a public house.
CREATE TABLE public_posts (
	post_id       {id} PRIMARY KEY,
	voice_id      {id} NOT NULL,
	kind          {text} NOT NULL,
	slug          {text} NOT NULL,
	author_name   {text} NOT NULL,
	title         {text} NOT NULL,
	summary       {text} NOT NULL,
	question      {text} NOT NULL,
	html          {text} NOT NULL,
	plain         {text} NOT NULL,
	words         {int} NOT NULL,
	lang          {text} NOT NULL,
	section_id    {id},
	cover_id      {id},
	cover_alt     {text} NOT NULL,
	cover_caption {text} NOT NULL,
	comments      {text} NOT NULL,
	published_at  {int} NOT NULL,
	updated_at    {int} NOT NULL
) {strict};
CREATE INDEX public_posts_voice ON public_posts (voice_id, kind, published_at, post_id);
CREATE INDEX public_posts_all ON public_posts (kind, published_at, post_id);
CREATE INDEX public_posts_section ON public_posts (section_id, published_at, post_id);

-- The same columns for the owner of a house that is not public yet.
CREATE VIEW preview_posts AS
	SELECT id AS post_id, voice_id, kind, slug, author_name, title, summary, question, html, plain, words, lang,
	       section_id, cover_id, cover_alt, cover_caption, comments, published_at, updated_at
	  FROM posts
	 WHERE status = 'published' AND deleted_at IS NULL;

-- What somebody typed into a post and did not save yet: changes of what is already out, and what two tabs disagree on.
CREATE TABLE post_drafts (
	post_id    {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	account_id {int} NOT NULL, -- 0: the program
	version    {int} NOT NULL, -- of the post that they had before them
	fields     {text} NOT NULL, -- JSON object of the form
	at         {int} NOT NULL,
	PRIMARY KEY (post_id, account_id)
) {strict};

-- What an import has already brought: a second run adds nothing.
CREATE TABLE imported (
	source   {text} NOT NULL, -- 'wordpress:https://old.example'
	kind     {text} NOT NULL, -- 'post', 'comment', 'attachment', 'author', 'term'
	external {text} NOT NULL,
	local    {id} NOT NULL,
	at       {int} NOT NULL,
	PRIMARY KEY (source, kind, external)
) {strict};
