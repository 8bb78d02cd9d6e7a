// Package timelinetest is a public house in Paris with its real services, for the tests of mandates and of the views:
// people write to it, are let through, answered, and become clients.
package timelinetest

import (
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
	"causerie/internal/view/timeline"
)

// Start is when every world begins: a Monday morning in Paris.
var Start = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

// World is the house and all that works in it.
type World struct {
	T             testing.TB
	DB            *db.DB
	Clock         *clock.Manual
	Queue         *queue.Queue
	House         *house.Service
	Contacts      *contact.Service
	Consents      *consent.Service
	Voices        *voice.Service
	Posts         *post.Service
	Inbox         *inbox.Service
	Deliveries    *delivery.Service
	Subscriptions *subscription.Service
	Mandates      *mandate.Service
	Timeline      *timeline.View
	Voice         voice.Voice
	Claire        actor.Actor // the owner

	asked fact.AskID // the last wish
}

// Each runs fn in a new world on each engine, in parallel.
func Each(t *testing.T, fn func(t *testing.T, w *World), opts ...dbtest.Option) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			fn(t, New(t, engine, opts...))
		})
	}
}

// New returns a world with a public house and one voice.
func New(t testing.TB, engine db.Engine, opts ...dbtest.Option) *World {
	t.Helper()
	clk := clock.NewManual(Start)
	d := dbtest.Open(t, engine, schema.All(), append(opts, dbtest.Clock(clk))...)
	w := &World{T: t, DB: d, Clock: clk, Claire: actor.Actor{Account: 77, Name: "Claire Aubin",
		Grants: []actor.Grant{{Voice: 0, Role: actor.Owner}}}}
	core := coretest.New(t, d)
	w.Queue, w.House, w.Voices, w.Contacts = core.Queue, core.House, core.Voices, core.Contacts
	b := core.Bus
	w.Posts = post.New(post.Options{DB: d, Bus: b, Queue: w.Queue, House: w.House, Voices: w.Voices, Media: core.Media})
	w.Inbox = inbox.New(inbox.Options{DB: d, Bus: b, Queue: w.Queue, House: w.House, Voices: w.Voices, Contacts: w.Contacts, Box: core.Box})
	w.Consents = consent.New(consent.Options{DB: d, Bus: b, House: w.House, Contacts: w.Contacts, Box: core.Box})
	w.Consents.RegisterActs(w.Inbox.LastWordsIn)
	w.Deliveries = delivery.New(delivery.Options{DB: d, Bus: b, Queue: w.Queue})
	deliverytest.Register(w.Deliveries)
	w.Subscriptions = subscription.New(subscription.Options{DB: d, Bus: b, Queue: w.Queue, House: w.House, Voices: w.Voices, Contacts: w.Contacts,
		Consents: w.Consents, Box: core.Box})
	bus.Project(b, "timelinetest", func(_ *db.Tx, _ bus.Event, f fact.SubscriptionAsked) error {
		w.asked = f.Ask
		return nil
	})
	w.Mandates = mandate.New(mandate.Options{DB: d, Bus: b, House: w.House, Contacts: w.Contacts, Inbox: w.Inbox})
	w.Timeline = timeline.New(d, b, w.Contacts, w.Mandates)
	w.Voice = core.SetUp(coretest.Aubin(), coretest.Claire())[0]
	core.Open(true)
	return w
}

// Must ends the test when err is one.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// AddVoice makes another voice.
func (w *World) AddVoice(name, slug string) voice.Voice {
	w.T.Helper()
	v, err := w.Voices.Create(w.T.Context(), w.Claire, voice.NewVoice{Name: name, Slug: slug, Kind: voice.Personal, Lang: "fr-FR"})
	w.Must(err)
	return v
}

// Person returns somebody who has a role on one voice.
func (w *World) Person(role actor.Role, v voice.Voice) actor.Actor {
	return actor.Actor{Account: 78, Name: "Malo Kerdoncuff", Grants: []actor.Grant{{Voice: int64(v.ID), Role: role}}}
}

// Publish puts an article of the first voice before readers.
func (w *World) Publish(title string) post.Post {
	w.T.Helper()
	return w.PublishIn(w.Voice, title)
}

