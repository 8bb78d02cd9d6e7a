package demo_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/demo"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/sample"
	"causerie/internal/schema"
)

var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func services(t *testing.T, d *db.DB) demo.Services {
	t.Helper()
	box, err := seal.FromPassphrase("une phrase secrète assez longue")
	if err != nil {
		t.Fatal(err)
	}
	s := demo.Services{DB: d}
	q := queue.New(d, queue.Options{})
	b := bus.New(q)
	s.House = house.New(d, b, box)
	s.Blobs = blob.Dir(t.TempDir())
	files := media.New(d, s.Blobs)
	s.Voices = voice.New(d, b, files)
	s.Accounts = account.New(account.Options{DB: d, Bus: b})
	s.Contacts = contact.New(d, b)
	s.Posts = post.New(post.Options{DB: d, Bus: b, Queue: q, House: s.House, Voices: s.Voices, Media: files})
	s.Deliveries = delivery.New(delivery.Options{DB: d, Bus: b, Queue: q})
	s.Inbox = inbox.New(inbox.Options{DB: d, Bus: b, Queue: q, House: s.House, Voices: s.Voices, Contacts: s.Contacts, Box: box})
	s.Mandates = mandate.New(mandate.Options{DB: d, Bus: b, House: s.House, Contacts: s.Contacts, Inbox: s.Inbox})
	s.Begin = begin.New(d, b, s.House, s.Accounts, s.Voices, s.Posts, func(string) (string, string) { return "Bienvenue", "…" })
	s.Consents = consent.New(consent.Options{DB: d, Bus: b, House: s.House, Contacts: s.Contacts, Box: box})
	s.Subscriptions = subscription.New(subscription.Options{DB: d, Bus: b, Queue: q, House: s.House, Voices: s.Voices, Contacts: s.Contacts, Consents: s.Consents, Box: box})
	places := place.New(d, &url.URL{Scheme: "https", Host: "aubin.example"}, s.Voices)
	mails, err := mailer.New(mailer.Options{DB: d, House: s.House, Deliveries: s.Deliveries, Carrier: mailer.Fixed(nil), Host: "aubin.example"})
	if err != nil {
		t.Fatal(err)
	}
	s.Letters, err = newsletter.New(newsletter.Options{DB: d, Bus: b, House: s.House, Voices: s.Voices, Places: places, Contacts: s.Contacts,
		Subscriptions: s.Subscriptions, Deliveries: s.Deliveries, Mailer: mails, Media: files, Posts: s.Posts, Queue: q, Host: "aubin.example"})
	if err != nil {
		t.Fatal(err)
	}
	s.Tell = func(context.Context, fact.MessageID) error { return nil }
	return s
}

// TestTheSampleHouseGrowsOnBothEngines plants on SQLite with the clock of a demo, on PostgreSQL with that of a test. One
// after the other: the ids of one process must not step to and fro between two planted pasts.
func TestTheSampleHouseGrowsOnBothEngines(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		c := new(demo.Clock)
		d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(c), dbtest.Once())
		grow(t, d, c.Now())
		if off := c.Now().Sub(clock.System{}.Now()); off.Abs() > time.Minute {
			t.Errorf("the clock of the demo is %v off afterwards", off)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, db.Postgres, schema.All(), dbtest.ClockAt(now), dbtest.Once())
		grow(t, d, now)
		if !d.Clock().Now().Equal(now) {
			t.Errorf("the clock stands at %v", d.Clock().Now())
		}
	})
}

func grow(t *testing.T, d *db.DB, now time.Time) {
	t.Helper()
	start := time.Now()
	made, err := demo.BuildInto(t.Context(), services(t, d), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("planted in %v", time.Since(start).Round(time.Millisecond))
	data, err := sample.World()
	if err != nil {
		t.Fatal(err)
	}
	if len(made.Posts) != len(data.Posts) || len(made.Contacts) != len(data.Contacts) || len(made.Voices) != len(data.Voices) ||
		len(made.Comments) != len(data.Comments) || len(made.Requests) != len(data.Requests) || len(made.Mandates) != len(data.Mandates) {
		t.Errorf("%d posts, %d contacts, %d voices, %d comments, %d requests, %d mandates", len(made.Posts), len(made.Contacts), len(made.Voices),
			len(made.Comments), len(made.Requests), len(made.Mandates))
	}
	for _, one := range data.Posts {
		if got := made.Posts[one.Key].Status; got != one.Status {
			t.Errorf("%s is %s, want %s", one.Key, got, one.Status)
		}
	}
	var public []post.Public
	err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
		public, _, err = post.PublicReader().List(tx, post.Query{Limit: 100})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(public) < 40 {
		t.Errorf("strangers read %d posts", len(public))
	}
	for _, p := range public {
		if p.PublishedAt.After(now) {
			t.Errorf("%s is published at %v", p.Slug, p.PublishedAt)
		}
	}
}

func TestAMovedClockGoesOnAndComesBack(t *testing.T) {
	t.Parallel()
	var c demo.Clock
	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	c.Set(past)
	if got := c.Now(); got.Before(past.Add(-time.Second)) || got.After(past.Add(time.Hour)) {
		t.Errorf("it tells %v", got)
	}
	c.Present()
	if got := c.Now(); got.Year() < 2026 || got.After((clock.System{}).Now().Add(time.Second)) {
		t.Errorf("it tells %v", got)
	}
}
