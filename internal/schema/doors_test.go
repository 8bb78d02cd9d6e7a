package schema_test

import (
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// An owner of one voice, made by a forged form, becomes an editor of it, and can be made no more; a link that waits in clear waits no more.
func TestNobodyOwnsOneVoiceAndNoLinkWaitsInClear(t *testing.T) {
	t.Parallel()
	step := 1 + slices.IndexFunc(schema.All(), func(m db.Migration) bool { return m.Name == "doors" })
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Open(t, engine, schema.All()[:step-1], dbtest.Once())
			do := func(text string) error {
				return d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := db.Exec(tx, db.Query{Name: "test.plant", SQL: text})
					return err
				})
			}
			for _, text := range []string{
				`INSERT INTO accounts (id, email, email_key, name, lang, password_hash, created_at) VALUES (1, 'a@b.example', 'a@b.example', 'A', 'fr-FR', '', 1)`,
				`INSERT INTO grants (account_id, voice_id, role) VALUES (1, 0, 'reader'), (1, 7, 'owner'), (1, 8, 'author')`,
				`INSERT INTO sessions (id, token_hash, account_id, agent, created_at, seen_at, expires_at) VALUES (3, 'h', 1, '', 5, 6, 7)`,
			} {
				if err := do(text); err != nil {
					t.Fatal(err)
				}
			}
			if n, err := d.MigrateTo(t.Context(), schema.All(), step); n != 1 || err != nil {
				t.Fatalf("%d steps, %v", n, err)
			}
			var got []string
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				got, err = db.All(tx, db.Query{Name: "test.read", SQL: `SELECT role FROM grants ORDER BY voice_id`}, db.Scalar[string])
				return err
			})
			if err != nil || strings.Join(got, " ") != "reader editor author" {
				t.Errorf("grants %q, %v", got, err)
			}
			if err := do(`INSERT INTO grants (account_id, voice_id, role) VALUES (1, 9, 'owner')`); err == nil {
				t.Error("the database takes an owner of one voice")
			}
		})
	}
}
