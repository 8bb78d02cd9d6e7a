-- Since when a message is spam; NULL for the others. It is deleted a month later.
ALTER TABLE messages ADD COLUMN spam_at {int};
CREATE INDEX messages_spam ON messages (spam_at) WHERE spam_at IS NOT NULL;
CREATE INDEX password_resets_expiry ON password_resets (expires_at);
