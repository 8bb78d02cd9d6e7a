-- What is chosen for a post when it goes out: where else it was said first, whether search engines list it, what a card says of it, and
-- whether it stands first at the front of its voice.
ALTER TABLE posts ADD COLUMN canonical {text} NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN robots {text} NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN share_text {text} NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN pinned {text} NOT NULL DEFAULT '';
CREATE INDEX posts_pinned ON posts (voice_id, published_at) WHERE pinned <> '';
