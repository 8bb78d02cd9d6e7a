-- Under which names whoever owns an address said that they write: what is signed otherwise is read before it appears.
CREATE TABLE proofs (
	handle_id {id} NOT NULL,
	name_key  {text} NOT NULL,  -- folded
	asked     {bool} NOT NULL,  -- the link that proves it was mailed
	proved_at {int},            -- NULL while it was not pressed, and after « it was not me »
	round     {int} NOT NULL,   -- how often that was said: a link of an earlier round proves nothing
	PRIMARY KEY (handle_id, name_key)
) {strict};
