package schema_test

import (
	"fmt"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// Deliveries of before the outbox keep their keys, say what they are about, and wait as they waited.
func TestDeliveriesOfBeforeTheOutboxKeepTheirKeysAndWait(t *testing.T) {
	t.Parallel()
	const step = 12
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Open(t, engine, schema.All()[:step-1], dbtest.Once())
			exec := func(text string) {
				t.Helper()
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := db.Exec(tx, db.Query{Name: "test.plant", SQL: text})
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			exec(`INSERT INTO conversations (id, kind, contact_id, voice_id, subject, created_at, last_at) VALUES (6, 'request', 5, 9, 'x', 1, 1)`)
			for _, m := range []int{1, 2} {
				exec(fmt.Sprintf(`INSERT INTO messages (id, conversation_id, direction, channel, kind, moderation, attention, state, contact_id, handle_id, voice_id, name, url,
					body, html, lang, how, notify, reason, mail_id, at) VALUES (%d, 6, 'in', 'site', 'request', 'visible', 'open', 'open', 5, 33, 9, 'H', '', 'x', '', 'fr-FR', '', FALSE, '', '', 1)`, m))
			}
			old := func(id int, kind, message, state, payload string) {
				exec(fmt.Sprintf(`INSERT INTO deliveries (id, channel, kind, recipient, contact_id, message_id, subject, payload, mail_id, state, reason, server_reply, attempts, created_at, at)
					VALUES (%d, 'mail', '%s', 'h@x.example', 5, %s, 'Re', '%s', '%d@aubin.example', '%s', '', '', 0, 1, 7)`, id, kind, message, payload, id, state))
			}
			old(1, "answer", "1", "sent", "")
			old(2, "answer", "2", "queued", `{"Key":"answer/0000000000002","Run":0,"Mail":{"Subject":"Re"}}`)
			old(3, "confirmation", "1", "sent", "")
			old(4, "reset", "NULL", "held", `{"Key":"reset/a/1","Run":0,"Mail":{}}`)
			old(5, "answer", "2", "sending", `{"Key":"answer/another","Run":1,"Mail":{}}`)

			if n, err := d.MigrateTo(t.Context(), schema.All(), step); n != 1 || err != nil {
				t.Fatalf("%d steps, %v", n, err)
			}
			type row struct {
				key, state, lane, about, payload string
				voice, aboutID, handle, due      int64
			}
			scan := func(r db.Row) (o row, err error) {
				err = r.Scan(&o.key, &o.state, &o.lane, &o.about, &o.payload, &o.voice, &o.aboutID, &o.handle, &o.due)
				return o, err
			}
			var got []row
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				got, err = db.All(tx, db.Query{Name: "test.read", SQL: `SELECT key, state, lane, about_kind, payload, COALESCE(voice_id, 0), COALESCE(about_id, 0), COALESCE(handle_id, 0), COALESCE(due_at, 0)
					FROM deliveries ORDER BY id`}, scan)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			want := []row{
				{"answer/0000000000001", "sent", "person", "message", "", 9, 1, 33, 0},
				{"answer/0000000000002", "queued", "person", "message", "", 9, 2, 33, 7},
				{"confirm/0000000000011", "sent", "account", "message", "", 0, 1, 33, 0},
				{"reset/a/1", "cancelled", "account", "", "", 0, 0, 0, 0},
				{"answer/another", "sending", "person", "message", "", 9, 2, 33, 7},
			}
			for i, w := range want {
				if i >= len(got) || got[i] != w {
					t.Errorf("delivery %d is %+v, want %+v", i+1, got[i], w)
				}
			}
		})
	}
}
