-- A mandate that was deleted may come back for a while.
ALTER TABLE mandates ADD COLUMN deleted_at {int};
CREATE INDEX mandates_deleted ON mandates (deleted_at) WHERE deleted_at IS NOT NULL;
