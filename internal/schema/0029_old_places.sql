-- Where addresses of another program's site lead that are no post's, from imports: '/category/bois/', '/wp-content/uploads/2015/05/a.jpg'.
CREATE TABLE old_places (
	path   {text} PRIMARY KEY,
	kind   {text} NOT NULL, -- 'section', 'tag', 'media', 'post': under which it stood
	target {id} NOT NULL
) {strict};

-- How feeds named a post before it came here, so that it is not new to those who follow them; '' is our own name.
ALTER TABLE posts ADD COLUMN guid {text} NOT NULL DEFAULT '';
