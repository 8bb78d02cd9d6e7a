-- How somebody writes: laid out, or in the plain field with Markdown; '' while they never chose.
ALTER TABLE accounts ADD COLUMN editor {text} NOT NULL DEFAULT '';
