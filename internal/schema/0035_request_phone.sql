-- The number that somebody left in the contact form, as they wrote it: it stands beside what they asked, whoever has it.
ALTER TABLE messages ADD COLUMN phone {text} NOT NULL DEFAULT '';
