package dbtest

import (
	"testing"

	"causerie/internal/platform/db"
)

// Describe returns the schema of d as its engine tells it, a line for each table, column, constraint, index and view, sorted:
// two databases are of one schema when their lines are equal.
func Describe(t testing.TB, d *db.DB) []string {
	t.Helper()
	text := `
		SELECT m.type || ' ' || m.name || ': ' || COALESCE(m.sql, '') FROM sqlite_master m WHERE m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search_stems_%'
		UNION ALL
		SELECT 'column ' || m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || COALESCE(c.dflt_value, '') || ' ' || c.pk
		  FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search_stems_%'
		UNION ALL
		SELECT 'reference ' || m.name || '.' || f."from" || ' ' || f."table" || ' ' || f.on_delete
		  FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
		ORDER BY 1`
	if d.Engine() == db.Postgres {
		text = `
		SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') || ' '
		       || COALESCE(collation_name, '') FROM information_schema.columns WHERE table_schema = current_schema()
		UNION ALL
		SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint
		 WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0 AND contype <> 'n'
		UNION ALL
		SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()
		UNION ALL
		SELECT 'view ' || viewname || ': ' || definition FROM pg_views WHERE schemaname = current_schema()
		UNION ALL
		SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		ORDER BY 1`
	}
	var lines []string
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		lines, err = db.All(tx, db.Once(db.Query{Name: "dbtest.describe", SQL: text}), db.Scalar[string])
		return err
	})
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return lines
}
