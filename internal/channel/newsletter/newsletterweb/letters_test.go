package newsletterweb_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/channel/newsletter/newsletterweb"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/contact/contactweb"
	"causerie/internal/core/delivery/deliveryweb"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/web"
	"causerie/internal/view/aftermath"
	"causerie/internal/view/segment"
)

type world struct {
	*inboxtest.World
	pages   *inboxtest.Pages
	letters *newsletter.Service
	caught  *mail.Captured
}

// each opens the pages, with one person who follows Claire.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	caught := map[*testing.T]*mail.Captured{}
	inboxtest.Each(t, func(t *testing.T) mail.Sender { caught[t] = &mail.Captured{}; return caught[t] }, func(t *testing.T, in *inboxtest.World) {
		box, err := seal.Open(make([]byte, seal.KeySize))
		in.Must(err)
		consents := consent.New(consent.Options{DB: in.DB, Bus: in.Bus, House: in.House, Contacts: in.Contacts, Box: box})
		consents.Project()
		subs := subscription.New(subscription.Options{DB: in.DB, Bus: in.Bus, Queue: in.Queue, House: in.House, Voices: in.Voices, Contacts: in.Contacts, Consents: consents, Box: box})
		letters, err := newsletter.New(newsletter.Options{DB: in.DB, Bus: in.Bus, House: in.House, Voices: in.Voices, Places: in.Places, Contacts: in.Contacts,
			Subscriptions: subs, Deliveries: in.Deliveries, Mailer: in.Mailer, Media: in.Media, Posts: in.Posts, Queue: in.Queue, Host: "aubin.example"})
		in.Must(err)
		segments := segment.New(segment.Options{DB: in.DB, House: in.House, Contacts: in.Contacts})
		letters.RegisterSegments(segments)
		w := &world{World: in, letters: letters, caught: caught[t]}
		w.pages = inboxtest.Serve(in, newsletterweb.Bundle, func(k *web.Kit) []web.Route {
			for _, b := range []web.Bundle{deliveryweb.Bundle, contactweb.Bundle} { // the words of states and of people without a name
				in.Must(k.Catalog().Add(b.Files))
			}
			return newsletterweb.New(newsletterweb.Options{Kit: k, Letters: letters, Voices: in.Voices, Places: in.Places, Segments: segments,
				Aftermath: aftermath.New(aftermath.Options{DB: in.DB, Letters: letters}),
				Email:     func(context.Context, actor.Actor) (string, error) { return "claire@aubin.example", nil }}).Routes()
		})
		c, err := in.Contacts.Create(t.Context(), in.Owner, contact.NewContact{Name: "Zoé", Email: "zoe@ailleurs.example"})
		in.Must(err)
		in.Must(consents.RecordEach(t.Context(), in.Owner, c.ID, []consent.Evidence{{Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Agreement,
			Wording: "Oui", At: in.Clock.Now()}}))
		in.Must(in.DB.Write(t.Context(), func(tx *db.Tx) error {
			return subs.FollowIn(tx, c.ID, c.Handles[0].ID, subscription.Wish{Follows: []subscription.Follow{{Voice: in.Claire.ID}}, Rhythm: subscription.Each, Lang: "fr-FR"})
		}))
		in.Jobs()
		fn(t, w)
	})
}

// begin writes a letter by the form, and returns its address.
func (w *world) begin(subject, body string) string {
	_, at := w.pages.Post("/app/letters", http.StatusSeeOther, "voice", w.Claire.ID.String(), "subject", subject, "body", body)
	return at
}

func TestWhatIsWrongStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		page, _ := w.pages.Post("/app/letters", http.StatusUnprocessableEntity, "voice", w.Claire.ID.String(), "subject", "", "body", "Bonjour à tous")
		inboxtest.Says(t, page, `id="p-subject"`, "Bonjour à tous")
		page, _ = w.pages.Post("/app/letters", http.StatusUnprocessableEntity, "voice", w.Claire.ID.String(), "subject", "{prenmo}", "body", "Bonjour à tous")
		inboxtest.Says(t, page, "Vouliez‑vous dire {prénom}", "Bonjour à tous", `value="{prenmo}"`)
		at := w.begin("Une lettre", "Bonjour {prénom},")
		page, _ = w.pages.Post(at, http.StatusUnprocessableEntity, "subject", "Un autre objet", "body", "", "audience", "letter")
		inboxtest.Says(t, page, `id="p-body"`, `value="Un autre objet"`)
		page, _ = w.pages.Post(at+"/send", http.StatusUnprocessableEntity, "subject", "Un autre objet", "body", "Voici.", "audience", "letter", "when", "later", "send_at", "")
		inboxtest.Says(t, page, "Un autre objet", "Ce champ est à remplir", `value="later" checked`)
		page, _ = w.pages.Post(at+"/send", http.StatusUnprocessableEntity, "subject", "Un autre objet", "body", "Bonjour {prenmo},", "audience", "letter")
		inboxtest.Says(t, page, "Vouliez‑vous dire {prénom}", "Bonjour {prenmo},")
	})
}

func TestALetterIsSentOnceFromItsPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.begin("Une lettre", "Voici.")
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "1 personne la recevra.", "Oui, envoyer")
		w.pages.Post(at+"/send", http.StatusSeeOther, "subject", "Une lettre", "body", "Voici.", "audience", "letter", "when", "now")
		w.pages.Post(at+"/send", http.StatusSeeOther) // pressed twice, before anything left
		w.Jobs()
		w.pages.Post(at+"/send", http.StatusConflict)
		w.pages.Post(at, http.StatusConflict, "subject", "Autre", "body", "Autre.", "audience", "letter")
		w.Jobs()
		if n := len(w.caught.To("zoe@ailleurs.example")); n != 1 {
			t.Errorf("%d mails", n)
		}
		page := w.pages.Get(at, http.StatusOK)
		inboxtest.Says(t, page, "1 sur 1 sont partis.", "/after/words", "/after/left", "?state=sent#recipients", "Pas de taux d’ouverture")
		if refused := w.pages.Get(at+"?state=refused", http.StatusOK); strings.Contains(refused, "zoe@ailleurs.example") {
			t.Error("who got it is among those who did not")
		}
		for _, what := range aftermath.Kinds() {
			inboxtest.Says(t, w.pages.Get(at+"/after/"+what, http.StatusOK), "Une lettre")
		}
		w.pages.Get(at+"/after/opens", http.StatusNotFound)
	})
}

func TestALetterIsPausedGoesOnAndIsCancelledFromItsPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.begin("Une lettre", "Voici.")
		w.pages.Post(at+"/pause", http.StatusConflict) // a draft
		w.pages.Post(at+"/send", http.StatusSeeOther, "subject", "Une lettre", "body", "Voici.", "audience", "letter", "when", "later", "send_at", "2030-01-02T08:00")
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "Elle partira", at+"/pause", at+"/cancel")
		w.pages.Post(at+"/pause", http.StatusSeeOther)
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "En pause", at+"/resume")
		w.pages.Post(at+"/resume", http.StatusSeeOther)
		w.pages.Post(at+"/resume", http.StatusConflict)
		w.pages.Post(at+"/cancel", http.StatusSeeOther)
		page := w.pages.Get(at, http.StatusOK)
		inboxtest.Says(t, page, "Annulée")
		if strings.Contains(page, at+"/cancel") {
			t.Error("what is cancelled is cancelled again")
		}
		w.Clock.Advance(10 * 365 * 24 * time.Hour)
		w.Jobs()
		if n := len(w.caught.To("zoe@ailleurs.example")); n != 0 {
			t.Errorf("%d mails", n)
		}
		w.pages.Post(at+"/delete", http.StatusSeeOther)
		w.pages.Get(at, http.StatusNotFound)
	})
}

