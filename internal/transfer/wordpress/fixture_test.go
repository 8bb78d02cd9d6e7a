package wordpress_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

// world is a public house in Paris with one voice, into which exports are brought.
type world struct {
	wordpress.Deps
	t        *testing.T
	clock    *clock.Manual
	queue    *queue.Queue
	contacts *contact.Service
	claire   voice.Voice
}

func newWorld(t *testing.T, engine db.Engine, o ...dbtest.Option) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	d := dbtest.Open(t, engine, schema.All(), append(o, dbtest.Clock(w.clock))...)
	w.DB = d
	core := coretest.New(t, d)
	w.queue, w.House, w.Voices, w.Media, w.contacts = core.Queue, core.House, core.Voices, core.Media, core.Contacts
	w.Posts = post.New(post.Options{DB: d, Bus: core.Bus, Queue: w.queue, House: w.House, Voices: core.Voices, Media: w.Media})
	w.Inbox = inbox.New(inbox.Options{DB: d, Bus: core.Bus, Queue: core.Queue, House: w.House, Voices: core.Voices, Contacts: w.contacts, Box: core.Box, Host: "aubin.example"})
	w.Inbox.RegisterChannel(wordpress.Channel)
	w.claire = core.SetUp(coretest.Aubin(), coretest.Claire())[0]
	core.Open(true)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// real opens one of the real exports, which lie beside the project.
func real(t testing.TB, name string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	must(t, err)
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "testdata", "wxr", name))
	if os.IsNotExist(err) {
		t.Skip("the real exports are not beside the project")
	}
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

func (w *world) importFile(name string, o wordpress.Options) transfer.Report {
	w.t.Helper()
	r, err := wordpress.Import(w.t.Context(), w.Deps, real(w.t, name), o)
	must(w.t, err)
	return r
}

// count asks the database for one number.
func (w *world) count(sql string) int {
	w.t.Helper()
	var n int
	must(w.t, w.DB.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Query{Name: "count." + sql, SQL: sql}, db.Scalar[int])
		return err
	}))
	return n
}
