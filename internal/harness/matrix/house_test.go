package matrix

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/view/segment"
)

// common stands beside every canary in words that are searched: who searches it finds all that they may see.
const common = "zqcommun"

// secret is a word or an id that only some may see.
type secret struct {
	place string
	word  string // in lower case
	may   rule
}

// house is a house with two public voices, A and B, and an internal one, C. A has something private of each kind.
type house struct {
	*harness.House
	t       *testing.T
	me      actor.Actor // the owner
	a, b, c voice.Voice
	people  []person
	writer  person // who writes in A alone
	secrets []secret
	ids     map[string]string // what the wildcards of an address become, by the name that targets give them
	n       int               // requests so far
}

func (hs *house) must(err error) {
	hs.t.Helper()
	if err != nil {
		hs.t.Fatal(err)
	}
}

// word makes a word that stands nowhere else, and says who may see it.
func (hs *house) word(place string, may rule) string {
	w := fmt.Sprintf("zqmatrice%02dz", len(hs.secrets))
	hs.secrets = append(hs.secrets, secret{place, w, may})
	return w
}

// id keeps an id that only some may see, and gives it a name in addresses.
func (hs *house) id(name string, id fmt.Stringer, may rule) {
	hs.ids[name] = id.String()
	if may != nil {
		hs.secrets = append(hs.secrets, secret{"id of the " + name, strings.ToLower(id.String()), may})
	}
}

func slug(s string) string { return strings.ToLower(strings.NewReplacer(" ", "-", ",", "").Replace(s)) }

func build(t *testing.T, engine db.Engine) *house {
	t.Helper()
	hs := &house{House: harness.Start(t, harness.Options{SetUp: true, Engine: engine}), t: t, ids: map[string]string{}}
	hs.me = hs.Owner.Actor()
	var err error
	hs.a, err = hs.Voices.Main(t.Context())
	hs.must(err)
	hs.b, err = hs.Voices.Create(t.Context(), hs.me, voice.NewVoice{Name: "La corporate", Slug: "la-corporate", Kind: voice.Corporate, Lang: "fr-FR"})
	hs.must(err)
	inside := hs.word("name of the internal voice", signedIn) // whoever works here sees which voices there are
	hs.c, err = hs.Voices.Create(t.Context(), hs.me, voice.NewVoice{Name: "Interne " + inside, Slug: inside, Kind: voice.Internal, Lang: "fr-FR"})
	hs.must(err)
	hs.makePeople()
	hs.write()
	hs.talk()
	hs.deal()
	hs.keepHouse()
	return hs
}

// write makes the posts.
func (hs *house) write() {
	ctx, by := hs.t.Context(), hs.writer.by
	create := func(by actor.Actor, in post.Input) post.Post {
		hs.t.Helper()
		p, err := hs.Posts.Create(ctx, by, in)
		hs.must(err)
		return p
	}
	full := func(place string, v fact.VoiceID, may rule) (in post.Input) {
		w := hs.word(place, may)
		return post.Input{Voice: v, Title: w + " titre", Slug: w, Summary: w + " résumé", Body: w + " corps " + common, Tags: []string{w + "mot"}}
	}
	var drawn bytes.Buffer
	hs.must(png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 600, 400))))
	picture, err := hs.Media.Upload(ctx, by, hs.word("name of a picture of a draft", inA(actor.Author))+".png", &drawn, hs.word("words of a picture of a draft", inA(actor.Author)))
	hs.must(err)
	in := full("draft", hs.a.ID, inA(actor.Author))
	in.Body += "\n\n![](" + media.Path(picture.ID, "960") + ")"
	hs.id("picture", picture.ID, inA(actor.Author))
	draft := create(by, in)
	hs.id("draft", draft.ID, inA(actor.Author))
	said, _, err := hs.Posts.Revisions(ctx, by, draft.ID, "", 1)
	hs.must(err)
	hs.id("revision", said[0].ID, ownPost)
	scheduled := create(by, full("scheduled post", hs.a.ID, inA(actor.Author)))
	_, err = hs.Posts.Schedule(ctx, by, scheduled.ID, clock.LocalOf(hs.Clock.Now().Add(48*time.Hour), time.UTC))
	hs.must(err)
	hs.id("scheduled", scheduled.ID, inA(actor.Author))
	deleted := create(by, full("deleted post", hs.a.ID, inA(actor.Author)))
	hs.must(hs.Posts.Delete(ctx, by, deleted.ID))
	hs.id("deleted", deleted.ID, inA(actor.Author))
	public := create(by, post.Input{Voice: hs.a.ID, Title: "Un billet public", Slug: "un-billet-public", Body: "Bonjour " + common, Comments: "open", Tags: []string{"bois"}, Section: "Métier"})
	_, err = hs.Posts.Publish(ctx, by, public.ID)
	hs.must(err)
	shelf, err := hs.Posts.CreateSection(ctx, hs.me, hs.a.ID, "Rayon", "")
	hs.must(err)
	hs.id("section", shelf.ID, nil)
	tags, err := hs.Posts.AllTags(ctx)
	hs.must(err)
	for _, t := range tags {
		if t.Slug == "bois" {
			hs.id("tag", t.ID, nil)
		}
	}
	hs.must(hs.Posts.KeepDraft(ctx, by, public.ID, 1, map[string]string{"body": hs.word("text being written on a public post", inA(actor.Author))}))
	hs.id("public", public.ID, nil)
	internal := create(hs.me, full("post of the internal voice", hs.c.ID, inC(actor.Reader)))
	_, err = hs.Posts.Publish(ctx, hs.me, internal.ID)
	hs.must(err)
	hs.id("internal", internal.ID, inC(actor.Reader))
	theirs := create(hs.me, post.Input{Voice: hs.b.ID, Title: "Un billet de B", Body: "Bonjour " + common})
	_, err = hs.Posts.Publish(ctx, hs.me, theirs.ID)
	hs.must(err)
	hs.id("theirs", theirs.ID, nil)
}

