package wordpress_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
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
	w.queue = queue.New(d, queue.Options{})
	b := bus.New(w.queue)
	box, err := seal.Open(make([]byte, seal.KeySize))
	must(t, err)
	w.House = house.New(d, b, box)
	w.Media = media.New(d, blob.Dir(t.TempDir()))
	voices := voice.New(d, b, w.House, w.Media)
	w.Posts = post.New(post.Options{DB: d, Bus: b, Queue: w.queue, House: w.House, Voices: voices, Media: w.Media})
	w.contacts = contact.New(d, b)
	w.Inbox = inbox.New(inbox.Options{DB: d, Bus: b, House: w.House, Voices: voices, Contacts: w.contacts, Box: box, Host: "aubin.example"})
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := w.House.CreateIn(tx, actor.System(), house.NewHouse{Name: "Ateliers Aubin", Lang: "fr-FR", Country: "FR", Identity: house.Identity{
			Address: "1 quai du Port, Brest", Phone: "+33 2 98 00 00 00", PublicationDirector: "Claire Aubin", HostName: "Hébergeur",
			HostAddress: "2 rue du Port", HostPhone: "+33 1 00 00 00 00", ContactEmail: "bonjour@aubin.example"}}); err != nil {
			return err
		}
		w.claire, err = voices.CreateIn(tx, actor.System(), voice.NewVoice{Name: "Claire Aubin", Slug: "claire", Kind: voice.Personal, Lang: "fr-FR"})
		if err != nil {
			return err
		}
		return w.House.SetMainVoiceIn(tx, w.claire.ID)
	}))
	open := true
	_, err = w.House.Change(t.Context(), actor.System(), house.Patch{Public: &open})
	must(t, err)
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
