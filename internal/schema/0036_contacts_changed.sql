-- Who reads the people page after page by name is shown at the end who was renamed meanwhile.
CREATE INDEX contacts_changed ON contacts (updated_at, id);
