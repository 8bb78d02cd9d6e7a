-- What files are chosen and found by; what stood under an address before another file took its place; where to look in a picture.
ALTER TABLE media ADD COLUMN kind {text} NOT NULL DEFAULT 'document'; -- 'picture', 'sound', 'film', 'document'
ALTER TABLE media ADD COLUMN words {text} NOT NULL DEFAULT ''; -- its name and what is said of it, folded; made anew by rebuild
ALTER TABLE media ADD COLUMN replaced_at {int}; -- when another file took its address
ALTER TABLE media ADD COLUMN former_of {id}; -- the file that took the address of this one
ALTER TABLE media ADD COLUMN focus_x {int}; -- in hundredths of its width; NULL while nobody said
ALTER TABLE media ADD COLUMN focus_y {int};
UPDATE media SET kind = CASE WHEN mime LIKE 'image/%' THEN 'picture' WHEN mime LIKE 'audio/%' THEN 'sound' WHEN mime LIKE 'video/%' THEN 'film'
                             ELSE 'document' END;
CREATE INDEX media_list ON media (created_at, id) WHERE former_of IS NULL;
CREATE INDEX media_kind ON media (kind, created_at, id) WHERE former_of IS NULL;
CREATE INDEX media_former ON media (former_of) WHERE former_of IS NOT NULL;
