package schema_test

import (
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

func TestTheSchemaIsMadeOnBothEngines(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		n, err := d.Version(t.Context())
		if err != nil || n != len(schema.All()) {
			t.Fatalf("version %d, want %d: %v", n, len(schema.All()), err)
		}
	})
}