// talk has people write to A. One of them writes to B too, so that they are a contact of both.
func (hs *house) talk() {
	ctx := hs.t.Context()
	public, err := fact.Parse[fact.PostID](hs.ids["public"])
	hs.must(err)
	theirs, err := fact.Parse[fact.PostID](hs.ids["theirs"])
	hs.must(err)
	mine, people := inA(actor.Author), somewhere(actor.Author)
	email := hs.word("address of a client", people) + "@client.example"
	say := func(name, place, moderation string, post fact.PostID, v voice.Voice, may rule) {
		w, from := "zq", email
		if moderation == inbox.Spam {
			from = "spam@ailleurs.example" // or all that they write would be held
		}
		if may != nil {
			w = hs.wordOnce(place, may)
		}
		m, _, err := hs.Inbox.Import(ctx, actor.Importer(), inbox.Import{Attention: inbox.Open, Incoming: inbox.Incoming{
			Post: post, Voice: v.ID, Subject: "x", Kind: inbox.KindComment, Name: "Paul Kervella", From: contact.Address(from),
			Body: w + " " + common, Moderation: moderation, Lang: "fr-FR", At: hs.Clock.Now()}})
		hs.must(err)
		hs.ids[name] = m.ID.String()
		hs.ids["contact"] = m.Contact.String()
	}
	say("held", "held comment", inbox.Held, public, hs.a, mine)
	say("spam", "spam", inbox.Spam, public, hs.a, mine)
	say("removed", "removed comment", inbox.Removed, public, hs.a, mine)
	say("comment", "", inbox.Visible, public, hs.a, nil)
	say("remark to B", "", inbox.Visible, theirs, hs.b, nil)
	for _, name := range []string{"held", "spam", "removed"} {
		hs.secrets = append(hs.secrets, secret{"id of the " + name + " message", hs.ids[name], mine})
	}
	hs.Clock.Advance(10 * time.Minute) // or it would be one of many in a minute, and held
	request, err := hs.Inbox.Request(ctx, inbox.RequestInput{Voice: hs.a.ID, Name: "Paul Kervella", Email: email, Body: hs.word("request", mine) + " " + common,
		How: hs.word("how they came", mine), Lang: "fr-FR"})
	hs.must(err)
	hs.id("request", request.ID, mine)
	hs.id("conversation", request.Conversation, mine)
	hs.RunJobs() // what comes now waits: it may still be cancelled
	_, err = hs.Inbox.Answer(ctx, hs.writer.by, request.ID, hs.word("answer by mail", mine)+" "+common)
	hs.must(err)
	all, _, err := hs.Deliveries.List(ctx, hs.me, delivery.Filter{Limit: 100})
	hs.must(err)
	for _, d := range all {
		if d.Contact.String() == hs.ids["contact"] {
			hs.id("delivery", d.ID, mine)
		}
	}
	if hs.ids["delivery"] == "" {
		hs.t.Fatalf("the answer made no delivery among %+v", all)
	}
	other, err := hs.Contacts.Create(ctx, hs.me, contact.NewContact{Name: hs.word("name of a contact", people), Email: hs.word("address of a contact", people) + "@client.example",
		Note: hs.word("note on a contact", people) + " " + common})
	hs.must(err)
	hs.id("other contact", other.ID, people)
	somebody, err := fact.Parse[fact.ContactID](hs.ids["contact"])
	hs.must(err)
	kept, err := hs.Segments.Save(ctx, hs.me, segment.Segment{Name: hs.word("name of a segment", everywhere(editor))})
	hs.must(err)
	hs.id("segment", kept.ID, everywhere(editor))
	field, err := hs.Contacts.SaveField(ctx, hs.me, contact.Field{Name: hs.word("name of a field", people), Kind: contact.Text})
	hs.must(err)
	hs.id("field", field.ID, people)
	place := hs.word("town of a contact", people)
	_, err = hs.Contacts.Change(ctx, hs.me, somebody, contact.Patch{Place: &place, Fields: map[fact.FieldID]string{field.ID: hs.word("value of a field", people)}})
	hs.must(err)
	list, err := hs.Roster.Keep(ctx, hs.me, "clients.csv", strings.NewReader("Nom,Courriel\n"+hs.word("name in a list", everywhere(editor))+",liste@client.example\n"))
	hs.must(err)
	hs.id("import", list, everywhere(editor))
	call, err := hs.Contacts.NoteCall(ctx, hs.me, somebody, "call", hs.word("words of a call", people))
	hs.must(err)
	hs.id("call", call.ID, people)
}

