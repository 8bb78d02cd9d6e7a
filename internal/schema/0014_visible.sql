-- Every post that strangers ever saw: the first time is said apart, and what was deleted is gone (410) rather than unknown.
CREATE TABLE shown_posts (
	post_id  {id} PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
	first_at {int} NOT NULL
) {strict};
INSERT INTO shown_posts (post_id, first_at)
	SELECT id, published_at FROM posts
	 WHERE published_at IS NOT NULL AND voice_id IN (SELECT id FROM voices WHERE kind <> 'internal')
	   AND (deleted_at IS NOT NULL OR id IN (SELECT post_id FROM public_posts));
-- What strangers may read keeps only what lists choose and sort by; the rest is read from posts. So a property of a post is
-- a column of posts and nothing else. The rows are made anew, because dropping columns of a full table writes it many times.
DROP VIEW preview_posts;
DELETE FROM public_posts;
ALTER TABLE public_posts DROP COLUMN slug;
ALTER TABLE public_posts DROP COLUMN author_name;
ALTER TABLE public_posts DROP COLUMN title;
ALTER TABLE public_posts DROP COLUMN summary;
ALTER TABLE public_posts DROP COLUMN question;
ALTER TABLE public_posts DROP COLUMN html;
ALTER TABLE public_posts DROP COLUMN plain;
ALTER TABLE public_posts DROP COLUMN words;
ALTER TABLE public_posts DROP COLUMN lang;
ALTER TABLE public_posts DROP COLUMN cover_id;
ALTER TABLE public_posts DROP COLUMN cover_alt;
ALTER TABLE public_posts DROP COLUMN cover_caption;
ALTER TABLE public_posts DROP COLUMN comments;
ALTER TABLE public_posts DROP COLUMN updated_at;
INSERT INTO public_posts (post_id, voice_id, kind, section_id, published_at)
	SELECT id, voice_id, kind, section_id, published_at FROM posts
	 WHERE status = 'published' AND deleted_at IS NULL
	   AND voice_id IN (SELECT v.id FROM voices v CROSS JOIN house h WHERE v.kind <> 'internal' AND h.public);
