package mailcheck

import (
	"html"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/channel/notice"
	"causerie/internal/core/account"
	"causerie/internal/core/account/accountmail"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/mail/mailtest"
)

// sent is one mail as the relay took it.
type sent struct {
	kind, lang string
	mailtest.Received
}

// name tells which mail it is.
func (s sent) name() string { return s.kind + " " + s.lang }

// told is what a language says in a house.
type told struct {
	lang, voice, title, body, name, remark, request, answer string
}

var tongues = []told{
	{"fr-FR", "Jeanne Le Du", "Nos délais, dits franchement", "Une date sûre vaut mieux qu’une date **proche**. Voici comment nous la trouvons, jour par jour.", "Hélène Morvan",
		"Une date sûre, sans hésiter : j’organise trois corps de métier autour de vous.", "Nous refaisons nos bureaux au printemps. Pourrions-nous en parler ?",
		"Avec plaisir. Passez mardi à l’atelier : je vous montre deux bois."},
	{"en", "The workshop", "Why our quotation has two dates", "The first is the one we aim for, the second the one we **stand behind**. Here is how we find it.", "Helen Morgan",
		"The safe date, without a doubt: I plan three trades around yours.", "We are refitting our offices in the spring. Could we talk about it?",
		"With pleasure. Come to the workshop on Tuesday and I will show you two woods."},
}

// house is one where every kind of mail left in each language.
type house struct {
	*harness.House
	relay   *mailtest.Server
	records map[string][]string // of DNS, by name and type
	mails   []sent
}

// everything brings it up. The mails are those of the deliveries: what left is what the outbox says that it sent.
func everything(t *testing.T) *house {
	t.Helper()
	h := &house{relay: mailtest.Start(t)}
	h.House = harness.Start(t, harness.Options{SetUp: true, Relay: h.relay.URL()})
	h.sign(t)
	for _, in := range tongues {
		h.people(t, in)
		h.talk(t, in)
		h.subscribe(t, in)
		h.write(t, in)
		h.silent(t, in)
	}
	h.flood(t)
	h.RunJobs()
	kinds := map[string]string{} // by Message-ID
	cursor := ""
	for {
		all, next, err := h.Deliveries.List(t.Context(), h.Owner.Actor(), delivery.Filter{Cursor: cursor})
		must(t, err)
		for _, d := range all {
			if d.State != delivery.Sent {
				t.Errorf("a %s to %s is %s: %s %s", d.Kind, d.Recipient, d.State, d.Reason, d.ServerReply)
			}
			id := d.External
			if id == "" {
				id = d.ID.String()
			}
			kinds[id] = d.Kind
		}
		if cursor = next; next == "" {
			break
		}
	}
	for _, r := range h.relay.Messages() {
		l := r.Letter(t)
		id := strings.Trim(l.Header.Get("Message-Id"), "<>")
		kind := kinds[id]
		if kind == "" {
			local, _, _ := strings.Cut(id, "@")
			kind = kinds[local]
		}
		h.mails = append(h.mails, sent{kind, l.Header.Get("Content-Language"), r})
	}
	return h
}

// sign has the house sign what it writes, and keeps the records that it asks for.
func (h *house) sign(t *testing.T) {
	t.Helper()
	me := h.Owner.Actor()
	must(t, h.Keys.Make(t.Context(), me, domain))
	keys, err := h.Keys.All(t.Context(), me)
	must(t, err)
	h.records = map[string][]string{domain + " TXT": {"v=spf1 ip4:192.0.2.25 -all"}, "_dmarc." + domain + " TXT": {"v=DMARC1; p=reject; adkim=s; aspf=s"}}
	for _, k := range keys {
		h.records[k.Name()+" TXT"] = []string{k.Record}
		must(t, h.Keys.Seen(t.Context(), k.ID))
	}
}

// people has the mails to accounts leave.
func (h *house) people(t *testing.T, in told) {
	t.Helper()
	me := h.Owner.Actor()
	address := "associee." + in.lang + "@maison.example"
	_, token, err := h.Accounts.Invite(t.Context(), me, account.NewAccount{Email: address, Name: "Anne " + strings.ToUpper(in.lang[:1]), Lang: in.lang, Grants: []actor.Grant{{Role: actor.Owner}}})
	must(t, err)
	h.RunJobs()
	_, err = h.Accounts.Reset(t.Context(), token, "une phrase de passe assez longue", "a browser")
	must(t, err)
	must(t, h.Accounts.Forgot(t.Context(), address))
	h.RunJobs()
	for _, m := range h.relay.Messages() {
		if l := m.Letter(t); m.To == address {
			if found := regexp.MustCompile(`/app/reset\?t=(\S+)`).FindStringSubmatch(l.Text); found != nil {
				token = found[1]
			}
		}
	}
	_, err = h.Accounts.Reset(t.Context(), token, "une autre phrase de passe, plus longue", "a browser")
	must(t, err)
	must(t, h.Accounts.Forgot(t.Context(), address)) // a link that nobody used
	must(t, h.Mailer.SendTest(t.Context(), me, 0, address, in.lang))
	h.RunJobs()
}

