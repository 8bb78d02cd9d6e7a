package mailbox

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

type world struct {
	*inboxtest.World
	box    *Service
	server *mailtest.Server
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	var servers sync.Map // by the name of the test: both engines run at once
	carry := func(t *testing.T) mail.Sender {
		s := mailtest.Start(t)
		servers.Store(t.Name(), s)
		return s.Relay(t)
	}
	inboxtest.Each(t, carry, func(t *testing.T, iw *inboxtest.World) {
		box, err := New(Options{DB: iw.DB, Bus: iw.Bus, House: iw.House, Voices: iw.Voices, Contacts: iw.Contacts, Inbox: iw.Inbox, Deliveries: iw.Deliveries,
			Mailer: iw.Mailer, Places: iw.Places, Queue: iw.Queue})
		iw.Must(err)
		server, _ := servers.Load(t.Name())
		fn(t, &world{iw, box, server.(*mailtest.Server)})
	})
}

// got is what the server has got: headers, text and HTML.
type got struct {
	netmail.Header
	subject, text, html string
}

// mails sends what leaves and reads what the server has got.
func (w *world) mails() (all []got) {
	w.T.Helper()
	w.Jobs()
	for _, r := range w.server.Messages() {
		m, err := netmail.ReadMessage(strings.NewReader(string(r.Data)))
		w.Must(err)
		g := got{Header: m.Header}
		g.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		w.Must(err)
		_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
		w.Must(err)
		parts := multipart.NewReader(m.Body, params["boundary"])
		for _, to := range []*string{&g.text, &g.html} {
			p, err := parts.NextRawPart()
			w.Must(err)
			b, err := io.ReadAll(quotedprintable.NewReader(p))
			w.Must(err)
			*to = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\r", "").Replace(string(b))
		}
		all = append(all, g)
	}
	return all
}

func has(t *testing.T, where, s string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(s, want) {
			t.Errorf("%s does not say %q:\n%s", where, want, s)
		}
	}
}

func TestTheCatalogIsWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, err := range w.box.catalog.Check() {
			t.Error(err)
		}
	})
}

func TestTheAnswerToARequestLeavesAndThreads(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		m := w.Request("Paul Kervella", "paul@kervella.example", "Nous refaisons la salle.\nOn peut en parler ?")
		if got := w.mails(); len(got) != 0 {
			t.Fatalf("%d mails before the answer", len(got))
		}
		a, err := w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Avec plaisir, **jeudi** à 9 h : [l’atelier](/atelier).")
		w.Must(err)
		w.Clock.Advance(time.Hour)
		_, err = w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Et vendredi ?")
		w.Must(err)
		all := w.mails()
		if len(all) != 2 {
			t.Fatalf("%d mails, want 2", len(all))
		}
		l := all[0]
		if l.Get("In-Reply-To") != "<"+m.MailID+">" || l.Get("Message-Id") != "<"+a.MailID+">" || l.Get("Auto-Submitted") != "no" {
			t.Errorf("%v", l.Header)
		}
		has(t, "From", l.Get("From"), "Claire Aubin", "<claire@aubin.example>")
		has(t, "To", l.Get("To"), "<paul@kervella.example>")
		has(t, "Reply-To", l.Get("Reply-To"), "<claire@aubin.example>")
		has(t, "the subject", l.subject, "Re: Nous refaisons la salle.")
		has(t, "the text", l.text, "**jeudi**", "Claire Aubin\nAteliers Aubin", "Vous écriviez le lundi 2 mars 2026 :\n> Nous refaisons la salle.\n> On peut")
		has(t, "the page", l.html, "<strong>jeudi</strong>", `href="https://aubin.example/atelier"`, "<blockquote")
		has(t, "References", all[1].Get("References"), "<"+m.MailID+">", "<"+a.MailID+">")
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			left, err := w.Deliveries.OfMessagesIn(tx, w.Owner, []fact.MessageID{a.ID})
			if d := left[a.ID]; len(d) != 1 || d[0].State != delivery.Sent || d[0].Kind != KindAnswer || d[0].Contact != m.Contact {
				t.Errorf("%+v", d)
			}
			return err
		}))
	})
}

var link = regexp.MustCompile(`https://aubin\.example/confirm\?t=(\S+)`)

var notMe = regexp.MustCompile(`https://aubin\.example/confirm/not-me\?t=(\S+)`)

