package begin_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/text"
	"causerie/internal/schema"
)

// world is an empty database with all that beginning needs.
type world struct {
	db       *db.DB
	bus      *bus.Bus
	houses   *house.Service
	accounts *account.Service
	voices   *voice.Service
	posts    *post.Service
	begin    *begin.Service
}

func each(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		q := queue.New(d, queue.Options{})
		b := bus.New(q)
		box, err := seal.Open(make([]byte, seal.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		m := media.New(d, blob.Dir(t.TempDir()))
		w := &world{db: d, bus: b, houses: house.New(d, b, box), accounts: account.New(account.Options{DB: d, Bus: b})}
		w.voices = voice.New(d, b, m)
		w.posts = post.New(post.Options{DB: d, Bus: b, Queue: q, House: w.houses, Voices: w.voices, Media: m})
		w.begin = begin.New(d, b, w.houses, w.accounts, w.voices, w.posts, func(lang string) (string, string) {
			return "Bienvenue " + lang, "Un premier texte."
		})
		run(t, w)
	}, dbtest.ClockAt(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)))
}

var input = begin.Input{House: "Ateliers Aubin", OwnerName: "Claire Aubin", OwnerEmail: "Claire@Aubin.example",
	Password: "une phrase assez longue", Lang: "fr-CA", Country: "CA"}

var counts = db.Q("begintest.counts", `
	SELECT (SELECT COUNT(*) FROM house) + (SELECT COUNT(*) FROM accounts) + (SELECT COUNT(*) FROM grants) + (SELECT COUNT(*) FROM voices)
	     + (SELECT COUNT(*) FROM posts)`)

// rows counts what was made, of every kind.
func (w *world) rows(t *testing.T) (n int) {
	t.Helper()
	err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, counts, db.Scalar[int])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Else whoever serves it first owes it a job that sets every text anew, which a program that is killed again and again never ends.
func TestTheTextsOfANewHouseAreSetAlready(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.begin.Begin(t.Context(), input); err != nil {
			t.Fatal(err)
		}
		var by int
		if err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) { by, err = house.TypesetBy.GetIn(tx); return err }); err != nil || by != text.Version {
			t.Errorf("the texts were set by version %d, %v; this is %d", by, err, text.Version)
		}
	})
}

func TestOneCallMakesTheHouseItsOwnerItsVoiceAndADraft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if done, err := w.begin.Done(t.Context()); done || err != nil {
			t.Fatalf("done before it began: %v, %v", done, err)
		}
		var heard []fact.HouseSetUp
		bus.Project(w.bus, "test", func(_ *db.Tx, _ bus.Event, f fact.HouseSetUp) error { heard = append(heard, f); return nil })
		made, err := w.begin.Begin(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		h, err := w.houses.Get(t.Context())
		if err != nil || h.Name != "Ateliers Aubin" || h.Zone != "America/Toronto" || h.Currency != "CAD" || h.Public ||
			h.Identity.ContactEmail != "Claire@aubin.example" {
			t.Errorf("the house is %+v, %v", h, err)
		}
		if main, err := w.voices.Main(t.Context()); err != nil || main.ID != made.Voice.ID {
			t.Errorf("the main voice is %+v, %v", main, err)
		}
		in, err := w.accounts.SignIn(t.Context(), "claire@aubin.example", input.Password, account.Browser{})
		owner := in.Account
		if err != nil || owner.Actor().On(0) != actor.Owner || owner.Lang != "fr-CA" {
			t.Errorf("the owner is %+v, %v", owner, err)
		}
		if v := made.Voice; v.Slug != "claire" || v.Kind != voice.Personal || v.Lang != "fr-CA" {
			t.Errorf("the voice is %+v", v)
		}
		draft, err := w.posts.Get(t.Context(), owner.Actor(), made.Draft.ID)
		if err != nil || draft.Title != "Bienvenue fr-CA" || draft.Status != post.Writing || draft.Author != owner.ID || draft.Voice != made.Voice.ID {
			t.Errorf("the draft is %+v, %v", draft, err)
		}
		if last := heard[len(heard)-1]; last.House != h.ID || last.Owner != owner.ID || last.Voice != made.Voice.ID {
			t.Errorf("heard %+v", heard)
		}
		if done, err := w.begin.Done(t.Context()); !done || err != nil {
			t.Errorf("not done: %v, %v", done, err)
		}
	})
}

func TestASecondCallIsRefusedAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.begin.Begin(t.Context(), input); err != nil {
			t.Fatal(err)
		}
		before := w.rows(t)
		other := input
		other.House, other.OwnerEmail = "Une autre", "paul@kervella.example"
		_, err := w.begin.Begin(t.Context(), other)
		if !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), "house.exists") {
			t.Errorf("got %v", err)
		}
		if after := w.rows(t); after != before {
			t.Errorf("%d rows became %d", before, after)
		}
		if h, err := w.houses.Get(t.Context()); err != nil || h.Name != "Ateliers Aubin" {
			t.Errorf("the house is %+v, %v", h, err)
		}
	})
}

func TestOfManySetUpsAtOnceOneMakesTheHouse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var made atomic.Int32
		var wg sync.WaitGroup
		for i := range 6 {
			one := input
			one.OwnerEmail = fmt.Sprintf("claire%d@aubin.example", i)
			wg.Go(func() {
				switch _, err := w.begin.Begin(t.Context(), one); {
				case err == nil:
					made.Add(1)
				case !fault.Is(err, fault.KindConflict):
					t.Errorf("the set-up of %s: %v", one.OwnerEmail, err)
				}
			})
		}
		wg.Wait()
		if n := w.rows(t); made.Load() != 1 || n != 5 { // a house, an account, its grant, a voice, a draft
			t.Errorf("%d set-ups made %d rows", made.Load(), n)
		}
	})
}

func TestWhatFailsLateLeavesNothingBehind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		refused := fault.Conflict("test.refused")
		bus.Project(w.bus, "test", func(*db.Tx, bus.Event, fact.HouseSetUp) error { return refused })
		if _, err := w.begin.Begin(t.Context(), input); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("got %v", err)
		}
		if n := w.rows(t); n != 0 {
			t.Errorf("%d rows stayed", n)
		}
	})
}

func TestProblemsAreNamedByTheFieldsOfTheForm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		long := strings.Repeat("x", 121)
		for _, tt := range []struct {
			change func(*begin.Input)
			fields string
		}{
			{func(in *begin.Input) { *in = begin.Input{} }, "house owner_name owner_email password"},
			{func(in *begin.Input) { in.House = long }, "house"},
			{func(in *begin.Input) { in.OwnerName = long }, "owner_name"},
			{func(in *begin.Input) { in.OwnerEmail = "claire" }, "owner_email"},
			{func(in *begin.Input) { in.Password = "court" }, "password"},
			{func(in *begin.Input) { in.Password = "claire@aubin.example" }, "password"},
			{func(in *begin.Input) { in.Lang, in.Country, in.Zone = "de", "XX", "Mars" }, "lang country timezone"},
			{func(in *begin.Input) { in.Identity.ContactEmail = "pas une adresse" }, "contact_email"},
		} {
			in := input
			tt.change(&in)
			_, err := w.begin.Begin(t.Context(), in)
			var fields []string
			for _, p := range fault.ProblemsOf(err) {
				fields = append(fields, p.Field)
			}
			if got := strings.Join(fields, " "); !fault.Is(err, fault.KindInvalid) || got != tt.fields {
				t.Errorf("%q instead of %q: %v", got, tt.fields, err)
			}
		}
		incomplete := input
		incomplete.Public = true
		_, err := w.begin.Begin(t.Context(), incomplete)
		if !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), "privacy_officer") {
			t.Errorf("an incomplete house that would be public: %v", err)
		}
		if n := w.rows(t); n != 0 {
			t.Errorf("%d rows were made", n)
		}
	})
}

func TestTheVoiceTakesAnAddressThatTheSiteDoesNotUse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := input
		in.OwnerName = "Tag Média"
		made, err := w.begin.Begin(t.Context(), in)
		if err != nil || made.Voice.Slug != "tag-media" {
			t.Errorf("the voice is at %q, %v", made.Voice.Slug, err)
		}
	})
}

func TestTheKeyOpensAndNothingElseDoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if !w.begin.Opens(" "+w.begin.Key()+"\n") || w.begin.Opens("") || w.begin.Opens(w.begin.Key()[1:]) || len(w.begin.Key()) < 20 {
			t.Errorf("the key is %q", w.begin.Key())
		}
	})
}
