package subscription_test

import (
	"slices"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

type world struct {
	*inboxtest.World
	subs     *subscription.Service
	consents *consent.Service
	asked    map[fact.AskID]bool
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	inboxtest.Each(t, nil, func(t *testing.T, in *inboxtest.World) {
		box, err := seal.Open(make([]byte, seal.KeySize))
		in.Must(err)
		w := &world{World: in, asked: map[fact.AskID]bool{}}
		w.consents = consent.New(consent.Options{DB: in.DB, Bus: in.Bus, House: in.House, Contacts: in.Contacts, Box: box})
		w.subs = subscription.New(subscription.Options{DB: in.DB, Bus: in.Bus, Queue: in.Queue, House: in.House, Voices: in.Voices,
			Contacts: in.Contacts, Consents: w.consents, Box: box})
		bus.Project(in.Bus, "subscriptiontest", func(_ *db.Tx, _ bus.Event, f fact.SubscriptionAsked) error {
			w.asked[f.Ask] = true // a transaction may be run again: what was rolled back is found nowhere
			return nil
		})
		fn(t, w)
	})
}

func (w *world) wish(all ...subscription.Follow) subscription.Wish {
	return subscription.Wish{Follows: all, Rhythm: subscription.Each, Lang: "fr-FR"}
}

func (w *world) ask(email string, wish subscription.Wish) error {
	return w.subs.Ask(w.T.Context(), subscription.AskInput{Email: email, Wish: wish, Wording: "J’accepte.", Version: "1", Page: "https://aubin.example/"})
}

// waiting returns the wishes for which a mail is to leave.
func (w *world) waiting() (all []subscription.Ask) {
	w.T.Helper()
	for id := range w.asked {
		w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
			a, err := w.subs.AskIn(tx, id)
			if err == nil {
				all = append(all, a)
			}
			if fault.Is(err, fault.KindNotFound) {
				return nil
			}
			return err
		}))
	}
	slices.SortFunc(all, func(a, b subscription.Ask) int { return int(a.ID - b.ID) })
	return all
}

// subscribe has an address follow, and returns its contact and a token to its choices.
func (w *world) subscribe(email string, all ...subscription.Follow) (contact.Contact, string) {
	w.T.Helper()
	w.Must(w.ask(email, w.wish(all...)))
	list := w.waiting()
	w.Must(w.subs.Confirm(w.T.Context(), w.subs.ConfirmToken(list[len(list)-1])))
	return w.person(email)
}

func (w *world) person(email string) (c contact.Contact, token string) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		var h contact.Handle
		var found bool
		var err error
		c, h, found, err = w.Contacts.FindIn(tx, contact.Address(email))
		if err == nil && !found {
			w.T.Fatalf("nobody has %s", email)
		}
		token = w.subs.ChoicesToken(h.ID, 0)
		return err
	}))
	return c, token
}

func (w *world) followers(v fact.VoiceID) (n int) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		all, err := w.subs.FollowersIn(tx, v, 0, 0, 100)
		n = len(all)
		return err
	}))
	return n
}

func (w *world) barred(v fact.VoiceID, c fact.ContactID) (why subscription.Barred) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		all, err := w.subs.BarredIn(tx, v, []fact.ContactID{c})
		why = all[c]
		return err
	}))
	return why
}

func (w *world) standing(c fact.ContactID) consent.Standing {
	w.T.Helper()
	all, err := w.consents.Standings(w.T.Context(), w.Owner, c, contact.Email)
	w.Must(err)
	return all[consent.Letter]
}