// wordOnce is word inside a write, which may run twice.
func (hs *house) wordOnce(place string, may rule) string {
	for _, s := range hs.secrets {
		if s.place == place {
			return s.word
		}
	}
	return hs.word(place, may)
}

// deal makes the mandates of A.
func (hs *house) deal() {
	ctx := hs.t.Context()
	request, err := fact.Parse[fact.MessageID](hs.ids["request"])
	hs.must(err)
	m, err := hs.Mandates.FromMessage(ctx, hs.writer.by, request)
	hs.must(err)
	mine := inA(actor.Author)
	title, note, act, cents, on := hs.word("title of a mandate", mine), hs.word("note on a mandate", mine), hs.word("next act of a mandate", mine), int64(987_654_321_00),
		clock.DayOf(hs.Clock.Now(), time.UTC)
	hs.secrets = append(hs.secrets, secret{"amount of a mandate", "98765432100", mine}, secret{"amount of a mandate, as pages say it", "987 654 321", mine})
	_, err = hs.Mandates.Change(ctx, hs.writer.by, m.ID, mandate.Patch{Title: &title, Note: &note, NextAct: &act, NextOn: &on, AmountCents: &cents})
	hs.must(err)
	hs.id("mandate", m.ID, mine)
	gone, err := hs.Mandates.Open(ctx, hs.writer.by, mandate.Input{Title: hs.word("title of a deleted mandate", mine), Voice: m.Voice})
	hs.must(err)
	hs.must(hs.Mandates.Delete(ctx, hs.writer.by, gone.ID))
	hs.id("deletedMandate", gone.ID, mine)
	for _, name := range []string{"letter", "scheduledLetter", "pausedLetter", "cancelledLetter",
		"pageLetter", "pagePauseLetter", "pageResumeLetter", "pageCancelLetter", "pageDeleteLetter"} {
		l, err := hs.Newsletter.Create(ctx, hs.me, newsletter.Input{Voice: m.Voice, Subject: hs.word("subject of the "+name, mine), Body: hs.word("text of the "+name, mine)})
		hs.must(err)
		if name != "letter" && name != "pageLetter" && name != "pageDeleteLetter" {
			hs.must(hs.Newsletter.Send(ctx, hs.me, l.ID, hs.Clock.Now().Add(1000*time.Hour)))
		}
		if name == "pausedLetter" || name == "pageResumeLetter" {
			hs.must(hs.Newsletter.Pause(ctx, hs.me, l.ID))
		}
		hs.id(name, l.ID, mine)
	}
	_, err = hs.Mandates.Open(ctx, hs.me, mandate.Input{Title: hs.word("mandate of no voice", everywhere(actor.Author)), NextAct: "x", NextOn: on})
	hs.must(err)
}

// keepHouse makes what only owners see, and what is one person's alone.
func (hs *house) keepHouse() {
	ctx := hs.t.Context()
	a, err := hs.Accounts.Create(ctx, hs.me, account.NewAccount{Email: hs.word("address of an account", owners) + "@maison.example", Name: "Autre Personne", Lang: "fr-FR",
		Grants: []actor.Grant{{Voice: int64(hs.b.ID), Role: actor.Reader}}})
	hs.must(err)
	hs.id("account", a.ID, owners)
	_, err = hs.Accounts.OpenSession(ctx, hs.writer.account, hs.word("browser of a session", writer))
	hs.must(err)
	sessions, err := hs.Accounts.Sessions(ctx, hs.writer.by)
	hs.must(err)
	for _, s := range sessions {
		if s.Agent != "matrix" {
			hs.id("session", s.ID, writer)
		}
	}
	_, token, err := hs.Accounts.CreateToken(ctx, hs.writer.by, hs.writer.account, hs.word("name of a token", writer), account.Read)
	hs.must(err)
	hs.id("token", token.ID, writer)
	hs.id("relay", mailertest.Add(hs.t, hs.House.Relays, "smtp://"+hs.word("user of the relay", owners)+":"+hs.word("password of the relay", nobody)+"@127.0.0.1:9?tls=off"), owners)
}
