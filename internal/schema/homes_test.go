package schema_test

import (
	"slices"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// Voices of before homes live where they lived: the main one at the root, the others under their names, which all keep.
func TestVoicesOfBeforeHomesLiveWhereTheyLived(t *testing.T) {
	t.Parallel()
	const step = 15
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Open(t, engine, schema.All()[:step-1], dbtest.Once())
			for _, text := range []string{
				`INSERT INTO house (id, name, lang, country, zone, currency, public, identity, main_voice, created_at, updated_at)
					VALUES (1, 'Ateliers Aubin', 'fr-FR', 'FR', 'Europe/Paris', 'EUR', TRUE, '{}', 7, 1, 1)`,
				`INSERT INTO voices (id, slug, name, kind, lang, role, bio, accent, email, links, position, created_at, updated_at)
					VALUES (7, 'claire', 'Claire', 'personal', 'fr-FR', '', '', '#8a2f2a', '', '[]', 0, 3, 3),
					       (8, 'ateliers', 'Ateliers', 'corporate', 'fr-FR', '', '', '#8a2f2a', '', '[]', 1, 4, 4)`,
			} {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := db.Exec(tx, db.Query{Name: "test.plant", SQL: text})
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if n, err := d.MigrateTo(t.Context(), schema.All(), step); n != 1 || err != nil {
				t.Fatalf("%d steps, %v", n, err)
			}
			type home struct {
				host, root          string
				voice, since, until int64
			}
			var got []home
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				got, err = db.All(tx, db.Query{Name: "test.read", SQL: `SELECT host, root, voice_id, since, COALESCE(until, 0) FROM voice_homes ORDER BY voice_id, root`},
					func(r db.Row) (h home, err error) {
						err = r.Scan(&h.host, &h.root, &h.voice, &h.since, &h.until)
						return h, err
					})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if want := []home{{"", "", 7, 3, 0}, {"", "claire", 7, 3, 3}, {"", "ateliers", 8, 4, 0}}; !slices.Equal(got, want) {
				t.Errorf("they live at %+v, want %+v", got, want)
			}
		})
	}
}