// talk has somebody say, ask and be answered, so that all that is told of it by mail leaves.
func (h *house) talk(t *testing.T, in told) {
	t.Helper()
	me := h.Owner.Actor()
	v := h.voiceOf(t, in)
	p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: v.ID, Lang: in.lang, Title: in.title, Body: in.body})
	must(t, err)
	p, err = h.Posts.Publish(t.Context(), me, p.ID)
	must(t, err)
	path := v.Slug + "/" + p.Slug
	if in.lang == "fr-FR" {
		path = p.Slug
	}
	reader := "lectrice." + in.lang + "@exemple.example"
	say := func(body string) {
		h.Visitor().Get("/"+path).OK().Form("#repondre").Fill("name", in.name).Fill("email", reader).Fill("body", body).With("notify", "on").Submit().Is(http.StatusSeeOther)
		h.RunJobs()
		h.Clock.Advance(time.Hour) // what comes together is told together
		h.RunJobs()
	}
	say(in.remark)
	held, _, err := h.Inbox.List(t.Context(), me, inbox.Filter{State: inbox.Held})
	must(t, err)
	must(t, h.Inbox.Approve(t.Context(), me, held[0].ID))
	h.RunJobs()
	for _, m := range h.relay.Messages() {
		if found := regexp.MustCompile(`/confirm\?t=\S+`).FindString(m.Letter(t).Text); found != "" && m.To == reader {
			done := h.Visitor().Get(found).OK().Form("form").Submit()
			if done.Status == http.StatusSeeOther {
				h.Visitor().Follow(done)
			}
		}
	}
	say(in.answer)
	_, err = h.Inbox.Answer(t.Context(), me, held[0].ID, in.answer) // to her, by mail
	must(t, err)
	h.RunJobs()
	h.Clock.Advance(time.Hour)
	other := h.Visitor().Get("/"+path).OK().Form("#repondre").Fill("name", "Paul").Fill("email", "paul."+in.lang+"@exemple.example").Fill("body", in.remark).With("parent", held[0].ID.String())
	other.Submit().Is(http.StatusSeeOther) // somebody answers her
	again, _, err := h.Inbox.List(t.Context(), me, inbox.Filter{State: inbox.Held})
	must(t, err)
	must(t, h.Inbox.Approve(t.Context(), me, again[0].ID))
	h.Clock.Advance(time.Hour)
	h.RunJobs()
	h.Visitor().Get("/contact?lang="+in.lang).OK().Form("form[method=post]").Fill("name", in.name).Fill("email", reader).Fill("body", in.request).Submit().Is(http.StatusSeeOther)
	h.Clock.Advance(time.Minute) // nobody answers at once: a receipt leaves
	h.RunJobs()
	asked, _, err := h.Inbox.List(t.Context(), me, inbox.Filter{Kind: inbox.KindRequest})
	must(t, err)
	_, err = h.Inbox.Answer(t.Context(), me, asked[0].ID, in.answer)
	must(t, err)
	h.Clock.Advance(time.Hour)
	h.RunJobs()
}

// subscribe has somebody ask for what is published, say yes from the mailbox, and ask what is held about them.
func (h *house) subscribe(t *testing.T, in told) {
	t.Helper()
	address := "abonnee." + in.lang + "@exemple.example"
	offered, err := h.Subscriptions.Offered(t.Context())
	must(t, err)
	offered = slices.DeleteFunc(offered, func(o subscription.Offered) bool { return o.Lang != in.lang })
	h.Visitor().Get("/subscribe").OK().Form("form[action='/subscribe']").Fill("email", address).With("follow", offered[0].ID.String()).With("lang", in.lang).Submit()
	h.RunJobs()
	token := ""
	for _, m := range h.relay.Messages() {
		if found := regexp.MustCompile(`/subscribe/confirm\?t=\S+`).FindString(m.Letter(t).Text); found != "" && m.To == address {
			token = found
		}
	}
	h.Visitor().Get(token).OK().Form("form[action='/subscribe/confirm']").Submit()
	who, found, err := h.Contacts.Holder(t.Context(), h.Owner.Actor(), contact.NewHandle{Channel: contact.Email, Value: address})
	must(t, err)
	if !found {
		t.Fatalf("nobody has %s", address)
	}
	must(t, h.Subscriptions.AskOwn(t.Context(), h.Subscriptions.ChoicesToken(who.Handles[0].ID, 0)))
	h.RunJobs()
}

