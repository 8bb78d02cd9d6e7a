package desk_test

import (
	"testing"
	"time"

	"causerie/internal/channel/mailbox"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
	"causerie/internal/view/desk"
	"causerie/internal/view/timeline"
)

// world is the house in which people talk, with its timeline, its mail, and a count of what is asked of the database.
type world struct {
	*inboxtest.World
	desk  *desk.View
	count *dbtest.Count
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := &world{count: &dbtest.Count{}}
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(clk), dbtest.Counting(w.count))
			w.World = inboxtest.New(t, d, clk, nil)
			_, err := mailbox.New(mailbox.Options{DB: d, Bus: w.Bus, House: w.House, Voices: w.Voices, Contacts: w.Contacts, Inbox: w.Inbox,
				Deliveries: w.Deliveries, Mailer: w.Mailer, Places: w.Places, Queue: w.Queue})
			w.Must(err)
			mandates := mandate.New(mandate.Options{DB: d, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Inbox: w.Inbox})
			line := timeline.New(d, w.Bus, w.Contacts, mandates)
			w.desk = desk.New(desk.Options{DB: d, Inbox: w.Inbox, Contacts: w.Contacts, Deliveries: w.Deliveries, Timeline: line})
			fn(t, w)
		})
	}
}

func TestTheDeskIsOneSnapshotOfAtMostNineQueries(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		gone := w.Request("Paul K.", "pk@y.example", "Une autre adresse")
		asked := w.Request("Paul", "paul@x.example", "La salle du conseil")
		w.Must(w.Contacts.Merge(t.Context(), w.Owner, asked.Contact, gone.Contact))
		answer, err := w.Inbox.Answer(t.Context(), w.Owner, asked.ID, "Avec plaisir.")
		w.Must(err)
		shop, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Shop.ID, Name: "Ann", Email: "ann@x.example", Body: "The room"}) // a voice without address
		w.Must(err)
		remark := w.Comment("Hélène", "helene@x.example", "Une date")
		bot, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Bot", Email: "bot@x.example", Body: "Achetez", Honeypot: "x"})
		w.Must(err)
		some := actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: int64(w.Claire.ID), Role: actor.Author}, {Voice: int64(w.Shop.ID), Role: actor.Author}}}
		for name, c := range map[string]struct {
			by   actor.Actor
			f    inbox.Filter
			open fact.MessageID
			want fact.MessageID // the message that an answer would answer
		}{
			"the first of the list":         {w.Owner, inbox.Filter{State: inbox.Open}, 0, shop.ID},
			"one that is not in the list":   {w.Owner, inbox.Filter{State: inbox.Open}, remark.ID, remark.ID},
			"by one of our answers":         {w.Owner, inbox.Filter{State: inbox.Held}, answer.ID, asked.ID},
			"by its conversation":           {w.Author, inbox.Filter{}, fact.MessageID(asked.Conversation), asked.ID},
			"of somebody who was merged":    {w.Owner, inbox.Filter{}, gone.ID, gone.ID},
			"of a voice without an address": {some, inbox.Filter{Kind: inbox.KindRequest, State: inbox.Open}, shop.ID, shop.ID},
			"found":                         {some, inbox.Filter{Query: "room"}, 0, shop.ID},
			"from nobody known":             {w.Owner, inbox.Filter{State: inbox.Held}, bot.ID, bot.ID},
			"of one post":                   {w.Author, inbox.Filter{Post: w.Post.ID, State: inbox.Held}, 0, remark.ID},
		} {
			w.count.Reset()
			d, err := w.desk.Read(t.Context(), c.by, c.f, c.open)
			w.Must(err)
			reads, writes := w.count.Transactions()
			if asked := w.count.Queries(); reads != 1 || writes != 0 || len(asked) > 9 {
				t.Errorf("%s: %d reads, %d writes, %d queries: %v", name, reads, writes, len(asked), asked)
			}
			if d.Open == nil || d.Open.ID != c.want {
				t.Errorf("%s: open is %+v", name, d.Open)
			}
		}
	})
}

func TestTheDeskShowsWhoSpeaksAndHowAnAnswerLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		asked := w.Request("Paul", "paul@x.example", "La salle du conseil")
		quiet, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Jean", Email: "jean@x.example", Body: "Bien"})
		w.Must(err)
		bot, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Bot", Email: "bot@x.example", Body: "Achetez", Honeypot: "x"})
		w.Must(err)
		for _, c := range []struct {
			m     inbox.Message
			reach inbox.Reach
			known bool
		}{
			{asked, inbox.Reach{Way: "mail", From: "claire@aubin.example", To: "paul@x.example"}, true},
			{quiet, inbox.Reach{From: "claire@aubin.example", Reason: inbox.NotAsked}, true},
			{bot, inbox.Reach{Way: "mail", From: "claire@aubin.example", To: "bot@x.example"}, false},
		} {
			d, err := w.desk.Read(t.Context(), w.Owner, inbox.Filter{}, c.m.ID)
			w.Must(err)
			if d.Open.Reach != c.reach || (d.Open.Person != nil) != c.known || len(d.Open.Talk) != 1 {
				t.Errorf("%s: %+v", c.m.Name, d.Open)
			}
			if c.known && (len(d.Open.Person.Items) != 1 || d.Open.Person.ID != c.m.Contact) {
				t.Errorf("%s: %+v", c.m.Name, d.Open.Person)
			}
		}
		if d, err := w.desk.Read(t.Context(), w.Owner, inbox.Filter{State: inbox.Spam}, 0); err != nil || d.Open != nil || d.Counts.Open != 1 || d.Counts.Held != 2 {
			t.Errorf("nothing in the list: %+v, %v", d, err)
		}
		shop := actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: int64(w.Shop.ID), Role: actor.Author}}}
		if _, err := w.desk.Read(t.Context(), shop, inbox.Filter{}, asked.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("what is said to another voice: %v", err)
		}
		if _, err := w.desk.Read(t.Context(), w.Owner, inbox.Filter{}, 12); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("what is not there: %v", err)
		}
		if _, err := w.desk.Read(t.Context(), actor.Visitor(), inbox.Filter{}, 0); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger: %v", err)
		}
	})
}
