package harness_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/view/doctor"
)

// textColumns are the columns that hold words, of every table that the database has.
func textColumns(t *testing.T, h *harness.House) (columns [][2]string) {
	t.Helper()
	text := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
		 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search_stems%' AND c.type IN ('TEXT', 'BLOB') ORDER BY 1, c.cid`
	if h.DB.Engine() == db.Postgres {
		text = `SELECT c.table_name, c.column_name
		          FROM information_schema.columns c JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
		         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'bytea', 'tsvector') ORDER BY 1, 2`
	}
	read(t, h, func(tx *db.Tx) (err error) {
		columns, err = db.All(tx, db.Query{Name: "test.columns", SQL: text}, func(r db.Row) (c [2]string, err error) {
			err = r.Scan(&c[0], &c[1])
			return c, err
		})
		return err
	})
	return columns
}

func read(t *testing.T, h *harness.House, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := h.DB.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// places returns the columns in which one of words stands, in whatever case.
func places(t *testing.T, h *harness.House, words ...string) (found []string) {
	t.Helper()
	for _, c := range textColumns(t, h) {
		read(t, h, func(tx *db.Tx) error {
			rows, err := db.All(tx, db.Query{Name: "test.grep", SQL: fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s WHERE %s IS NOT NULL", c[1], c[0], c[1])},
				db.Scalar[string])
			for _, row := range rows {
				for _, word := range words {
					if strings.Contains(strings.ToLower(row), word) {
						found = append(found, c[0]+"."+c[1])
					}
				}
			}
			return err
		})
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// traces are what stands in every trace that left makes.
var traces = []string{"zorbec", "quatremere", "quatremère"}

// left is what somebody left behind.
type left struct {
	path          string // of the post that they commented
	person, alias fact.ContactID
	mandate       mandate.Mandate
	cents         int64
	request       inbox.Message
}

// leave lets somebody leave traces wherever a person can.
func leave(t *testing.T, h *harness.House) (l left) {
	t.Helper()
	me := h.Owner.Actor()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l.path = publish(t, h, "Nos délais", "Une date sûre.")
	say := func(name, email, body string) {
		h.Visitor().Get(l.path).OK().Form("#repondre").Fill("name", name).Fill("email", email).Fill("body", body).With("notify", "on").
			Submit().Is(http.StatusSeeOther)
		h.Clock.Advance(time.Minute)
	}
	ask := func(name, email, body string) {
		h.Visitor().Get("/contact").OK().Form("form[method=post]").Fill("name", name).Fill("email", email).Fill("body", body).
			Fill("how", "Par Zorbec lui-même").Submit()
		h.Clock.Advance(time.Minute)
	}
	say("Zorbec Quatremère", "zorbec@quatremere.example", "Ici Zorbec, sous le billet.")
	first := only(t, h, inbox.Filter{State: inbox.Held})
	must(h.Inbox.Approve(t.Context(), me, first.ID))
	_, err := h.Inbox.Answer(t.Context(), me, first.ID, "Merci de cette remarque.")
	must(err)
	h.RunJobs()
	confirm := h.Visitor().Get(linkIn(t, h, last(t, h, "zorbec@quatremere.example").Text, "/confirm")).OK()
	confirm.Form("form").Submit()
	say("Zorbec Quatremère", "zorbec@quatremere.example", "Une deuxième de Zorbec, que personne ne relève.")
	ask("Zorbec Quatremère", "zorbec@quatremere.example", "Zorbec voudrait refaire ses bureaux.")
	l.request = only(t, h, inbox.Filter{Kind: inbox.KindRequest})
	_, err = h.Inbox.Answer(t.Context(), me, l.request.ID, "Cher Zorbec, passez mardi.")
	must(err)
	h.RunJobs()
	l.mandate, err = h.Mandates.FromMessage(t.Context(), me, l.request.ID)
	must(err)
	l.cents = 900_000
	won, note, next := mandate.Won, "Zorbec paie bien", "Rappeler Zorbec"
	_, err = h.Mandates.Change(t.Context(), me, l.mandate.ID, mandate.Patch{Stage: &won, AmountCents: &l.cents, Note: &note, NextAct: &next})
	must(err)
	// A second card of the same person, merged; the program that wrote it down kept its answer.
	l.alias = createOnce(t, h, `{"name": "Z. Quatremère", "email": "zorbec@ailleurs.example", "note": "cousin de Zorbec"}`)
	must(h.Contacts.Merge(t.Context(), me, first.Contact, l.alias))
	l.person = first.Contact
	// A mistaken judgement of spam keeps who says to have sent it, tied to nobody.
	ask("Zorbec Quatremère", "zorbec@quatremere.example", "Zorbec encore, pris pour du pourriel.")
	must(h.Inbox.Spam(t.Context(), me, latest(t, h).ID))
	// Something still waits to leave.
	_, err = h.Inbox.Answer(t.Context(), me, l.request.ID, "Zorbec, j’oubliais : à dix heures.")
	must(err)
	return l
}

// TestWhoeverIsErasedIsNowhereInTheDatabase lets somebody leave traces wherever a person can, erases them, and reads every
// text of every table.
func TestWhoeverIsErasedIsNowhereInTheDatabase(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		me := h.Owner.Actor()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		l := leave(t, h)
		before := places(t, h, traces...)
		for _, column := range []string{"contacts.name", "handles.value", "messages.body", "mandates.title", "idempotent_answers.body", "timeline.label", "deliveries.recipient"} {
			if !slices.Contains(before, column) {
				t.Errorf("the test leaves no trace in %s: %v", column, before)
			}
		}
		outside := func() (n int) { // the owner is told of a token
			for _, m := range h.Mail.All() {
				if m.To.Email != h.Owner.Email {
					n++
				}
			}
			return n
		}
		mails := outside()
		page := h.SignIn().Get("/app/contacts/" + l.person.String()).OK().Click("Effacer cette personne…").OK()
		page.Has("main", "Ce qui part").Has("main", "Ce qui reste").Form("main form").Submit().Is(http.StatusSeeOther)

		if after := places(t, h, traces...); len(after) != 0 {
			t.Errorf("still in %v", after)
		}
		for _, word := range []string{"Zorbec", "Quatremère", "bureaux"} {
			read(t, h, func(tx *db.Tx) error {
				for _, space := range []string{contact.Space, inbox.Space} {
					hits, err := fulltext.Search(tx, space, []string{"fr-FR"}, word, 5, 0)
					if err != nil || len(hits) != 0 {
						t.Errorf("%s finds %v in %s: %v", word, hits, space, err)
					}
				}
				return nil
			})
		}
		h.RunJobs()
		if n := outside(); n != mails {
			t.Errorf("%d mails left after the erasure", n-mails)
		}
		for _, id := range []fact.ContactID{l.person, l.alias} {
			if _, err := h.Contacts.Get(t.Context(), me, id); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("the erased are still found: %v", err)
			}
		}
		// The house keeps its books, and its own public word in its place.
		kept, err := h.Mandates.Get(t.Context(), me, l.mandate.ID)
		must(err)
		if kept.Stage != mandate.Won || kept.AmountCents == nil || *kept.AmountCents != l.cents || !kept.Contact.IsZero() {
			t.Errorf("the mandate is %+v", kept)
		}
		h.Visitor().Get(l.path).OK().Has("#conversation", "Merci de cette remarque").HasNot("#conversation", "Zorbec")
		for _, f := range h.Doctor().Look(t.Context()) {
			if f.What == "rows" && f.Level != doctor.Well {
				t.Errorf("the doctor says %+v", f)
			}
		}
		// Who writes again is somebody new.
		h.Visitor().Get("/contact").OK().Form("form[method=post]").Fill("name", "Zorbec Quatremère").Fill("email", "zorbec@quatremere.example").
			Fill("body", "Me revoici.").Submit()
		if again := only(t, h, inbox.Filter{Kind: inbox.KindRequest}); again.Contact == l.person || again.Contact.IsZero() {
			t.Errorf("they came back as %v", again.Contact)
		}
	})
}

// latest is the newest message that came in.
func latest(t *testing.T, h *harness.House) inbox.Message {
	t.Helper()
	found, _, err := h.Inbox.List(t.Context(), h.Owner.Actor(), inbox.Filter{Limit: 1})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0]
}

