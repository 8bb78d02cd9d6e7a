-- Where the writing page of a post is open: one row a tab, that goes a minute after it was last heard of.
CREATE TABLE post_desks (
	post_id    {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	tab        {text} NOT NULL, -- a word that the page made up
	account_id {int} NOT NULL,
	name       {text} NOT NULL,
	typing     {bool} NOT NULL, -- something was typed there within the last minute
	at         {int} NOT NULL,
	PRIMARY KEY (post_id, tab)
) {strict};
CREATE INDEX post_desks_at ON post_desks (at);