// PublishIn puts an article of a voice before readers.
func (w *World) PublishIn(v voice.Voice, title string) post.Post {
	w.T.Helper()
	p, err := w.Posts.Create(w.T.Context(), w.Claire, post.Input{Voice: v.ID, Title: title, Body: "Une phrase."})
	w.Must(err)
	p, err = w.Posts.Publish(w.T.Context(), w.Claire, p.ID)
	w.Must(err)
	return p
}

// Section puts an article before readers in a new section of a voice, and returns the section.
func (w *World) Section(v voice.Voice, name, slug string) post.Section {
	w.T.Helper()
	sec, err := w.Posts.CreateSection(w.T.Context(), w.Claire, v.ID, name, slug)
	w.Must(err)
	p, err := w.Posts.Create(w.T.Context(), w.Claire, post.Input{Voice: v.ID, Title: name, Body: "Une phrase.", Section: slug})
	w.Must(err)
	_, err = w.Posts.Publish(w.T.Context(), w.Claire, p.ID)
	w.Must(err)
	return sec
}

// Comment has a reader comment on p, one minute later than what was before.
func (w *World) Comment(p post.Post, name, email, body string) inbox.Message {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	m, err := w.Inbox.Comment(w.T.Context(), inbox.CommentInput{Post: p.ID, Name: name, Email: email, Body: body})
	w.Must(err)
	return m
}

// Request has somebody ask for something, one minute later than what was before.
func (w *World) Request(name, email, body, how string) inbox.Message {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	m, err := w.Inbox.Request(w.T.Context(), inbox.RequestInput{Name: name, Email: email, Body: body, How: how})
	w.Must(err)
	return m
}

// Wish types an address into the form that subscribes, one minute later than what was before, and returns what the mail's link holds.
func (w *World) Wish(email string, all ...subscription.Follow) (token string) {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	w.Must(w.Subscriptions.Ask(w.T.Context(), subscription.AskInput{Email: email, Wish: subscription.Wish{Follows: all, Rhythm: subscription.Each, Lang: "fr-FR"},
		Wording: "J’accepte.", Version: "1", Page: "https://parole.example/"}))
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		a, err := w.Subscriptions.AskIn(tx, w.asked)
		token = w.Subscriptions.ConfirmToken(a)
		return err
	}))
	return token
}

// Subscribe has the reader of an address follow voices or sections, and confirm, a quarter of an hour after Wish. It returns who they
// are, and a token to their choices.
func (w *World) Subscribe(email string, all ...subscription.Follow) (c contact.Contact, token string) {
	w.T.Helper()
	wish := w.Wish(email, all...)
	w.Clock.Advance(15 * time.Minute)
	w.Must(w.Subscriptions.Confirm(w.T.Context(), wish))
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		var h contact.Handle
		var err error
		c, h, _, err = w.Contacts.FindIn(tx, contact.Address(email))
		token = w.Subscriptions.ChoicesToken(h.ID, 0)
		return err
	}))
	return c, token
}

// Verify has the owner of every handle of a contact prove it.
func (w *World) Verify(id fact.ContactID) {
	w.T.Helper()
	c, err := w.Contacts.Get(w.T.Context(), w.Claire, id)
	w.Must(err)
	w.Must(w.DB.Write(w.T.Context(), func(tx *db.Tx) error {
		for _, h := range c.Handles {
			if _, err := w.Contacts.VerifyIn(tx, actor.Visitor(), h.ID); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Win opens a mandate for a contact and wins it.
func (w *World) Win(title string, id fact.ContactID, cents int64) mandate.Mandate {
	w.T.Helper()
	w.Clock.Advance(time.Minute)
	m, err := w.Mandates.Open(w.T.Context(), w.Claire, mandate.Input{Title: title, Contact: id, AmountCents: &cents})
	w.Must(err)
	stage := mandate.Won
	m, err = w.Mandates.Change(w.T.Context(), w.Claire, m.ID, mandate.Patch{Stage: &stage})
	w.Must(err)
	return m
}

// Kinds lists what happened with a contact, the last first.
func (w *World) Kinds(id fact.ContactID) (kinds []string) {
	w.T.Helper()
	items, _, err := w.Timeline.List(w.T.Context(), w.Claire, id, 100, "")
	w.Must(err)
	for _, it := range items {
		kind := it.Kind
		if it.Observed {
			kind += "!"
		}
		kinds = append(kinds, kind)
	}
	return kinds
}