// createOnce writes a contact down by the API, with an Idempotency-Key.
func createOnce(t *testing.T, h *harness.House, body string) fact.ContactID {
	t.Helper()
	bearer, _, err := h.Accounts.CreateToken(t.Context(), h.Owner.Actor(), h.Owner.ID, "programme", account.Write)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/api/v1/contacts", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "once")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	id, err := fact.Parse[fact.ContactID](made.ID)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestOnlyEditorsOfTheHouseErase: an author, and an editor of one voice, may not.
func TestOnlyEditorsOfTheHouseErase(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	c, err := h.Contacts.Create(t.Context(), me, contact.NewContact{Name: "Anne"})
	if err != nil {
		t.Fatal(err)
	}
	for _, grant := range []actor.Grant{{Role: actor.Author}, {Voice: int64(mainVoice(t, h)), Role: actor.Editor}} {
		err := h.Contacts.Erase(t.Context(), actor.Actor{Account: 7, Grants: []actor.Grant{grant}}, c.ID)
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%+v: %v", grant, err)
		}
	}
	status, _ := h.API("DELETE", "/contacts/"+c.ID.String(), nil)
	if status != http.StatusNoContent {
		t.Errorf("DELETE gives %d", status)
	}
	if status, _ = h.API("DELETE", "/contacts/"+c.ID.String(), nil); status != http.StatusNotFound {
		t.Errorf("a second DELETE gives %d", status)
	}
}