func TestApprovalMailsOneLinkThatConfirmsTheAddress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.Comment("Hélène", "helene@morvan.example", "Une date sûre.")
		second := w.Comment("Hélène", "helene@morvan.example", "Et le prix ?")
		if got := w.mails(); len(got) != 0 {
			t.Fatalf("%d mails left before anybody said yes", len(got))
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, first.ID))
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, second.ID))
		all := w.mails()
		if len(all) != 1 {
			t.Fatalf("%d mails, want one for the address", len(all))
		}
		l := all[0]
		has(t, "the subject", strings.ReplaceAll(l.subject, "\u00a0", " "), "Votre commentaire est publié : Nos délais")
		has(t, "the text", l.text, "https://aubin.example/nos-delais#c-"+first.ID.String(), "trente jours")
		if l.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%v", l.Header)
		}
		token, err := url.QueryUnescape(link.FindStringSubmatch(l.text)[1])
		w.Must(err)
		w.Must(w.Inbox.Confirm(t.Context(), token))
		has(t, "the text", l.text, "Ce n’est pas moi", "/confirm/not-me?t=")
		m := w.Comment("Hélène", "helene@morvan.example", "Merci.")
		if m.State != inbox.Open {
			t.Errorf("the next comment is %s for %q", m.State, m.Reason)
		}
		if all = w.mails(); len(all) != 2 {
			t.Fatalf("%d mails: whoever owns the address is told of what appears under it", len(all))
		}
		has(t, "the text", all[1].text, "https://aubin.example/nos-delais#c-"+m.ID.String())
		token, err = url.QueryUnescape(notMe.FindStringSubmatch(all[1].text)[1])
		w.Must(err)
		w.Must(w.Inbox.Disown(t.Context(), token))
		if got := w.Get(m.ID); got.State != inbox.Held {
			t.Errorf("taken back, it is %s", got.State)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, m.ID))
		if all = w.mails(); len(all) != 3 || !link.MatchString(all[2].text) {
			t.Errorf("%d mails: proof is asked for anew", len(all))
		}
	})
}

func TestTheAnswerToACommentLeavesForWhoAskedForItWithTheLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		asked := w.Comment("Hélène", "helene@morvan.example", "Une date sûre ?")
		_, err := w.Inbox.Answer(t.Context(), w.Owner, asked.ID, "Oui.")
		w.Must(err)
		all := w.mails()
		if len(all) != 1 {
			t.Fatalf("%d mails, want the answer alone", len(all))
		}
		has(t, "the text", all[0].text, "Bonjour Hélène,", "a répondu à votre commentaire sur « Nos délais » :", "Oui.", "/confirm?t=", "parce que vous aviez demandé")
		quiet, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Jean", Email: "jean@x.example", Body: "Bien.", Lang: "en"})
		w.Must(err)
		_, err = w.Inbox.Answer(t.Context(), w.Owner, quiet.ID, "Thank you.")
		w.Must(err)
		all = w.mails()
		if len(all) != 2 {
			t.Fatalf("%d mails, want the link for who did not ask for the answer", len(all))
		}
		has(t, "the second subject", all[1].subject, "Your comment is published: Nos délais")
	})
}

func TestAnImportMailsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		in := inbox.Import{Incoming: inbox.Incoming{Voice: w.Claire.ID, Subject: "Devis", Name: "Jean", From: contact.Address("jean@x.example"),
			Body: "Bonjour", Moderation: inbox.Visible, Notify: true, At: w.Clock.Now()}}
		m, _, err := w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		in.Kind, in.Parent = inbox.KindAnswer, m.ID
		_, _, err = w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		if got := w.mails(); len(got) != 0 {
			t.Errorf("%d mails", len(got))
		}
	})
}

// from returns what an answer in a voice would leave from.
func (w *world) from(v fact.VoiceID) (address string) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) error {
		r, err := w.Inbox.ReachIn(tx, inbox.Message{Channel: inbox.ChannelSite, Voice: v}, contact.Handle{Channel: contact.Email, Value: "x@x.example"})
		address = r.From
		return err
	}))
	return address
}

func TestAVoiceWithoutAddressWritesAsTheHouse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		empty := ""
		for _, c := range []struct {
			voice fact.VoiceID
			want  string
		}{{w.Claire.ID, "claire@aubin.example"}, {w.Shop.ID, "bonjour@aubin.example"}} {
			if got := w.from(c.voice); got != c.want {
				t.Errorf("from %q, want %q", got, c.want)
			}
		}
		_, err := w.Voices.Change(t.Context(), w.Owner, w.Claire.ID, voice.Patch{Email: &empty})
		w.Must(err)
		if got := w.from(w.Claire.ID); got != "bonjour@aubin.example" {
			t.Errorf("from %q", got)
		}
	})
}
