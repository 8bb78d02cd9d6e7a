-- Since when nothing shows a file; NULL while something does.
ALTER TABLE media ADD COLUMN unused_since {int};
CREATE INDEX media_unused ON media (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX media_variants_ref ON media_variants (ref);

-- The blobs of files that were deleted, until they are removed too.
CREATE TABLE media_gone (
	media_id {id} NOT NULL,
	ref      {text} NOT NULL,
	PRIMARY KEY (media_id, ref)
) {strict};
CREATE INDEX media_gone_ref ON media_gone (ref);
