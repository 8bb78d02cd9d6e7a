package today

import (
	"context"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/silence"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

// Options are whom the view asks, all of them but Mail, Blame, Silence and Flood.
type Options struct {
	DB         *db.DB
	House      *house.Service
	Contacts   *contact.Service
	Deliveries *delivery.Service
	Inbox      *inbox.Service
	Mandates   *mandate.Service
	// Mail tells why nobody carries mail, delivery.NoRelay or delivery.LostKey, "" when somebody does; nil does not ask.
	Mail func(tx *db.Tx) (why string, err error)
	// Blame returns the last refusal of what the house sends for its own sake; nil does not ask.
	Blame func(tx *db.Tx) (suppression.Blame, error)
	// Silence tells who said nothing for three years, and what becomes of them; nil does not ask.
	Silence func(tx *db.Tx) (silence.Outlook, error)
	// Flood tells whether somebody tries to flood mailboxes through the form to subscribe; nil does not ask.
	Flood func(tx *db.Tx) (subscription.Flood, error)
}

// View tells what matters today.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// How far ahead the page looks.
const (
	actDays  = 2
	postDays = 7
)

// Get returns what matters now to by, in one snapshot: of the voices in which by may write. Somebody who may only read gets the greeting alone.
func (v *View) Get(ctx context.Context, by actor.Actor) (t Today, err error) {
	if err := by.RequireAnywhere(actor.Reader); err != nil {
		return t, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := v.o.House.GetIn(tx)
		if err != nil {
			return err
		}
		zone := h.Location()
		t = Today{Now: tx.Now(), Local: clock.LocalOf(tx.Now(), zone)}
		if by.Anywhere() < actor.Author {
			return nil
		}
		for _, part := range []func(*db.Tx, actor.Actor, *time.Location, *Today) error{v.messages, v.acts, v.concerned, v.posts, v.leaving, v.month, v.owners} {
			if err := part(tx, by, zone, &t); err != nil {
				return err
			}
		}
		return v.begin(tx, by, h, &t)
	})
	return t, err
}

func (v *View) messages(tx *db.Tx, by actor.Actor, _ *time.Location, t *Today) error {
	counts, err := v.o.Inbox.CountsIn(tx, by)
	if err != nil {
		return err
	}
	t.Answers, t.Held = counts.Open, counts.Held
	waiting, err := v.o.Inbox.WaitingIn(tx, by, 5)
	for _, m := range waiting {
		w := Waiting{Message: m.ID, Contact: m.Contact, Name: m.Name, Kind: m.Kind, Words: m.Excerpt(), At: m.At}
		if !m.Post.IsZero() {
			w.PostTitle = m.Subject
		}
		t.Waiting = append(t.Waiting, w)
	}
	return err
}

func (v *View) acts(tx *db.Tx, by actor.Actor, _ *time.Location, t *Today) error {
	due, err := v.o.Mandates.DueIn(tx, by, t.Local.Day.Add(actDays), 10)
	if err != nil {
		return err
	}
	ids := make([]fact.ContactID, 0, len(due))
	for _, m := range due {
		if !m.Contact.IsZero() {
			ids = append(ids, m.Contact)
		}
	}
	clients, err := v.o.Contacts.ByIDsIn(tx, ids)
	for _, m := range due {
		t.Acts = append(t.Acts, NextAct{Mandate: m.ID, Title: m.Title, Contact: m.Contact, Name: clients[m.Contact].Label(), What: m.NextAct, On: m.NextOn,
			Late: m.NextOn.Before(t.Local.Day)})
	}
	return err
}

func (v *View) posts(tx *db.Tx, by actor.Actor, zone *time.Location, t *Today) (err error) {
	until := t.Local.Day.Add(postDays + 1).Start(zone)
	t.Scheduled, err = db.AllScoped(tx, qScheduled, by.Scope(actor.Author), scanGoing, db.At(until))
	return err
}

func (v *View) leaving(tx *db.Tx, by actor.Actor, zone *time.Location, t *Today) (err error) {
	if t.Leaving.All, err = v.o.Deliveries.HeldIn(tx); err != nil {
		return err
	}
	waiting, err := v.o.Deliveries.CountsIn(tx, by)
	if err != nil {
		return err
	}
	t.Leaving.Held, t.Leaving.Uncertain = waiting.Held, waiting.Uncertain
	if v.o.Mail != nil {
		if t.Leaving.NoMail, err = v.o.Mail(tx); err != nil {
			return err
		}
	}
	if v.o.Blame != nil {
		if t.Leaving.Blame, err = v.o.Blame(tx); err != nil {
			return err
		}
	}
	start := t.Local.Day.Start(zone)
	oldest := fact.First[fact.DeliveryID](start.AddDate(0, 0, -5)) // what leaves today was made since
	counts, err := db.AllScoped(tx, qLeaving, by.Scope(actor.Author), scanCount, db.At(start), oldest)
	for _, c := range counts {
		switch c.state {
		case delivery.Sent:
			t.Leaving.Sent += c.n
		case delivery.Queued, delivery.Sending, delivery.Deferred:
			t.Leaving.Queued += c.n
		case delivery.Refused:
			t.Leaving.Refused += c.n
		}
	}
	return err
}

// owners reads what owners alone decide.
func (v *View) owners(tx *db.Tx, by actor.Actor, _ *time.Location, t *Today) (err error) {
	if by.On(0) < actor.Owner {
		return nil
	}
	if v.o.Silence != nil {
		if t.Silence, err = v.o.Silence(tx); err != nil {
			return err
		}
	}
	if v.o.Flood != nil {
		t.Flood, err = v.o.Flood(tx)
	}
	return err
}

func (v *View) month(tx *db.Tx, by actor.Actor, zone *time.Location, t *Today) error {
	first := clock.Day{Year: t.Local.Day.Year, Month: t.Local.Day.Month, Day: 1}
	start := db.At(first.Start(zone))
	scope := by.Scope(actor.Author)
	found, err := db.AllScoped(tx, qRequests, scope, scanAsked, start)
	if err != nil {
		return err
	}
	for _, a := range found {
		t.Month = Month{Requests: a.requests, Readers: a.readers, Since: a.since}
	}
	wins, err := db.AllScoped(tx, qWon, scope, scanWon, start)
	for _, w := range wins {
		t.Month.Won += w.n
		t.Month.Amounts = t.Month.Amounts.Add(w.Amount)
	}
	return err
}

func (v *View) begin(tx *db.Tx, by actor.Actor, h house.House, t *Today) (err error) {
	t.Begin.Identified, t.Begin.Open, t.Begin.Mail = len(h.Missing()) == 0, h.Public, t.Leaving.NoMail == ""
	if _, t.Begin.Published, err = db.Maybe(tx, qPublished, db.Scalar[int64]); err != nil {
		return err
	}
	if !t.Begin.Published {
		drafts, err := db.AllScoped(tx, qDraft, by.Scope(actor.Author), scanDraft)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			t.Begin.Draft, t.Begin.DraftTitle = d.id, d.title
		}
	}
	main, _, err := db.Maybe(tx, qMain, scanMain)
	if err != nil {
		return err
	}
	t.Begin.Main, t.Begin.Portrait = main.voice, !main.portrait.IsZero()
	if t.Begin.Away, err = begin.AwayIn(tx); err != nil {
		return err
	}
	t.Begin.Accounts, err = db.One(tx, qAccounts, db.Scalar[int])
	return err
}
