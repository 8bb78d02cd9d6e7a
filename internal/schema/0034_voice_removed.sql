-- A voice that was given up: its row keeps its name and its addresses, which lead to the voice that took over what it said.
ALTER TABLE voices ADD COLUMN removed_at {int};
ALTER TABLE voices ADD COLUMN heir_id {id};
