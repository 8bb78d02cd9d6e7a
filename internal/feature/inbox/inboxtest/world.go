// Package inboxtest is a small house in which people talk, for the tests of inbox, of its pages and of the mail that
// leaves: Claire's voice in French, the shop's in English, one published post, everything real but the clock.
package inboxtest

import (
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// World is the house.
type World struct {
	T          testing.TB
	DB         *db.DB
	Clock      *clock.Manual
	Queue      *queue.Queue
	Bus        *bus.Bus
	House      *house.Service
	Places     *place.Service
	Media      *media.Service
	Voices     *voice.Service
	Posts      *post.Service
	Contacts   *contact.Service
	Inbox      *inbox.Service
	Deliveries *delivery.Service
	Mailer     *mailer.Service
	Relays     *mailer.Relays // kept in the settings; sender carries the mail all the same

	Claire, Shop voice.Voice
	Post         post.Post   // Claire's, published
	Owner        actor.Actor // may everything
	Author       actor.Actor // writes as Claire only
	Editor       actor.Actor // edits as Claire only

	Answered []fact.MessageAnswered // heard so far; the last is that of the last answer
}

// Each runs fn on both engines. sender carries the mail, nil for nobody.
func Each(t *testing.T, sender func(t *testing.T) mail.Sender, fn func(t *testing.T, w *World), opts ...dbtest.Option) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, engine, schema.All(), append([]dbtest.Option{dbtest.Clock(clk)}, opts...)...)
			var s mail.Sender
			if sender != nil {
				s = sender(t)
			}
			fn(t, New(t, d, clk, s))
		})
	}
}

// New makes the house in an empty database.
func New(t testing.TB, d *db.DB, clk *clock.Manual, sender mail.Sender) *World {
	t.Helper()
	core := coretest.New(t, d)
	w := &World{T: t, DB: d, Clock: clk, Queue: core.Queue, Bus: core.Bus, House: core.House, Voices: core.Voices, Places: core.Places, Media: core.Media, Contacts: core.Contacts}
	w.Posts = post.New(post.Options{DB: d, Bus: w.Bus, Queue: w.Queue, House: w.House, Voices: w.Voices, Media: core.Media})
	w.Deliveries = delivery.New(delivery.Options{DB: d, Bus: w.Bus, Queue: w.Queue})
	var err error
	w.Relays, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: w.Bus, House: w.House, Box: core.Box})
	w.Must(err)
	w.Mailer, err = mailer.New(mailer.Options{DB: d, House: w.House, Deliveries: w.Deliveries, Carrier: mailer.Fixed(sender), Host: "aubin.example"})
	w.Must(err)
	w.Inbox = inbox.New(inbox.Options{DB: d, Bus: w.Bus, Queue: w.Queue, House: w.House, Voices: w.Voices, Contacts: w.Contacts, Box: core.Box, Host: "aubin.example"})
	bus.Project(w.Bus, "inboxtest", func(_ *db.Tx, _ bus.Event, f fact.MessageAnswered) error {
		if n := len(w.Answered); n == 0 || w.Answered[n-1].Answer != f.Answer { // a transaction may be run again
			w.Answered = append(w.Answered, f)
		}
		return nil
	})
	claire, shop := coretest.Claire(), coretest.Shop()
	claire.Email, shop.Name, shop.Slug = "claire@aubin.example", "The workshop", "workshop"
	made := core.SetUp(coretest.Aubin(), claire, shop)
	w.Claire, w.Shop = made[0], made[1]
	core.Open(true)
	w.Post = w.Publish(w.Claire.ID, "Nos délais")
	w.Owner = actor.Actor{Account: 7, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}
	w.Author = actor.Actor{Account: 8, Name: "Paul", Grants: []actor.Grant{{Voice: int64(w.Claire.ID), Role: actor.Author}}}
	w.Editor = actor.Actor{Account: 9, Name: "Anne", Grants: []actor.Grant{{Voice: int64(w.Claire.ID), Role: actor.Editor}}}
	return w
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Publish publishes an article.
func (w *World) Publish(v fact.VoiceID, title string) post.Post {
	w.T.Helper()
	p, err := w.Posts.Create(w.T.Context(), actor.System(), post.Input{Voice: v, Kind: post.Article, Title: title, Body: "Deux dates sur le devis."})
	w.Must(err)
	p, err = w.Posts.Publish(w.T.Context(), actor.System(), p.ID)
	w.Must(err)
	return p
}

// Comment has somebody comment on the post, asking for the answer by mail; a minute passes.
func (w *World) Comment(name, email, body string) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Comment(w.T.Context(), inbox.CommentInput{Post: w.Post.ID, Name: name, Email: email, Body: body, Notify: true})
	w.Must(err)
	w.Clock.Advance(time.Minute)
	return m
}

// Request has somebody ask for something; a minute passes.
func (w *World) Request(name, email, body string) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Request(w.T.Context(), inbox.RequestInput{Name: name, Email: email, Body: body, How: "Je lis le billet du lundi."})
	w.Must(err)
	w.Clock.Advance(time.Minute)
	return m
}

// Get returns a message as it is now.
func (w *World) Get(id fact.MessageID) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Get(w.T.Context(), w.Owner, id)
	w.Must(err)
	return m
}

// Verify proves an address, as it was before names were proved too: for the name under which it first appeared.
func (w *World) Verify(h fact.HandleID) {
	w.T.Helper()
	w.Must(w.DB.Write(w.T.Context(), func(tx *db.Tx) error {
		_, err := w.Contacts.VerifyIn(tx, actor.Visitor(), h)
		return err
	}))
}

// Prove presses the link that proves that a comment was written by whoever owns its address.
func (w *World) Prove(m inbox.Message) {
	w.T.Helper()
	w.Must(w.Inbox.Confirm(w.T.Context(), w.ConfirmToken(m)))
}

// ConfirmToken returns the token of that link.
func (w *World) ConfirmToken(m inbox.Message) (token string) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		token, err = w.Inbox.ConfirmTokenIn(tx, m, m.Handle)
		return err
	}))
	return token
}

// Jobs works off what is due, and sends what leaves.
func (w *World) Jobs() {
	w.T.Helper()
	_, err := w.Queue.RunDue(w.T.Context())
	w.Must(err)
	_, err = w.Deliveries.RunDue(w.T.Context())
	w.Must(err)
}
