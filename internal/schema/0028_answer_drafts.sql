-- What somebody typed as an answer and did not send yet, and what was sent and may still be taken back.
CREATE TABLE answer_drafts (
	message_id {id} NOT NULL REFERENCES messages (id) ON DELETE CASCADE, -- what it answers
	account_id {id} NOT NULL,
	body       {text} NOT NULL, -- Markdown
	saved_at   {int} NOT NULL,
	send_at    {int},           -- when it leaves; NULL while it is typed
	PRIMARY KEY (message_id, account_id)
) {strict};
-- What waits to appear, in the order of leaving.
CREATE INDEX answer_drafts_leaving ON answer_drafts (send_at, message_id) WHERE send_at IS NOT NULL;
