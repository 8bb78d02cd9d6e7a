-- What a post said after each save that changed it, and what somebody typed beside it before both were joined.
CREATE TABLE post_revisions (
	id         {id} PRIMARY KEY,
	post_id    {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	version    {int} NOT NULL,  -- of the post that it became; of the post that it stood beside
	at         {int} NOT NULL,
	account_id {id},            -- NULL: the program
	author     {text} NOT NULL, -- who that was, by name
	published  {bool} NOT NULL, -- it was read by others: it is never thinned
	aside      {bool} NOT NULL, -- the post never said it: it was typed beside
	title      {text} NOT NULL,
	words      {int} NOT NULL,
	texts      {bytes} NOT NULL, -- what its writer had filled in: JSON by name, deflated
	thin_at    {int}            -- when it is to be looked at again by who thins; NULL: it stays
) {strict};
CREATE INDEX post_revisions_post ON post_revisions (post_id, version, id);
CREATE INDEX post_revisions_thin ON post_revisions (thin_at) WHERE thin_at IS NOT NULL;
