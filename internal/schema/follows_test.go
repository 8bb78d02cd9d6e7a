package schema_test

import (
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// Of a house that had subscribers before their timeline told of it: who confirmed or chose subscribed, who was brought by a list did not, and
// who left anything left it.
func TestSubscriptionsThatAreThereComeIntoTheTimeline(t *testing.T) {
	t.Parallel()
	step := 1 + slices.IndexFunc(schema.All(), func(m db.Migration) bool { return m.Name == "follows_asked" })
	consent := func(id, contact, at, asked string) string {
		return `INSERT INTO consents (id, seq, contact_id, channel, purpose, basis, jurisdiction, address, wording, version, lang, theme, source_digest,
			asked_at, at, entered_at, previous, hash) VALUES (` + id + `, ` + id + `, ` + contact + `, 'email', 'letter', 'consent', 'FR', '', 'Oui.', '1', 'fr-FR', '', '', ` + asked + `, ` + at + `, ` + at + `, '', '')`
	}
	person := func(id, merged string) []string {
		return []string{`INSERT INTO contacts (id, name, name_key, company, role, lang, note, origin, last_at, created_at, updated_at, merged_into)
			VALUES (` + id + `, 'A', 'a', '', '', 'fr-FR', '', 'subscription', 1, 1, 1, ` + merged + `)`}
	}
	subscriber := func(id, contact, verified string) []string {
		return []string{
			`INSERT INTO handles (id, contact_id, channel, value, key, domain, verified_at, created_at) VALUES (` + id + `, ` + contact + `, 'email', '` + id + `@a.example', '` + id + `@a.example', '', ` + verified + `, 1)`,
			`INSERT INTO subscribers (id, contact_id, handle_id, lang, rhythm, created_at) VALUES (` + id + `, ` + contact + `, ` + id + `, 'fr-FR', 'each', 100)`,
		}
	}
	follow := func(subscriber, voice, section, since, left string) string {
		return `INSERT INTO follows (subscriber_id, voice_id, section_id, since, left_at) VALUES (` + subscriber + `, ` + voice + `, ` + section + `, ` + since + `, ` + left + `)`
	}
	plant := slices.Concat(
		person("1", "NULL"), subscriber("11", "1", "100"), // confirmed, then took a section of another voice, then left both
		[]string{consent("1", "1", "100", "90"), follow("11", "7", "0", "100", "300"), follow("11", "8", "81", "200", "300")},
		person("2", "NULL"), subscriber("12", "2", "NULL"), // brought by a list, left one voice
		[]string{consent("2", "2", "100", "NULL"), follow("12", "7", "0", "100", "NULL"), follow("12", "8", "0", "100", "250")},
		person("3", "NULL"), person("4", "3"), subscriber("13", "3", "100"), // confirmed as somebody who was found to be another
		[]string{consent("3", "4", "100", "90"), follow("13", "7", "0", "100", "NULL")},
		person("5", "NULL"), subscriber("15", "5", "NULL"), // never followed, and wants nothing
		[]string{follow("15", "7", "0", "100", "100")},
	)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Open(t, engine, schema.All()[:step-1], dbtest.Once())
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
				got, err = db.All(tx, db.Query{Name: "test.read", SQL: `
					SELECT contact_id || ' ' || at || ' ' || kind || ' ' || ref_kind || ' ' || ref || CASE WHEN observed THEN '!' ELSE '' END || ' ' || voice_id
					  FROM timeline ORDER BY contact_id, at, kind, ref`}, db.Scalar[string])
				return err
			})
			want := []string{
				"1 100 subscribed voice 7! 7", "1 200 subscribed section 81! 8", "1 300 unsubscribed voice 7! 7", "1 300 unsubscribed voice 8! 8",
				"2 250 unsubscribed voice 8 8", "3 100 subscribed voice 7! 7", "5 100 unsubscribed voice 7 7",
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v:\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
