-- A job may belong to a group of its kind (a host, a relay, a feed): claims go round the groups of a kind, and no more than
-- so many jobs of one group run at once. NULL is a job of no group.
ALTER TABLE jobs ADD COLUMN group_name {text};

DROP INDEX jobs_due;
DROP INDEX jobs_released;
CREATE INDEX jobs_due ON jobs (lane, due_at, id) WHERE state = 'due' AND group_name IS NULL;
CREATE INDEX jobs_released ON jobs (lane, due_at, id) WHERE state = 'due' AND released AND group_name IS NULL;
CREATE INDEX jobs_grouped ON jobs (kind, group_name, due_at, id) WHERE state = 'due' AND group_name IS NOT NULL;
CREATE INDEX jobs_grouped_released ON jobs (kind, group_name, due_at, id) WHERE state = 'due' AND released AND group_name IS NOT NULL;
CREATE INDEX jobs_grouped_running ON jobs (kind, group_name) WHERE state = 'running' AND group_name IS NOT NULL;

-- jobs_done is the keys that are still taken: each until its kind no longer needs it. A job without a key leaves nothing.
ALTER TABLE jobs_done ADD COLUMN keep_until {int} NOT NULL DEFAULT 0;
DELETE FROM jobs_done WHERE key IS NULL OR kind LIKE '%>%';
UPDATE jobs_done SET keep_until = done_at + 34560000000;
DROP INDEX jobs_done_at;
DROP INDEX jobs_done_keyed;
CREATE INDEX jobs_done_keep ON jobs_done (keep_until);
