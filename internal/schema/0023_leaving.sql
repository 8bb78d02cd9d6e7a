-- What has not left yet, in the order of leaving.
CREATE INDEX deliveries_leaving ON deliveries (COALESCE(due_at, at), id) WHERE state IN ('held', 'queued', 'sending', 'deferred');
