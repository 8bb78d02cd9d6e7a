-- Every home a voice ever had: what makes addresses looks for the present one, what reads them for all.
CREATE TABLE voice_homes (
	host     {text} NOT NULL, -- '' is the house's own host, that of --url
	root     {text} NOT NULL, -- '' is the root of the host, else the one segment under it
	voice_id {id} NOT NULL REFERENCES voices (id),
	since    {int} NOT NULL,
	until    {int},           -- NULL while the voice lives there
	PRIMARY KEY (host, root, voice_id)
) {strict};
CREATE UNIQUE INDEX voice_homes_lived ON voice_homes (host, root) WHERE until IS NULL;
CREATE UNIQUE INDEX voice_homes_voice ON voice_homes (voice_id) WHERE until IS NULL;
INSERT INTO voice_homes (host, root, voice_id, since, until)
	SELECT '', slug, id, created_at, CASE WHEN id IN (SELECT main_voice FROM house) THEN created_at END FROM voices;
INSERT INTO voice_homes (host, root, voice_id, since, until)
	SELECT '', '', id, created_at, NULL FROM voices WHERE id IN (SELECT main_voice FROM house);
-- The main voice is the one that lives at the root of the house's host.
ALTER TABLE house DROP COLUMN main_voice;
