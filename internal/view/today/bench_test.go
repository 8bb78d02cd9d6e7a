package today_test

import (
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/view/timeline/timelinetest"
)

const numbers = `WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1) `

// plant fills the tables with 50,000 people, half of them proved, and 100,000 messages of a year, 5,000 of them open.
var plant = []struct {
	q    db.Query
	rows int
}{
	{db.Query{Name: "plant.contacts", SQL: `INSERT INTO contacts (id, name, name_key, company, role, lang, note, origin, last_at, created_at, updated_at) ` + numbers + `
		SELECT i, 'Personne ' || CAST(i AS TEXT), 'personne ' || CAST(i AS TEXT), '', '', 'fr-FR', '', 'comment', $2 - i, $2 - i, $2 - i FROM n`}, 50_000},
	{db.Query{Name: "plant.handles", SQL: `INSERT INTO handles (id, contact_id, channel, value, key, domain, verified_at, created_at) ` + numbers + `
		SELECT i, i, 'email', 'p' || CAST(i AS TEXT) || '@x.example', 'p' || CAST(i AS TEXT) || '@x.example', 'x' || CAST(i / 5 AS TEXT) || '.example',
		       CASE WHEN i % 2 = 0 THEN CAST($2 AS BIGINT) END, CAST($2 AS BIGINT) FROM n`}, 50_000},
	{db.Query{Name: "plant.conversations", SQL: `INSERT INTO conversations (id, kind, contact_id, voice_id, subject, created_at, last_at) ` + numbers + `
		SELECT i, 'request', 1 + i % 50000, 1, 'Un devis', $2 - i, $2 - i FROM n`}, 100_000},
	{db.Query{Name: "plant.messages", SQL: `INSERT INTO messages (id, conversation_id, direction, channel, kind, moderation, attention, state, contact_id, voice_id, name, url, body,
		       html, lang, how, notify, reason, mail_id, at) ` + numbers + `
		SELECT i, i, 'in', 'site', CASE WHEN i % 3 = 0 THEN 'request' ELSE 'comment' END, 'visible', CASE WHEN i % 20 = 0 THEN 'open' ELSE 'closed' END,
		       CASE WHEN i % 20 = 0 THEN 'open' ELSE 'closed' END, 1 + i % 50000, 1, 'Quelqu’un', '', 'Bonjour à vous', '', 'fr-FR', '', FALSE, '', '', $2 - i * 315000 FROM n`}, 100_000},
	{db.Query{Name: "plant.timeline", SQL: `INSERT INTO timeline (contact_id, at, kind, ref_kind, ref, label, observed) ` + numbers + `
		SELECT 1 + i % 50000, $2 - i * 315000, CASE WHEN i % 3 = 0 THEN 'asked' ELSE 'commented' END, 'message', i, 'Bonjour', i % 2 = 0 FROM n`}, 100_000},
	{db.Query{Name: "plant.deliveries", SQL: `INSERT INTO deliveries (id, channel, kind, recipient, subject, payload, external, state, reason, server_reply, attempts, created_at, at) ` + numbers + `
		SELECT i, 'mail', 'answer', 'x', '', '', '', CASE WHEN i % 50 = 0 THEN 'held' ELSE 'sent' END, '', '', 1, CAST($2 AS BIGINT), $2 - i * 600000 FROM n`}, 20_000},
	{db.Query{Name: "plant.mandates", SQL: `INSERT INTO mandates (id, title, contact_id, stage, currency, next_act, next_on, lost_reason, declared, note, opened_at, updated_at) ` + numbers + `
		SELECT i, 'Mandat', i, 'talk', 'EUR', 'Rappeler', CASE WHEN i % 3 = 0 THEN '2026-11-17' END, '', '', '', CAST($2 AS BIGINT), CAST($2 AS BIGINT) FROM n`}, 1_000},
}

// Today, the list of people and one person stay under 50 ms at the size of an old house.
func BenchmarkAnOldHouse(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(engine.String(), func(b *testing.B) {
			w := timelinetest.New(b, engine, dbtest.Once())
			now := db.At(w.Clock.Now())
			for _, p := range plant {
				w.Must(w.DB.Write(b.Context(), func(tx *db.Tx) error { _, err := db.Exec(tx, p.q, p.rows, now); return err }))
			}
			w.Must(w.DB.Analyze(b.Context()))
			v := view(w)
			for name, do := range map[string]func() error{
				"today": func() error { _, err := v.Get(b.Context(), w.Claire); return err },
				"people": func() error {
					_, _, err := w.Contacts.List(b.Context(), w.Claire, contact.Filter{Limit: 40})
					return err
				},
				"person": func() error { _, err := w.Timeline.Story(b.Context(), w.Claire, 42, ""); return err },
			} {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						w.Must(do())
					}
				})
			}
		})
	}
}
