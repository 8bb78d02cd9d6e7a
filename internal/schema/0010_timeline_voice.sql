-- Whose each thing was: who writes in one voice sees what was said to it, and not what was said to others.
ALTER TABLE timeline ADD COLUMN voice_id {id}; -- the voice that was spoken to, or that spoke; none for having met somebody
UPDATE timeline SET voice_id = (
	SELECT COALESCE(m.voice_id, c.voice_id) FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = timeline.ref)
 WHERE ref_kind = 'message';
UPDATE timeline SET voice_id = (SELECT m.voice_id FROM mandates m WHERE m.id = timeline.ref) WHERE ref_kind = 'mandate';
-- A page of somebody's thread, the last first: what one row gave at one instant stands together.
CREATE INDEX timeline_thread ON timeline (contact_id, at, ref, kind);
