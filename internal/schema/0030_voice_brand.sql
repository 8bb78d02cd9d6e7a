-- What a voice is known by, and what one may ask of it.
ALTER TABLE voices ADD COLUMN logo_id {id};
ALTER TABLE voices ADD COLUMN ask {text} NOT NULL DEFAULT ''; -- one sentence under its articles
