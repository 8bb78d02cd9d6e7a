package post_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
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
)

// world is a house in Paris with three voices, one of them internal, and an author of the first.
type world struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	queue  *queue.Queue
	house  *house.Service
	voices *voice.Service
	media  *media.Service
	posts  *post.Service

	claire, shop, inside voice.Voice
	author               actor.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	steps := schema.All()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			hands := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			fn(t, newWorld(t, dbtest.Open(t, engine, steps, dbtest.Clock(hands)), hands))
		})
	}
}

func newWorld(t *testing.T, d *db.DB, hands *clock.Manual) *world {
	t.Helper()
	w := &world{t: t, db: d, clock: hands}
	w.queue = queue.New(d, queue.Options{})
	b := bus.New(w.queue)
	box, err := seal.Open(make([]byte, seal.KeySize))
	must(t, err)
	blobs := blob.Dir(t.TempDir())
	w.house = house.New(d, b, box)
	w.media = media.New(d, blobs)
	w.voices = voice.New(d, b, w.house, w.media)
	w.posts = post.New(post.Options{DB: d, Bus: b, Queue: w.queue, House: w.house, Voices: w.voices, Media: w.media})
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := w.house.CreateIn(tx, actor.System(), house.NewHouse{Name: "Ateliers Aubin", Lang: "fr-FR", Country: "FR", Identity: complete}); err != nil {
			return err
		}
		for _, v := range []struct {
			to *voice.Voice
			in voice.NewVoice
		}{
			{&w.claire, voice.NewVoice{Name: "Claire Aubin", Slug: "claire", Kind: voice.Personal, Lang: "fr-FR"}},
			{&w.shop, voice.NewVoice{Name: "Les Ateliers", Slug: "ateliers", Kind: voice.Corporate, Lang: "en"}},
			{&w.inside, voice.NewVoice{Name: "Entre nous", Slug: "entre-nous", Kind: voice.Internal, Lang: "fr-FR"}},
		} {
			var err error
			if *v.to, err = w.voices.CreateIn(tx, actor.System(), v.in); err != nil {
				return err
			}
		}
		return w.house.SetMainVoiceIn(tx, w.claire.ID)
	}))
	w.author = actor.Actor{Account: 77, Name: "Claire", Grants: []actor.Grant{{Voice: int64(w.claire.ID), Role: actor.Author}}}
	return w
}

var complete = house.Identity{Address: "1 quai du Port, Brest", Phone: "+33 2 98 00 00 00", PublicationDirector: "Claire Aubin",
	HostName: "Hébergeur", HostAddress: "2 rue du Port", HostPhone: "+33 1 00 00 00 00", ContactEmail: "bonjour@aubin.example"}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) open(public bool) {
	w.t.Helper()
	_, err := w.house.Change(w.t.Context(), actor.System(), house.Patch{Public: &public})
	must(w.t, err)
}

func (w *world) create(in post.Input) post.Post {
	w.t.Helper()
	if in.Voice == 0 {
		in.Voice = w.claire.ID
	}
	p, err := w.posts.Create(w.t.Context(), actor.System(), in)
	must(w.t, err)
	return p
}

func (w *world) publish(in post.Input) post.Post {
	w.t.Helper()
	p, err := w.posts.Publish(w.t.Context(), actor.System(), w.create(in).ID)
	must(w.t, err)
	return p
}

func (w *world) read(fn func(tx *db.Tx)) {
	w.t.Helper()
	must(w.t, w.db.Read(w.t.Context(), func(tx *db.Tx) error { fn(tx); return nil }))
}

// titles lists what a reader sees of all voices.
func (w *world) titles(preview bool) (titles []string) {
	w.t.Helper()
	w.read(func(tx *db.Tx) {
		read := post.PublicReader()
		if preview {
			read = post.PreviewReader()
		}
		posts, _, err := read.List(tx, post.Query{})
		must(w.t, err)
		for _, p := range posts {
			titles = append(titles, p.Title)
		}
	})
	return titles
}

func (w *world) version() int64 {
	w.t.Helper()
	v, err := w.house.Version(w.t.Context())
	must(w.t, err)
	return v
}

func (w *world) jobs() {
	w.t.Helper()
	_, err := w.queue.RunDue(w.t.Context())
	must(w.t, err)
}

// picture uploads a small picture.
func (w *world) picture(alt string) fact.MediaID {
	w.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.Set(i, i%30, color.RGBA{uint8(i * 6), 40, 90, 255})
	}
	var b bytes.Buffer
	must(w.t, png.Encode(&b, img))
	m, err := w.media.Upload(w.t.Context(), actor.System(), "photo.png", &b, alt)
	must(w.t, err)
	return m.ID
}
