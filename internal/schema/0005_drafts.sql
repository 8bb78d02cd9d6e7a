-- What somebody typed into a post and did not save yet: changes of what is already out, and what two tabs disagree on.
CREATE TABLE post_drafts (
	post_id    {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	account_id {int} NOT NULL, -- 0: the program
	version    {int} NOT NULL, -- of the post that they had before them
	fields     {text} NOT NULL, -- JSON object of the form
	at         {int} NOT NULL,
	PRIMARY KEY (post_id, account_id)
) {strict};