// write sends what was published as a letter to who subscribed, and a test of it to the house.
func (h *house) write(t *testing.T, in told) {
	t.Helper()
	me := h.Owner.Actor()
	voices, err := h.Voices.List(t.Context())
	must(t, err)
	for _, v := range voices {
		if v.Lang != in.lang {
			continue
		}
		l, err := h.Newsletter.Create(t.Context(), me, newsletter.Input{Voice: v.ID, Subject: in.title, Body: in.body + "\n\n" + in.request})
		must(t, err)
		must(t, h.Newsletter.Test(t.Context(), me, l.ID, h.Owner.Email))
		must(t, h.Newsletter.Send(t.Context(), me, l.ID, time.Time{}))
		h.RunJobs()
	}
}

// silent has somebody who said nothing for nearly three years asked whether they wish to stay in touch.
func (h *house) silent(t *testing.T, in told) {
	t.Helper()
	me, now := h.Owner.Actor(), h.Clock.Now()
	h.Clock.Set(now.AddDate(-3, 0, 20))
	c, err := h.Contacts.Create(t.Context(), me, contact.NewContact{Name: in.name, Email: "silence." + in.lang + "@exemple.example", Lang: in.lang})
	must(t, err)
	_, err = h.Consents.Record(t.Context(), me, c.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: in.title})
	must(t, err)
	h.Clock.Set(now)
	must(t, h.Silences.Turn(t.Context(), me, true))
	must(t, h.Silences.Look(t.Context()))
	h.RunJobs()
}

// flood has somebody ask for letters to one mailbox again and again, so that the owners are told.
func (h *house) flood(t *testing.T) {
	t.Helper()
	voices, err := h.Voices.List(t.Context())
	must(t, err)
	for range 12 {
		h.Clock.Advance(11 * time.Minute)
		must(t, h.Subscriptions.Ask(t.Context(), subscription.AskInput{Email: "victime@exemple.example", Wording: "J’accepte.", Version: "1", Page: h.URL,
			From: netip.MustParseAddr("203.0.113.7"), Wish: subscription.Wish{Follows: []subscription.Follow{{Voice: voices[0].ID}}, Rhythm: subscription.Each, Lang: "fr-FR"}}))
	}
	for h.RunJobs(); h.Clock.Now().UTC().Hour() < 8 || h.Clock.Now().UTC().Hour() > 18; h.RunJobs() { // behind the quiet hours
		h.Clock.Advance(time.Hour)
	}
}

// voiceOf is the voice that speaks a language; what it sends who asks is on.
func (h *house) voiceOf(t *testing.T, in told) voice.Voice {
	t.Helper()
	me := h.Owner.Actor()
	all, err := h.Voices.List(t.Context())
	must(t, err)
	v := all[0]
	if in.lang != "fr-FR" {
		v, err = h.Voices.Create(t.Context(), me, voice.NewVoice{Name: in.voice, Kind: voice.Corporate, Lang: in.lang, Slug: "workshop"})
		must(t, err)
	}
	yes := true
	v, err = h.Voices.Change(t.Context(), me, v.ID, voice.Patch{Receipts: &yes})
	must(t, err)
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inside are the kinds that go to accounts of the house, who know whose it is.
var inside = []string{accountmail.KindReset, accountmail.KindInvite, accountmail.KindNotice, notice.KindNotice, notice.KindFlood, mailer.KindTest}

// TestWhatLeavesForPeopleOutsideSaysWhoSendsIt: rule R8, in both parts.
func TestWhatLeavesForPeopleOutsideSaysWhoSendsIt(t *testing.T) {
	h := everything(t)
	now, err := h.House.House.Get(t.Context())
	must(t, err)
	if len(now.Imprint()) < 4 {
		t.Fatalf("the house says too little of itself: %q", now.Imprint())
	}
	for _, s := range h.mails {
		if slices.Contains(inside, s.kind) {
			continue
		}
		l := s.Letter(t)
		for _, line := range now.Imprint() {
			if !strings.Contains(l.Text, line) || !strings.Contains(html.UnescapeString(l.HTML), line) {
				t.Errorf("%s does not say %q:\n%s", s.name(), line, l.Text)
			}
		}
	}
}

// TestEveryKindOfMailIsJudged keeps the list complete: a kind that nothing here has leave is judged by nobody.
func TestEveryKindOfMailIsJudged(t *testing.T) {
	h := everything(t)
	for _, kind := range h.Deliveries.Kinds(mailer.Channel) {
		for _, lang := range []string{"fr-FR", "en"} {
			if !slices.ContainsFunc(h.mails, func(s sent) bool { return s.kind == kind && s.lang == lang }) {
				t.Errorf("no %s left in %s", kind, lang)
			}
		}
	}
}
