-- What the trade calls its mandates: a word of the pages and nothing else (house.Trades).
ALTER TABLE house ADD COLUMN trade {text} NOT NULL DEFAULT 'mandate';
