-- What leaves, by any channel: its job is the row itself. A delivery says what it is about and is composed when it leaves.
DROP INDEX deliveries_state;
DROP INDEX deliveries_at;
DROP INDEX deliveries_message;
DROP INDEX deliveries_contact;
DROP INDEX deliveries_mail;

ALTER TABLE deliveries ADD COLUMN key {text};                                     -- natural, taken for ever: 'answer/<message>'
ALTER TABLE deliveries ADD COLUMN lane {text} NOT NULL DEFAULT 'person';          -- 'account', 'person', 'bulk'
ALTER TABLE deliveries ADD COLUMN purpose {text} NOT NULL DEFAULT 'conversation'; -- 'account', 'conversation', or what a consent names
ALTER TABLE deliveries ADD COLUMN voice_id {id};                                  -- NULL: the house's own, which owners see
ALTER TABLE deliveries ADD COLUMN handle_id {id};                                 -- of the contact, where it goes
ALTER TABLE deliveries ADD COLUMN about_kind {text} NOT NULL DEFAULT '';          -- 'message', 'account', 'post'...
ALTER TABLE deliveries ADD COLUMN about_id {id};
ALTER TABLE deliveries ADD COLUMN released {bool} NOT NULL DEFAULT FALSE;         -- leaves even while all is held
ALTER TABLE deliveries ADD COLUMN due_at {int};                                   -- when the outbox looks at it again: to send it, or because its lease ends; NULL: no more
ALTER TABLE deliveries ADD COLUMN lease_by {int};                                 -- which process is sending it

UPDATE deliveries
   SET about_kind = 'message', about_id = message_id,
       handle_id = (SELECT m.handle_id FROM messages m WHERE m.id = deliveries.message_id)
 WHERE message_id IS NOT NULL;
-- An answer came from the message that it answers, and goes to where that came from.
UPDATE deliveries
   SET voice_id = (SELECT m.voice_id FROM messages m WHERE m.id = deliveries.message_id)
 WHERE kind = 'answer';
UPDATE deliveries SET lane = 'account', purpose = 'account' WHERE kind <> 'answer';
-- The links in these are good for an hour.
UPDATE deliveries SET state = 'cancelled', reason = '' WHERE kind NOT IN ('answer', 'confirmation') AND state IN ('held', 'queued', 'deferred');
UPDATE deliveries SET due_at = at WHERE state IN ('queued', 'deferred', 'sending');
UPDATE deliveries SET lease_by = 0 WHERE state = 'sending';

ALTER TABLE deliveries DROP COLUMN message_id;
ALTER TABLE deliveries RENAME COLUMN mail_id TO external; -- what the other side calls it: a Message-ID without <>; '' when it is made from id

CREATE INDEX deliveries_due ON deliveries (channel, lane, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_open ON deliveries (state, id) WHERE state <> 'sent';
CREATE INDEX deliveries_voice ON deliveries (voice_id, id);
CREATE INDEX deliveries_contact ON deliveries (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX deliveries_about ON deliveries (about_kind, about_id) WHERE about_id IS NOT NULL;
CREATE INDEX deliveries_external ON deliveries (external) WHERE external <> '';
CREATE UNIQUE INDEX deliveries_key ON deliveries (key);

DELETE FROM jobs WHERE kind = 'mail.send';
DELETE FROM jobs_done WHERE kind = 'mail.send';