func TestNobodyFollowsBeforeTheySaidSoFromTheirMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		w.Must(w.ask("Zoe@Ailleurs.example", w.wish(claire)))
		if n := w.followers(w.Claire.ID); n != 0 {
			t.Fatalf("%d follow", n)
		}
		list := w.waiting()
		if len(list) != 1 {
			t.Fatalf("%d mails", len(list))
		}
		token := w.subs.ConfirmToken(list[0])
		if a, err := w.subs.Wished(t.Context(), token); err != nil || a.Email != "Zoe@ailleurs.example" || !a.ConfirmedAt.IsZero() {
			t.Fatalf("%+v, %v", a, err)
		}
		if n := w.followers(w.Claire.ID); n != 0 {
			t.Fatal("looking at the page follows")
		}
		w.Clock.Advance(time.Hour)
		w.Must(w.subs.Confirm(t.Context(), token))
		w.Must(w.subs.Confirm(t.Context(), token)) // a second press
		if n := w.followers(w.Claire.ID); n != 1 {
			t.Errorf("%d follow", n)
		}
		c, _ := w.person("zoe@ailleurs.example")
		if c.Origin != contact.FromSubscription || !c.Handles[0].Verified() {
			t.Errorf("%+v", c)
		}
		rows, err := w.consents.Of(t.Context(), w.Owner, c.ID)
		w.Must(err)
		if len(rows) != 1 || rows[0].Wording != "J’accepte." || rows[0].Basis != consent.Agreement || rows[0].At.Sub(rows[0].Asked) != time.Hour ||
			rows[0].Source != "https://aubin.example/" || !rows[0].Account.IsZero() {
			t.Errorf("the ledger has %+v", rows)
		}
		if a, err := w.subs.Wished(t.Context(), token); err != nil || a.Email != "" || a.ConfirmedAt.IsZero() {
			t.Errorf("afterwards the link says %+v, %v", a, err)
		}
	})
}

func TestWhoDoesNotConfirmVanishesAfterSevenDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Must(w.ask("zoe@ailleurs.example", w.wish(subscription.Follow{Voice: w.Claire.ID})))
		token := w.subs.ConfirmToken(w.waiting()[0])
		w.Clock.Advance(7*24*time.Hour - time.Minute)
		if n, err := w.subs.Prune(t.Context()); n != 0 || err != nil {
			t.Fatalf("%d went too early, %v", n, err)
		}
		w.Clock.Advance(time.Minute)
		if n, err := w.subs.Prune(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d went, %v", n, err)
		}
		if _, err := w.subs.Wished(t.Context(), token); !fault.Is(err, fault.KindGone) {
			t.Errorf("the link says %v", err)
		}
		if err := w.subs.Confirm(t.Context(), token); !fault.Is(err, fault.KindGone) {
			t.Errorf("the button says %v", err)
		}
	})
}

func TestNobodysMailboxIsFloodedThroughUs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire, shop := subscription.Follow{Voice: w.Claire.ID}, subscription.Follow{Voice: w.Shop.ID}
		for range 5 { // pressed again and again: one mail
			w.Must(w.ask("zoe@ailleurs.example", w.wish(claire)))
		}
		w.Must(w.ask("ZOE@ailleurs.example", w.wish(shop))) // another spelling, another wish: the last one counts
		if list := w.waiting(); len(list) != 1 || list[0].Follows[0] != shop {
			t.Fatalf("%+v", list)
		}
		for range 6 {
			w.Clock.Advance(11 * time.Minute)
			w.Must(w.ask("zoe@ailleurs.example", w.wish(claire)))
		}
		if n := len(w.waiting()); n != 3 {
			t.Errorf("%d mails in a day", n)
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			f, err := w.subs.FloodIn(tx)
			if f.Asks != 0 {
				t.Errorf("somebody's impatience is a flood: %+v", f)
			}
			return err
		}))
		since := w.Clock.Now()
		for range 4 {
			w.Clock.Advance(11 * time.Minute)
			w.Must(w.ask("zoe@ailleurs.example", w.wish(claire)))
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			f, err := w.subs.FloodIn(tx)
			if f.Asks != 8 || f.Since.IsZero() || f.Since.After(since) {
				t.Errorf("what an owner is told: %+v", f)
			}
			return err
		}))
		w.Must(w.ask("autre@ailleurs.example", w.wish(claire)))
		if n := len(w.waiting()); n != 4 {
			t.Error("another address gets none")
		}
	})
}

func TestWhoLeavesIsLeftAloneAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire, shop := subscription.Follow{Voice: w.Claire.ID}, subscription.Follow{Voice: w.Shop.ID}
		c, token := w.subscribe("zoe@ailleurs.example", claire, shop)
		w.Must(w.subs.Leave(t.Context(), token, w.Claire.ID))
		w.Must(w.subs.Leave(t.Context(), token, w.Claire.ID))
		if w.followers(w.Claire.ID) != 0 || w.followers(w.Shop.ID) != 1 {
			t.Error("leaving one voice left another")
		}
		if why := w.barred(w.Claire.ID, c.ID); why != subscription.LeftVoice {
			t.Errorf("barred: %q", why)
		}
		if s := w.standing(c.ID); !s.May {
			t.Errorf("%+v", s)
		}
		w.Clock.Advance(time.Minute)
		w.Must(w.subs.Leave(t.Context(), token, 0))
		if s := w.standing(c.ID); s.May || s.Why != consent.Withdrawn {
			t.Errorf("after the last voice: %+v", s)
		}
		w.Must(w.subs.Leave(t.Context(), token, 0))
		rows, err := w.consents.Of(t.Context(), w.Owner, c.ID)
		w.Must(err)
		if len(rows) != 2 {
			t.Errorf("%d rows in the ledger", len(rows))
		}
		w.Clock.Advance(time.Hour)
		w.subscribe("zoe@ailleurs.example", claire) // they come back
		if s := w.standing(c.ID); !s.May || w.barred(w.Claire.ID, c.ID) != "" {
			t.Errorf("who came back may not be written to: %+v", s)
		}
	})
}

func TestWhoFollowsNothingCanLeaveToo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c, err := w.Contacts.Create(t.Context(), w.Owner, contact.NewContact{Name: "Zoé", Email: "zoe@ailleurs.example"})
		w.Must(err)
		_, token := w.person("zoe@ailleurs.example")
		w.Clock.Advance(time.Minute)
		w.Must(w.subs.Leave(t.Context(), token, w.Claire.ID))
		if s := w.standing(c.ID); s.May || s.Why != consent.Withdrawn {
			t.Errorf("%+v", s)
		}
		if why := w.barred(w.Claire.ID, c.ID); why != subscription.LeftVoice {
			t.Errorf("barred: %q", why)
		}
	})
}

func TestAPauseEndsByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		c, token := w.subscribe("zoe@ailleurs.example", claire)
		day, err := clock.ParseDay("2026-03-10") // it is the 2nd
		w.Must(err)
		w.Must(w.subs.Choose(t.Context(), token, subscription.Chosen{Wish: w.wish(claire), PausedUntil: day, Wording: "J’accepte."}))
		if w.followers(w.Claire.ID) != 0 || w.barred(w.Claire.ID, c.ID) != subscription.Paused {
			t.Error("who pauses is written to")
		}
		w.Clock.Set(time.Date(2026, 3, 9, 22, 59, 0, 0, time.UTC)) // 23:59 in Paris
		if w.followers(w.Claire.ID) != 0 {
			t.Error("the pause ends too early")
		}
		w.Clock.Advance(time.Minute)
		if w.followers(w.Claire.ID) != 1 || w.barred(w.Claire.ID, c.ID) != "" {
			t.Error("the pause does not end")
		}
		far, err := clock.ParseDay("2029-01-01")
		w.Must(err)
		if err := w.subs.Choose(t.Context(), token, subscription.Chosen{Wish: w.wish(claire), PausedUntil: far}); !fault.ProblemsOf(err).Any() {
			t.Errorf("years: %v", err)
		}
	})
}

func TestWhatIsKeptGoesWithThePersonAndStaysWhenTwoAreOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		a, _ := w.subscribe("zoe@ailleurs.example", claire)
		w.Clock.Advance(time.Hour)
		b, token := w.subscribe("zoe.perso@ailleurs.example", claire)
		w.Must(w.Contacts.Merge(t.Context(), w.Owner, a.ID, b.ID))
		if all, err := w.subs.OfContact(t.Context(), w.Owner, a.ID); len(all) != 2 || err != nil {
			t.Errorf("%+v, %v", all, err)
		}
		w.Must(w.Contacts.Erase(t.Context(), w.Owner, a.ID))
		if n := w.followers(w.Claire.ID); n != 0 {
			t.Errorf("%d follow", n)
		}
		if c, err := w.subs.ChoicesOf(t.Context(), token); err != nil || !c.Gone {
			t.Errorf("%+v, %v", c, err)
		}
		w.Must(w.subs.Leave(t.Context(), token, 0))
	})
}

