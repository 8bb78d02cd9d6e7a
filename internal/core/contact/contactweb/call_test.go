package contactweb_test

import (
	"regexp"
	"strings"
	"testing"

	"causerie/internal/platform/db"
)

func TestACallOrAVisitIsNotedInTheThreadAndTakenOut(t *testing.T) {
	t.Parallel()
	s := site(t)
	w := s.W
	asked := w.Request("Paul Kervella", "paul@kervella.example", "Un devis ?", "")
	at := "/app/contacts/" + asked.Contact.String()
	res, body := s.Get(at)
	s.Wants(t, res, body, 200, "Noter un appel ou une visite")
	if res, body = s.Post(at+"/calls", "kind", "call", "words", " "); res.StatusCode != 422 || !strings.Contains(body, `<details class="fold" open>`) {
		t.Error("a call without a word:", res.Status)
	}
	if res, _ = s.Post(at+"/calls", "kind", "dance", "words", "x"); res.StatusCode != 422 {
		t.Error("a call of no kind:", res.Status)
	}
	if res, _ = s.Post(at+"/calls", "kind", "visit", "words", "Il a vu l’atelier, <b>il rappelle</b> lundi."); res.StatusCode != 303 {
		t.Fatal(res.Status)
	}
	res, body = s.Get(at)
	s.Wants(t, res, body, 200, "Une visite", "Il a vu l’atelier, &lt;b&gt;il rappelle&lt;/b&gt; lundi.", "Retirer du fil")
	remove := regexp.MustCompile(`action="([^"]*/calls/[^"]*/remove)"`).FindStringSubmatch(body)
	if remove == nil {
		t.Fatal("nothing takes it out")
	}
	if res, _ = s.Post(remove[1]); res.StatusCode != 303 {
		t.Fatal(res.Status)
	}
	if _, body = s.Get(at); strings.Contains(body, "Il a vu l’atelier") {
		t.Error("what was taken out is still told")
	}
	if res, _ = s.Post(remove[1]); res.StatusCode != 404 {
		t.Error("it is taken out twice:", res.Status)
	}
	_, err := w.Contacts.NoteCall(t.Context(), w.Claire, asked.Contact, "call", "Un secret de téléphone")
	w.Must(err)
	w.Must(w.Contacts.Erase(t.Context(), w.Claire, asked.Contact))
	left, err := count(w.DB, t)
	if w.Must(err); left != 0 {
		t.Errorf("%d calls of somebody who was erased", left)
	}
}

var qCalls = db.Q("contactweb_test.calls", `SELECT COUNT(*) FROM calls`)

func count(d *db.DB, t *testing.T) (n int, err error) {
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		n, err = db.One(tx, qCalls, db.Scalar[int])
		return err
	})
	return n, err
}
