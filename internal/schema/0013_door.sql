-- One door for what comes in: what names a message where it comes from (the same a second time is the same message), and who
-- says to have sent what makes nobody known.
ALTER TABLE messages ADD COLUMN external {text} NOT NULL DEFAULT '';       -- a Message-ID, an activity, an import's key; '' for none
ALTER TABLE messages ADD COLUMN sender_channel {text} NOT NULL DEFAULT ''; -- of handles; '' once the message is tied to a contact
ALTER TABLE messages ADD COLUMN sender {text} NOT NULL DEFAULT '';         -- the handle as it is shown
ALTER TABLE messages ADD COLUMN sender_key {text} NOT NULL DEFAULT '';     -- and folded
-- Comments that an import brought are named as its ledger names them; an answer that left by mail went by the channel mail.
UPDATE messages SET external = i.source || '#' || i.external FROM imported i WHERE i.kind = 'comment' AND i.local = messages.id;
UPDATE messages SET channel = 'mail' WHERE channel = 'mailbox';
CREATE UNIQUE INDEX messages_external ON messages (channel, external) WHERE external <> '';
CREATE INDEX messages_mail ON messages (mail_id);
CREATE INDEX messages_sender ON messages (sender_key, at) WHERE sender_key <> '';
-- What is said to one voice, for those who see some.
CREATE INDEX messages_voice ON messages (direction, voice_id, at, id);
CREATE INDEX messages_voice_state ON messages (direction, voice_id, state, at, id);
CREATE INDEX messages_waiting ON messages (state, voice_id) WHERE direction = 'in' AND state IN ('open', 'held');
-- Settings are JSON.
UPDATE house_settings SET value = 'true' WHERE key = 'comments.open' AND value = 'yes';
UPDATE house_settings SET value = 'false' WHERE key = 'comments.open' AND value = 'no';
