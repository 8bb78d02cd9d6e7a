package post_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
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
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			fn(t, newWorld(t, dbtest.Open(t, engine, steps, dbtest.Clock(clk)), clk))
		})
	}
}

func newWorld(t *testing.T, d *db.DB, clk *clock.Manual) *world {
	t.Helper()
	w := &world{t: t, db: d, clock: clk}
	core := coretest.New(t, d)
	w.queue, w.house, w.media, w.voices = core.Queue, core.House, core.Media, core.Voices
	w.posts = post.New(post.Options{DB: d, Bus: core.Bus, Queue: w.queue, House: w.house, Voices: w.voices, Media: w.media})
	made := core.SetUp(coretest.Aubin(), coretest.Claire(), coretest.Shop(), coretest.Inside())
	w.claire, w.shop, w.inside = made[0], made[1], made[2]
	w.author = actor.Actor{Account: 77, Name: "Claire", Grants: []actor.Grant{{Voice: int64(w.claire.ID), Role: actor.Author}}}
	return w
}

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
	p, err := w.posts.Create(w.t.Context(), owner, in)
	must(w.t, err)
	return p
}

func (w *world) publish(in post.Input) post.Post {
	w.t.Helper()
	p, err := w.posts.Publish(w.t.Context(), owner, w.create(in).ID)
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
	m, err := w.media.Upload(w.t.Context(), owner, "photo.png", &b, alt)
	must(w.t, err)
	return m.ID
}

// owner is who writes in the house: what they show of their files, readers may see.
var owner = actor.Actor{Account: 78, Name: "Hélène", Grants: []actor.Grant{{Role: actor.Owner}}}
