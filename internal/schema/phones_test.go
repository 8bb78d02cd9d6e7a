package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// What was kept without the country's prefix is kept with it, and two spellings that are there already stay two.
func TestStoredPhonesGetThePrefixOfTheirCountry(t *testing.T) {
	t.Parallel()
	step := 1 + slices.IndexFunc(schema.All(), func(m db.Migration) bool { return m.Name == "phone_keys" })
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for country, c := range map[string]struct{ was, want []string }{
			"FR": {[]string{"0298000001", "+33298000001", "0298000002", "3949", "+15145550100", "112"}, []string{"0298000001", "+33298000001", "+33298000002", "3949", "+15145550100", "112"}},
			"CA": {[]string{"5145550100", "15145550100", "15145550101", "5145550102", "+15145550102", "310"}, []string{"+15145550100", "15145550100", "+15145550101", "5145550102", "+15145550102", "310"}},
			"BE": {[]string{"025550100", "0475550100"}, []string{"+3225550100", "+32475550100"}},
			"CH": {[]string{"0225550100"}, []string{"+41225550100"}},
		} {
			t.Run(engine.String()+" "+country, func(t *testing.T) {
				t.Parallel()
				d := dbtest.Open(t, engine, schema.All()[:step-1], dbtest.Once())
				plant := []string{
					`INSERT INTO house (id, name, lang, country, zone, currency, public, identity, created_at, updated_at)
					 VALUES (1, 'A', 'fr-FR', '` + country + `', 'Europe/Paris', 'EUR', FALSE, '{}', 1, 1)`,
					`INSERT INTO contacts (id, name, name_key, company, role, lang, note, origin, last_at, created_at, updated_at)
					 VALUES (1, 'A', 'a', '', '', 'fr-FR', '', 'manual', 1, 1, 1)`,
				}
				for i, key := range c.was {
					plant = append(plant, fmt.Sprintf(`INSERT INTO handles (id, contact_id, channel, value, key, domain, created_at) VALUES (%d, 1, 'phone', '%s', '%[2]s', '', 1)`, i+1, key))
				}
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					for _, text := range plant {
						if _, err := db.Exec(tx, db.Query{Name: "test.plant", SQL: text}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if n, err := d.MigrateTo(t.Context(), schema.All(), step); n != 1 || err != nil {
					t.Fatalf("%d steps, %v", n, err)
				}
				var got []string
				err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
					got, err = db.All(tx, db.Query{Name: "test.read", SQL: `SELECT key FROM handles ORDER BY id`}, db.Scalar[string])
					return err
				})
				if err != nil || !slices.Equal(got, c.want) {
					t.Errorf("%s, %v; want %s", strings.Join(got, " "), err, strings.Join(c.want, " "))
				}
			})
		}
	}
}
