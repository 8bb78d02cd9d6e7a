package harness_test

import (
	"net/http"
	"testing"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
)

// What a voice said outlives it: whoever follows an address of a voice that was removed finds the text at its heir's, also where two
// texts had one name; what was said to it is the heir's; and nobody gains a right by it.
func TestAVoiceThatIsRemovedLeavesEverythingToItsHeir(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		ctx, me := t.Context(), h.Owner.Actor()
		same := m.publish(m.atelier, post.Input{Kind: post.Article, Title: "Bonjour", Body: "Le bonjour de l’atelier.", Section: "Chantiers"})
		draft, err := h.Posts.Create(ctx, me, post.Input{Voice: m.atelier.ID, Kind: post.Article, Title: "Brouillon"})
		m.must(err)
		paul, err := h.Contacts.Create(ctx, me, contact.NewContact{Name: "Paul Kervella"})
		m.must(err)
		deal, err := h.Mandates.Open(ctx, me, mandate.Input{Title: "Une table", Contact: paul.ID, Voice: m.atelier.ID})
		m.must(err)
		colleague, err := h.Accounts.Create(ctx, me, account.NewAccount{Email: "yann@maison.example", Name: "Yann", Lang: "fr-FR",
			Grants: []actor.Grant{{Voice: int64(m.atelier.ID), Role: actor.Editor}}})
		m.must(err)
		held, err := h.Voices.Held(ctx, m.atelier.ID)
		m.must(err)
		if want := []voice.Held{{Name: "posts", N: 4}, {Name: "mandates", N: 1}, {Name: "accounts", N: 1}}; len(held) != 3 || held[0] != want[0] || held[1] != want[1] || held[2] != want[2] {
			t.Errorf("on the workshop hang %v, want %v", held, want)
		}

		m.must(h.Voices.Remove(ctx, me, m.atelier.ID, voice.Removal{Heir: m.jeanne.ID}))

		m.page("", "/le-bois", "Celui de l’atelier.")
		m.page("", "/bonjour", "Le bonjour de Jeanne.")
		for from, to := range map[string]string{
			"/atelier/": "/", "/atelier": "/", "/atelier/le-bois": "/le-bois", "/atelier/bonjour": "/bonjour-2", "/atelier/feed.xml": "/feed.xml",
			"/atelier/le-bois/feed.xml": "/le-bois/feed.xml", "/atelier/section/bois/": "/section/bois/", "/atelier/section/chantiers/": "/section/chantiers/",
			"/atelier/n/" + m.note.ID.String(): "/n/" + m.note.ID.String(),
		} {
			m.leads("", from, to)
		}
		m.page("", "/section/chantiers/", "/bonjour-2")
		got, err := h.Posts.Get(ctx, me, draft.ID)
		m.must(err)
		business, err := h.Mandates.Get(ctx, me, deal.ID)
		m.must(err)
		if got.Voice != m.jeanne.ID || business.Voice != m.jeanne.ID {
			t.Errorf("a draft is of %v, a mandate of %v, want %v", got.Voice, business.Voice, m.jeanne.ID)
		}
		yann, err := h.Accounts.Get(ctx, me, colleague.ID)
		m.must(err)
		if yann.Actor().On(int64(m.jeanne.ID)) != actor.None || yann.Actor().On(int64(m.atelier.ID)) != actor.None {
			t.Error("who edited the voice that was removed has a right left")
		}
		if _, err := h.Voices.Get(ctx, m.atelier.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the voice is found: %v", err)
		}
		if _, err := h.Posts.Create(ctx, me, post.Input{Voice: m.atelier.ID, Kind: post.Note, Body: "Encore."}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("something is written in it: %v", err)
		}
		if _, err := h.Voices.Create(ctx, me, voice.NewVoice{Name: "Atelier", Kind: voice.Corporate, Lang: "fr-FR"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("another voice takes its address: %v", err)
		}
		if same.Voice != m.atelier.ID {
			t.Error("the test published elsewhere")
		}
	})
}

func TestPostsThatAreTakenDownWithTheirVoiceAreGoneAndComeBackFromTheHeir(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		ctx, me := t.Context(), h.Owner.Actor()
		m.page("", "/atelier/le-bois", "Celui de l’atelier.")
		m.must(h.Voices.Remove(ctx, me, m.atelier.ID, voice.Removal{Heir: m.jeanne.ID, Withdraw: true}))
		if res := m.ask("GET", "", "/atelier/le-bois", nil); res.StatusCode != http.StatusGone {
			t.Errorf("the address of a post that was taken down answers %d", res.StatusCode)
		}
		m.leads("", "/atelier/", "/")
		back, err := h.Posts.Restore(ctx, me, m.bois.ID)
		m.must(err)
		if back.Voice != m.jeanne.ID || back.Status != post.Unpublished {
			t.Errorf("it comes back %s in %v", back.Status, back.Voice)
		}
		if _, err := h.Posts.Publish(ctx, me, m.bois.ID); err != nil {
			t.Fatal(err)
		}
		m.leads("", "/atelier/le-bois", "/le-bois")
	})
}

func TestAVoiceGoesOnlyWhereNothingIsLost(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		ctx, me := t.Context(), h.Owner.Actor()
		inside, err := h.Voices.Create(ctx, me, voice.NewVoice{Name: "Entre nous", Kind: voice.Internal, Lang: "fr-FR"})
		m.must(err)
		empty, err := h.Voices.Create(ctx, me, voice.NewVoice{Name: "Vide", Kind: voice.Internal, Lang: "fr-FR"})
		m.must(err)
		m.publish(inside, post.Input{Kind: post.Article, Title: "Entre nous", Body: "Privé."})
		editor := actor.Actor{Account: 9, Grants: []actor.Grant{{Role: actor.Editor}}}
		for _, c := range []struct {
			by   actor.Actor
			of   fact.VoiceID
			heir fact.VoiceID
			want fault.Kind
		}{
			{editor, m.atelier.ID, m.jeanne.ID, fault.KindForbidden},
			{me, m.jeanne.ID, m.atelier.ID, fault.KindConflict},
			{me, m.atelier.ID, 0, fault.KindInvalid},
			{me, m.atelier.ID, m.atelier.ID, fault.KindInvalid},
			{me, m.atelier.ID, inside.ID, fault.KindInvalid},
			{me, inside.ID, m.jeanne.ID, fault.KindInvalid},
			{me, inside.ID, 0, fault.KindInvalid},
		} {
			if err := h.Voices.Remove(ctx, c.by, c.of, voice.Removal{Heir: c.heir}); !fault.Is(err, c.want) {
				t.Errorf("removing %v for %v: %v", c.of, c.heir, err)
			}
		}
		m.must(h.Voices.Remove(ctx, me, empty.ID, voice.Removal{}))
	})
}

func TestVoicesAreListedInTheOrderThatTheOwnerGave(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		me := h.Owner.Actor()
		for _, step := range []int{-1, -1} { // the second does nothing
			m.must(h.Voices.Shift(t.Context(), me, m.atelier.ID, step))
		}
		all, err := h.Voices.List(t.Context())
		m.must(err)
		if len(all) != 2 || all[0].ID != m.atelier.ID {
			t.Errorf("the workshop is not the first of %d voices", len(all))
		}
		m.must(h.Voices.Shift(t.Context(), me, m.atelier.ID, 1))
		if all, err = h.Voices.List(t.Context()); err != nil || all[0].ID != m.jeanne.ID {
			t.Errorf("the workshop is still the first: %v", err)
		}
	})
}
