-- Somebody who asked to be forgotten: the row stays, so that what names its id still names something, and says nothing.
ALTER TABLE contacts ADD COLUMN erased_at {int};
