-- The aliases of a contact: what was said under them belongs to the person that was kept.
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;
