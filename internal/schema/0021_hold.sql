-- Whoever holds a lane and whoever passes it by a commit of their own meet at its row.
CREATE TABLE job_gates (
	lane  {text} PRIMARY KEY,
	turns {int} NOT NULL -- how often it was held or released
) {strict};
INSERT INTO job_gates (lane, turns) VALUES ('*', 0); -- '*' is queue.Everything

ALTER TABLE posts ADD COLUMN let_go {bool} NOT NULL DEFAULT FALSE; -- goes out at its hour even while all is held
