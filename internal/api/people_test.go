package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// opened makes the house public.
func (w *world) opened() *world {
	w.t.Helper()
	w.patch("/api/v1/house", identity).want(200)
	w.patch("/api/v1/house", object{"public": true}).want(200)
	return w
}

func (w *world) comment(post, body string) inbox.Message {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	id, err := fact.Parse[fact.PostID](post)
	must(w.t, err)
	m, err := w.deps.Inbox.Comment(w.t.Context(), inbox.CommentInput{Post: id, Name: "Paul", Email: "paul@kervella.example", Body: body})
	must(w.t, err)
	return m
}

func (w *world) request(body, how string) inbox.Message {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	m, err := w.deps.Inbox.Request(w.t.Context(), inbox.RequestInput{Name: "Paul", Email: "paul@kervella.example", Body: body, How: how})
	must(w.t, err)
	return m
}

func TestMessagesAreReadJudgedAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).opened()
	p := w.post("/api/v1/posts", object{"title": "Le bois", "body": "x", "status": "published"}).want(201)
	held := w.comment(p.id(), "Et le hêtre ?")
	at := "/api/v1/messages/" + held.ID.String()
	list := w.get("/api/v1/messages?state=held").items()
	if len(list) != 1 {
		t.Fatalf("held: %v", list)
	}
	contains(t, list[0], object{"id": held.ID.String(), "conversation_id": held.Conversation.String(), "channel": "site", "kind": "comment",
		"state": "held", "body": "Et le hêtre ?", "contact": held.Contact.String(), "post": p.id(), "at": "2026-03-02T09:01:00Z", "name": "Paul",
		"how": "", "voice": "claire", "reason": "first", "direction": "in", "parent": nil})
	if strings.Contains(w.get("/api/v1/messages").raw, "paul@") {
		t.Error("a message shows the address of its writer")
	}
	w.post(at+"/reopen", nil).problem(409, "message.held") // what is refused says so: nothing would change
	w.post(at+"/close", nil).problem(409, "message.held")
	w.post(at+"/approve", nil).want(200).has(object{"state": "open"})
	w.post(at+"/spam", nil).want(200).has(object{"state": "spam", "contact": nil}) // who only sent spam is known no more
	w.post(at+"/answer", object{"body": "Oui."}).problem(409, "message.rejected")
	w.post(at+"/reopen", nil).problem(409, "message.rejected")
	w.post(at+"/close", nil).problem(409, "message.rejected")
	person := w.post(at+"/approve", nil).want(200).has(object{"state": "open"}).body["contact"].(string)
	w.post(at+"/close", nil).want(200).has(object{"state": "closed"})
	w.post(at+"/reopen", nil).want(200).has(object{"state": "open"})
	w.post(at+"/answer", object{"body": " "}).problem(422, "invalid", "body", "required")
	answer := w.post(at+"/answer", object{"body": "Le **hêtre** aussi."}).want(201).has(object{"kind": "answer", "direction": "out",
		"body": "Le **hêtre** aussi.", "parent": held.ID.String(), "post": p.id(), "name": "Claire Aubin"})
	w.get(at).has(object{"state": "answered"})
	w.post("/api/v1/messages/"+answer.id()+"/answer", object{"body": "x"}).problem(409, "message.own")
	w.post("/api/v1/messages/"+answer.id()+"/close", nil).problem(409, "message.own")
	w.post("/api/v1/messages/0000000000001/close", nil).problem(404, "message.not_found")
	for query, n := range map[string]int{"state=answered": 1, "state=held": 0, "post=" + p.id(): 1, "contact=" + person: 1, "kind=request": 0} {
		if got := len(w.get("/api/v1/messages?" + query).items()); got != n {
			t.Errorf("%s lists %d, want %d", query, got, n)
		}
	}
	w.send(w.write, "GET", "/api/v1/messages?post=x", nil).problem(422, "invalid", "post", "unknown")
	w.send(w.read, "POST", at+"/close", nil).problem(403, "token.read_only")
}

func TestContactsHaveATimelineInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).opened()
	made := w.post("/api/v1/contacts", object{"name": "Ana Le Goff", "email": "Ana@legoff.example", "phone": "+33 6 12 34 56 78", "company": "Le Goff",
		"role": "gérante", "lang": "fr-FR", "note": "n"}).want(201)
	made.has(object{"name": "Ana Le Goff", "email": "Ana@legoff.example", "company": "Le Goff", "role": "gérante", "lang": "fr-FR", "note": "n", "origin": "api"})
	w.get("/api/v1/contacts/" + made.id()).has(object{"name": "Ana Le Goff", "created_at": "2026-03-02T09:00:00Z"})
	w.post("/api/v1/contacts", object{"name": "Ana", "email": "ana@LEGOFF.example"}).problem(422, "invalid", "email", "known")
	w.post("/api/v1/contacts", object{}).problem(422, "invalid", "name", "required")
	if found := w.get("/api/v1/contacts?q=goff").items(); len(found) != 1 || found[0]["id"] != made.id() {
		t.Errorf("found %v", found)
	}
	w.send(w.write, "GET", "/api/v1/contacts/x", nil).problem(404, "contact.not_found")
	w.send(w.write, "GET", "/api/v1/contacts/x/timeline", nil).problem(404, "contact.not_found")

	p := w.post("/api/v1/posts", object{"title": "Le bois", "body": "x", "status": "published"}).want(201)
	c := w.comment(p.id(), "Bravo")
	r := w.request("Une bibliothèque", "par le journal")
	w.post("/api/v1/mandates", object{"title": "Bibliothèque", "message": r.ID.String(), "stage": "won", "amount_cents": 1240000}).want(201)
	path := "/api/v1/contacts/" + c.Contact.String() + "/timeline"
	items := w.get(path).items()
	if len(items) != 4 {
		t.Fatalf("timeline: %v", items)
	}
	byKind := map[any]object{}
	for _, one := range items {
		byKind[one["kind"]] = one
	}
	contains(t, byKind["commented"], object{"at": "2026-03-02T09:01:00Z", "kind": "commented", "text": "A commenté «\u00a0Le bois\u00a0»\u00a0: Bravo",
		"ref": c.ID.String(), "ref_kind": "message", "observed": false})
	if text := byKind["mandate_won"]["text"].(string); !strings.HasPrefix(text, "Mandat gagné\u00a0: Bibliothèque, 12") {
		t.Errorf("won: %q", text)
	}
	must(t, w.deps.Accounts.ChangeProfile(t.Context(), w.owner.Actor(), "Claire", "en"))
	for _, one := range w.get(path).items() {
		if one["kind"] == "commented" && one["text"] != "Commented on “Le bois”: Bravo" {
			t.Errorf("in English: %q", one["text"])
		}
	}
	first := w.get(path + "?limit=3")
	rest := w.get(path + "?limit=3&cursor=" + first.body["next_cursor"].(string)).has(object{"next_cursor": nil})
	if len(first.items()) != 3 || len(rest.items()) != 1 {
		t.Error("the timeline does not come in pages")
	}
}

func TestMandatesAndWhatTheyOwe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).opened()
	r := w.request("Une bibliothèque pour la mairie", "par le journal")
	m := w.post("/api/v1/mandates", object{"title": "Bibliothèque", "contact": r.Contact.String(), "message": r.ID.String(), "stage": "proposal",
		"amount_cents": 1240000, "currency": "EUR", "next_act": "Appeler", "next_on": "2026-03-09"}).want(201)
	m.has(object{"title": "Bibliothèque", "contact": r.Contact.String(), "message": r.ID.String(), "stage": "proposal", "amount_cents": 1240000,
		"currency": "EUR", "next_act": "Appeler", "next_on": "2026-03-09", "lost_reason": "", "postponed_until": nil, "declared": "par le journal",
		"voice": "claire", "closed_at": nil})
	at := "/api/v1/mandates/" + m.id()
	w.patch(at, object{"stage": "lost"}).problem(422, "invalid", "lost_reason", "required")
	w.patch(at, object{"stage": "postponed"}).problem(422, "invalid", "postponed_until", "required")
	w.patch(at, object{"next_on": "lundi", "message": "x"}).problem(422, "invalid", "next_on", "date")
	w.patch(at, object{"message": r.ID.String()}).problem(422, "invalid", "message", "fixed")
	w.patch(at, object{"contact": "x"}).problem(422, "invalid", "contact", "unknown")
	w.patch(at, object{"stage": "postponed", "postponed_until": "2026-06-01"}).want(200).has(object{"stage": "postponed", "postponed_until": "2026-06-01"})
	w.patch(at, object{"stage": "talk", "amount_cents": nil, "next_on": nil}).want(200).
		has(object{"stage": "talk", "amount_cents": nil, "next_on": nil, "postponed_until": nil, "title": "Bibliothèque"})
	w.patch(at, object{"stage": "won", "amount_cents": 900000}).want(200).has(object{"stage": "won", "closed_at": "2026-03-02T09:01:00Z"})
	w.get(at).has(object{"stage": "won"})
	w.post("/api/v1/mandates", object{"title": "Escalier", "stage": "lost", "lost_reason": "trop cher"}).want(201).has(object{"lost_reason": "trop cher"})
	w.post("/api/v1/mandates", object{"contact": "0000000000001", "title": "x"}).problem(422, "invalid", "contact", "unknown")
	w.send(w.write, "PATCH", "/api/v1/mandates/x", object{}).problem(404, "mandate.not_found")
	for query, n := range map[string]int{"": 2, "stage=won": 1, "stage=open": 0, "contact=" + r.Contact.String(): 1} {
		if got := len(w.get("/api/v1/mandates?" + query).items()); got != n {
			t.Errorf("%s lists %d, want %d", query, got, n)
		}
	}

	a := w.get("/api/v1/attribution")
	contains(t, a.body["won"].(object), object{"count": 1, "amounts": []object{{"currency": "EUR", "cents": 900000}}})
	cases := a.body["mandates"].([]any)
	if len(cases) != 2 {
		t.Fatalf("attribution: %s", a.raw)
	}
	for _, one := range cases {
		if one := one.(object); one["id"] == m.id() {
			contains(t, one, object{"title": "Bibliothèque", "stage": "won", "amount_cents": 900000, "currency": "EUR", "declared": "par le journal", "observed": []any{}})
			presumed := one["presumed"].([]any)
			if len(presumed) != 1 {
				t.Fatalf("presumed: %v", presumed)
			}
			contains(t, presumed[0].(object), object{"at": "2026-03-02T09:01:00Z", "kind": "asked", "ref": r.ID.String(), "why": "unverified"})
		}
	}
}

func TestASubscriptionIsToldAndCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).opened()
	made := w.post("/api/v1/contacts", object{"name": "Ana", "email": "ana@legoff.example"}).want(201)
	id, err := fact.Parse[fact.ContactID](made.id())
	must(t, err)
	w.clock.Advance(time.Minute)
	must(t, w.deps.DB.Write(t.Context(), func(tx *db.Tx) error {
		c, err := w.deps.Contacts.GetIn(tx, id)
		if err != nil {
			return err
		}
		if _, err := w.deps.Contacts.VerifyIn(tx, actor.Visitor(), c.Handles[0].ID); err != nil {
			return err
		}
		return w.subs.FollowIn(tx, id, c.Handles[0].ID, subscription.Wish{Follows: []subscription.Follow{{Voice: w.claire.ID}}, Lang: "fr-FR"})
	}))
	w.clock.Advance(time.Minute)
	w.post("/api/v1/mandates", object{"title": "Bibliothèque", "contact": made.id(), "stage": "won"}).want(201)
	items := w.get("/api/v1/contacts/" + made.id() + "/timeline").items()
	if len(items) != 4 {
		t.Fatalf("timeline: %v", items)
	}
	contains(t, items[2], object{"at": "2026-03-02T09:01:00Z", "kind": "subscribed", "text": "Abonnement à la lettre «\u00a0Claire Aubin\u00a0»", "ref": w.claire.ID.String(),
		"ref_kind": "voice", "observed": true})
	a := w.get("/api/v1/attribution")
	contains(t, a.body["won"].(object), object{"count": 1, "observed": 1, "subscribed": 1, "presumed": 0})
	observed := a.body["mandates"].([]any)[0].(object)["observed"].([]any)
	contains(t, observed[0].(object), object{"at": "2026-03-02T09:01:00Z", "kind": "subscribed", "ref": w.claire.ID.String()})
	export := w.get("/api/v1/contacts/" + made.id() + "/export")
	contains(t, export.body["follows"].([]any)[0].(object), object{"voice": "Claire Aubin", "asked_at": "2026-03-02T09:01:00Z", "left_at": nil})
	for _, one := range export.body["timeline"].([]any) {
		if one := one.(object); one["kind"] == "subscribed" {
			contains(t, one, object{"label": "Claire Aubin", "observed": true})
			return
		}
	}
	t.Errorf("the copy tells %v", export.body["timeline"])
}

func TestDeliveriesSayWhyTheyWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	must(t, w.deps.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := w.deps.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: "answer", Key: "answer/1", Voice: w.claire.ID,
			Recipient: "paul@kervella.example", Subject: "Bonjour"})
		return err
	}))
	list := w.get("/api/v1/deliveries?state=held").items()
	if len(list) != 1 {
		t.Fatalf("held: %v", list)
	}
	contains(t, list[0], object{"channel": "mail", "kind": "answer", "purpose": "conversation", "voice": "claire", "to": "paul@kervella.example", "state": "held", "reason": "no_relay",
		"server_reply": "", "at": "2026-03-02T09:00:00Z", "subject": "Bonjour", "contact": nil})
	if text, _ := list[0]["reason_text"].(string); !strings.HasPrefix(text, "L’envoi des courriels n’est pas réglé") {
		t.Errorf("reason in words: %q", text)
	}
	if list := w.get("/api/v1/deliveries?state=sent").items(); len(list) != 0 {
		t.Errorf("sent: %v", list)
	}
	w.send(w.write, "GET", "/api/v1/deliveries?state=lost", nil).problem(422, "invalid", "state", "unknown")
}

// TestTokenMayWhatItsAccountMay: an author of one voice does nothing in another and knows nothing of its drafts.
func TestTokenMayWhatItsAccountMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	var theirs string
	must(t, w.deps.DB.Write(t.Context(), func(tx *db.Tx) error {
		v, err := w.deps.Voices.CreateIn(tx, actor.System(), voice.NewVoice{Name: "Les Ateliers", Slug: "ateliers", Kind: voice.Corporate, Lang: "fr-FR"})
		if err != nil {
			return err
		}
		a, err := w.deps.Accounts.CreateIn(tx, actor.System(), account.NewAccount{Email: "yann@aubin.example", Name: "Yann", Lang: "fr-FR",
			Grants: []actor.Grant{{Voice: int64(v.ID), Role: actor.Author}}})
		theirs = a.ID.String()
		return err
	}))
	id, err := fact.Parse[fact.AccountID](theirs)
	must(t, err)
	yann := w.token(id, account.Write)
	draft := w.post("/api/v1/posts", object{"title": "Secret", "voice": "claire"}).want(201)
	w.send(yann, "GET", "/api/v1/posts/"+draft.id(), nil).problem(404, "post.not_found")
	w.send(yann, "POST", "/api/v1/posts", object{"title": "x", "voice": "claire"}).problem(403, "forbidden")
	w.send(yann, "POST", "/api/v1/posts", object{"title": "x", "voice": "ateliers", "status": "published"}).want(201)
	w.send(yann, "PATCH", "/api/v1/house", object{"name": "x"}).problem(403, "forbidden")
	w.send(yann, "POST", "/api/v1/voices", object{"name": "x"}).problem(403, "forbidden")
	if list := w.send(yann, "GET", "/api/v1/posts", nil).want(200).items(); len(list) != 1 {
		t.Errorf("sees %v", list)
	}
}

// TestWhoReadsNothingInternalLearnsNothingOfInternalVoices: not their name, biography, address or sections; for them they are unknown.
func TestWhoReadsNothingInternalLearnsNothingOfInternalVoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.post("/api/v1/voices", object{"name": "Entre nous", "slug": "entre-nous", "kind": "internal", "bio": "Des secrets.", "email": "secret@aubin.example"}).want(201)
	w.post("/api/v1/sections", object{"voice": "entre-nous", "name": "Salaires"}).want(201)
	account := func(email string, grants ...actor.Grant) string {
		t.Helper()
		var id fact.AccountID
		must(t, w.deps.DB.Write(t.Context(), func(tx *db.Tx) error {
			a, err := w.deps.Accounts.CreateIn(tx, actor.System(), account.NewAccount{Email: email, Name: "Quelqu’un", Lang: "fr-FR", Grants: grants})
			id = a.ID
			return err
		}))
		return w.token(id, account.Write)
	}
	inside := w.get("/api/v1/voices").items()
	var internal fact.VoiceID
	for _, v := range inside {
		if v["slug"] == "entre-nous" {
			internal, _ = fact.Parse[fact.VoiceID](v["id"].(string))
		}
	}
	for who, bearer := range map[string]string{
		"nobody": account("rien@aubin.example"), "an author elsewhere": account("auteur@aubin.example", actor.Grant{Voice: int64(w.claire.ID), Role: actor.Author}),
	} {
		for _, path := range []string{"/api/v1/voices", "/api/v1/sections", "/api/v1/house", "/api/v1/posts"} {
			r := w.send(bearer, "GET", path, nil)
			for _, word := range []string{"ntre", "ecret", "alaires"} {
				if strings.Contains(fmt.Sprint(r.body), word) {
					t.Errorf("%s reads %q at %s: %s", who, word, path, r.body)
				}
			}
		}
		for _, name := range []string{"entre-nous", internal.String()} {
			w.send(bearer, "GET", "/api/v1/sections?voice="+name, nil).problem(422, "invalid", "voice", "unknown")
			w.send(bearer, "POST", "/api/v1/posts", object{"title": "x", "voice": name}).problem(422, "invalid", "voice", "unknown")
		}
	}
	reader := account("lecteur@aubin.example", actor.Grant{Voice: int64(internal), Role: actor.Reader})
	if n := len(w.send(reader, "GET", "/api/v1/sections?voice=entre-nous", nil).want(200).items()); n != 1 {
		t.Errorf("a reader of the voice sees %d sections", n)
	}
}