func TestWhoAgreedElsewhereFollowsEveryPublicVoiceUntilTheyChoose(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		add := func(email, basis, purpose string) contact.Contact {
			c, err := w.Contacts.Create(t.Context(), w.Owner, contact.NewContact{Name: email, Email: email})
			w.Must(err)
			_, err = w.consents.Record(t.Context(), w.Owner, c.ID, consent.Evidence{Purpose: purpose, Basis: basis, Jurisdiction: "FR", Wording: "Oui."})
			w.Must(err)
			return c
		}
		zoe := add("zoe@ailleurs.example", consent.Agreement, consent.Letter)
		add("client@ailleurs.example", consent.Client, consent.Letter)
		add("nudge@ailleurs.example", consent.Agreement, consent.Nudge)
		add("inquiry@ailleurs.example", consent.ImpliedInquiry, consent.Letter) // no ground in France
		if a, b := w.followers(w.Claire.ID), w.followers(w.Shop.ID); a != 2 || b != 2 {
			t.Errorf("%d and %d follow", a, b)
		}
		_, token := w.person("zoe@ailleurs.example")
		w.Clock.Advance(time.Minute)
		w.Must(w.subs.Leave(t.Context(), token, w.Shop.ID))
		_, err := w.consents.Record(t.Context(), w.Owner, zoe.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Encore."})
		w.Must(err)
		if a, b := w.followers(w.Claire.ID), w.followers(w.Shop.ID); a != 2 || b != 1 {
			t.Errorf("after they chose, %d and %d follow", a, b)
		}
	})
}

// Who takes one section instead of the whole voice, or the whole instead of a section, goes on following it; when that section is no more
// they follow nothing, and left nothing either.
func TestWhoTakesASectionInsteadOfAVoiceDoesNotLeaveIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		sec, err := w.Posts.CreateSection(t.Context(), w.Owner, w.Claire.ID, "Métier", "metier")
		w.Must(err)
		p, err := w.Posts.Create(t.Context(), w.Owner, post.Input{Voice: w.Claire.ID, Title: "Le chêne", Body: "Une phrase.", Section: "metier"})
		w.Must(err)
		_, err = w.Posts.Publish(t.Context(), w.Owner, p.ID)
		w.Must(err)
		claire, section := subscription.Follow{Voice: w.Claire.ID}, subscription.Follow{Voice: w.Claire.ID, Section: sec.ID}
		c, token := w.subscribe("zoe@ailleurs.example", claire)
		for _, wish := range []subscription.Follow{section, claire, section} {
			w.Clock.Advance(time.Minute)
			w.Must(w.subs.Choose(t.Context(), token, subscription.Chosen{Wish: w.wish(wish), Wording: "J’accepte."}))
			all, err := w.subs.OfContact(t.Context(), w.Owner, c.ID)
			w.Must(err)
			if len(all) != 1 || !slices.Equal(all[0].Follows, []subscription.Follow{wish}) || len(all[0].Left) != 0 {
				t.Fatalf("who chose %+v follows %+v", wish, all)
			}
			if why := w.barred(w.Claire.ID, c.ID); why != "" {
				t.Errorf("barred: %q", why)
			}
		}
		w.Must(w.Posts.RemoveSection(t.Context(), w.Owner, sec.ID, 0))
		if why := w.barred(w.Claire.ID, c.ID); why != "" {
			t.Errorf("without the section: %q", why)
		}
		w.Must(w.subs.Leave(t.Context(), token, w.Claire.ID))
		if why := w.barred(w.Claire.ID, c.ID); why != subscription.LeftVoice {
			t.Errorf("left: %q", why)
		}
	})
}
