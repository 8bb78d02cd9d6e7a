package api_test

import (
	"testing"

	"causerie/internal/platform/db"
)

func TestCallsAreNotedReadAndTakenOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	paul := w.post("/api/v1/contacts", object{"name": "Paul"}).want(201).id()
	at := "/api/v1/contacts/" + paul + "/calls"
	noted := w.post(at, object{"words": "Il rappelle lundi."}).want(201)
	w.post(at, object{"kind": "visit", "words": "Vu à l’atelier."}).want(201)
	list := w.get(at).items()
	if len(list) != 2 {
		t.Fatalf("%v", list)
	}
	contains(t, list[1], object{"id": noted.id(), "contact": paul, "kind": "call", "words": "Il rappelle lundi."})
	w.post(at, object{"kind": "fax", "words": "x"}).want(422)
	w.post(at, object{"kind": "call"}).want(422)
	w.send(w.write, "DELETE", at+"/"+noted.id(), nil).want(204)
	w.send(w.write, "DELETE", at+"/"+noted.id(), nil).want(404)
	if left := w.get(at).items(); len(left) != 1 {
		t.Errorf("%d are left", len(left))
	}
}

func TestAHouseSaysWhatItsTradeCallsAMandate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.patch("/api/v1/house", object{"trade": "job"}).want(200)
	w.get("/api/v1/house").want(200).has(object{"trade": "job"})
	w.patch("/api/v1/house", object{"trade": "oeuvre"}).want(422)
}