// What is sent twice without a key is one, as by the pages; two keys are two, and so are other words.
func TestWhatIsSentTwiceWithoutAKeyIsOne(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			w := newWorld(t, engine)
			person := w.post("/api/v1/contacts", object{"name": "Zoé", "company": "Bois & Cie"}).want(201).id()
			for path, body := range map[string]object{
				"/api/v1/contacts":                      {"name": "Ana", "note": "vue au salon"},
				"/api/v1/mandates":                      {"title": "Une table", "contact": person, "amount_cents": 120000},
				"/api/v1/contacts/" + person + "/calls": {"kind": "call", "words": "Rappeler mardi"},
			} {
				first := w.post(path, body).want(201).id()
				if again := w.post(path, body).want(201).id(); again != first {
					t.Errorf("%s: the same words are %s and %s", path, first, again)
				}
				other := object{}
				for k, v := range body {
					other[k] = v
				}
				for _, word := range []string{"note", "title", "words"} {
					if v, is := other[word]; is {
						other[word] = v.(string) + " !"
					}
				}
				if w.post(path, other).want(201).id() == first {
					t.Errorf("%s: other words are lost", path)
				}
				w.clock.Advance(11 * time.Minute)
				if w.post(path, body).want(201).id() == first {
					t.Errorf("%s: what is said again later is lost", path)
				}
			}
		})
	}
}

func TestFieldsOfTheHouseAreMadeFilledAndRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	budget := w.post("/api/v1/fields", object{"name": "Budget", "kind": "number"}).want(201).has(object{"kind": "number", "choices": []any{}, "archived": false})
	w.post("/api/v1/fields", object{"name": "Essence", "kind": "choice", "choices": []string{"Chêne", "Hêtre"}}).want(201)
	w.post("/api/v1/fields", object{"name": "Rappel", "kind": "date"}).want(201)
	w.post("/api/v1/fields", object{"name": "budget"}).problem(422, "invalid", "name", "taken")
	w.post("/api/v1/fields", object{"name": "Bois", "kind": "choice"}).problem(422, "invalid", "choices", "required")
	if n := len(w.get("/api/v1/fields").items()); n != 3 {
		t.Errorf("%d fields", n)
	}
	paul := w.post("/api/v1/contacts", object{"name": "Paul", "place": "Quimper", "fields": object{"Budget": 12500.5, "essence": "hetre", "Rappel": "2026-03-04"}}).want(201)
	paul.has(object{"place": "Quimper", "fields": object{"Budget": 12500.5, "Essence": "Hêtre", "Rappel": "2026-03-04"}})
	at := "/api/v1/contacts/" + paul.id()
	w.patch(at, object{"fields": object{"Budget": nil}}).want(200).has(object{"fields": object{"Essence": "Hêtre", "Rappel": "2026-03-04"}})
	w.patch(at, object{"fields": object{"Taille": 3}}).problem(422, "invalid", "fields.Taille", "unknown")
	w.patch(at, object{"fields": object{"Budget": "cher"}}).problem(422, "invalid", "fields.Budget", "decimal")
	w.patch(at, object{"fields": object{"Budget": []int{1}}}).problem(422, "invalid", "fields.Budget", "type")
	w.post("/api/v1/contacts", object{"name": "Ana", "fields": object{"Rappel": "demain"}}).problem(422, "invalid", "fields.Rappel", "date")
	w.patch(at, object{"fields": 3}).problem(422, "invalid", "fields", "type")
	w.patch("/api/v1/fields/"+budget.id(), object{"kind": "text"}).problem(422, "invalid", "kind", "fixed")
	w.patch("/api/v1/fields/"+budget.id(), object{"name": "Enveloppe", "archived": true}).want(200).has(object{"name": "Enveloppe", "archived": true})
	w.get(at).want(200).has(object{"fields": object{"Essence": "Hêtre", "Rappel": "2026-03-04"}})
}
