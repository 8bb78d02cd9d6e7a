-- A file is seen by the voices that show it: who writes in one sees what its drafts show, who reads in it what it published.
ALTER TABLE media_uses ADD COLUMN voice_id {id} NOT NULL DEFAULT 0;
ALTER TABLE media_uses ADD COLUMN published {bool} NOT NULL DEFAULT FALSE;
UPDATE media_uses SET voice_id = subject, published = TRUE WHERE kind = 'voice';
UPDATE media_uses SET voice_id = COALESCE((SELECT p.voice_id FROM posts p WHERE p.id = subject), 0),
       published = COALESCE((SELECT p.status = 'published' AND p.deleted_at IS NULL FROM posts p WHERE p.id = subject), FALSE)
 WHERE kind = 'post';
