-- The handle that somebody wrote from: answers go there, and only it, once verified, earns trust.
ALTER TABLE messages ADD COLUMN handle_id {id};
CREATE INDEX messages_kind ON messages (direction, kind, at, id);
CREATE INDEX messages_kind_state ON messages (direction, kind, state, at, id);