func TestALetterThatStoppedByItselfSaysWhyAndHowToGoOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.begin("Une lettre", "Voici.")
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.pages.Post(at+"/send", http.StatusSeeOther, "subject", "Une lettre", "body", "Voici.", "audience", "letter", "when", "now")
		w.Jobs()
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		id, err := fact.Parse[fact.LetterID](strings.TrimPrefix(at, "/app/letters/"))
		w.Must(err)
		w.Must(w.letters.Stop(t.Context(), id, suppression.HeldRefused))
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "s’est arrêtée d’elle-même", "Regardez la liste, puis laissez repartir.", at+"/resume", "0 sur 1 sont partis.")
		w.pages.Post(at+"/resume", http.StatusSeeOther)
		w.Jobs()
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "1 sur 1 sont partis.")
	})
}

func TestALetterToASegmentBeginsFromItsPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s, err := segment.New(segment.Options{DB: w.DB, House: w.House, Contacts: w.Contacts}).Save(t.Context(), w.Owner, segment.Segment{Name: "Les Finistériens", Filter: segment.Filter{Lang: "fr-FR"}})
		w.Must(err)
		page := w.pages.Get("/app/letters/new?audience="+s.ID.String(), http.StatusOK)
		inboxtest.Says(t, page, `value="`+s.ID.String()+`" selected`, "Les Finistériens")
		_, at := w.pages.Post("/app/letters", http.StatusSeeOther, "voice", w.Claire.ID.String(), "subject", "Une lettre", "body", "Voici.", "audience", s.ID.String())
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), `value="`+s.ID.String()+`" selected`)
		page, _ = w.pages.Post("/app/letters", http.StatusUnprocessableEntity, "voice", w.Claire.ID.String(), "subject", "Une lettre", "body", "Voici.", "audience", "abc")
		inboxtest.Says(t, page, "Une lettre")
	})
}

func TestALetterThatLeavesWithItsPostSaysWhen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Clock.Set(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
		p, err := w.Posts.Create(t.Context(), w.Owner, post.Input{Voice: w.Claire.ID, Title: "Le chêne", Body: "Il est arrivé."})
		w.Must(err)
		l, err := w.letters.Accompany(t.Context(), w.Owner, p.ID, newsletter.Along{})
		w.Must(err)
		at := "/app/letters/" + l.ID.String()
		if page := w.pages.Get("/app/letters", http.StatusOK); strings.Contains(page, `<time class="end"`) {
			t.Error("it says a day that nobody said")
		}
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "Elle partira quand le billet paraîtra.")
		_, err = w.Posts.Schedule(t.Context(), w.Owner, p.ID, clock.Local{Day: clock.Day{Year: 2026, Month: 11, Day: 30}, Hour: 8}) // in Paris; the pages of this world speak UTC
		w.Must(err)
		inboxtest.Says(t, w.pages.Get("/app/letters", http.StatusOK), "Le chêne", "Partira avec le billet", ">lundi 30 nov., 7 h<")
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "Elle partira quand le billet paraîtra, le lundi 30 novembre à 7 h.")
		_, err = w.letters.Accompany(t.Context(), w.Owner, p.ID, newsletter.Along{At: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)})
		w.Must(err)
		inboxtest.Says(t, w.pages.Get("/app/letters", http.StatusOK), ">mardi 1er déc., 8 h<")
	})
}

func TestTheWelcomeOfAVoiceIsWrittenAndSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/app/settings/voices/" + w.Claire.ID.String() + "/welcome"
		inboxtest.Says(t, w.pages.Get(at, http.StatusOK), "checked", `src="`+at+`/mail"`)
		page, _ := w.pages.Post(at, http.StatusUnprocessableEntity, "sends", "on", "body", "Bonjour {prenmo},")
		inboxtest.Says(t, page, "Vouliez‑vous dire {prénom}", "Bonjour {prenmo},")
		w.pages.Post(at, http.StatusSeeOther, "body", "Entrez, c’est **ouvert**.")
		if page := w.pages.Get(at, http.StatusOK); strings.Contains(page, `name="sends" value="1" checked`) || !strings.Contains(page, "Entrez, c’est **ouvert**.") {
			t.Errorf("%.3000s", page)
		}
	})
}
