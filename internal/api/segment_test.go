package api_test

import (
	"testing"

	"causerie/internal/platform/db"
)

func TestSegmentsAreKeptCountedAndExplained(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		w := newWorld(t, engine)
		w.post("/api/v1/contacts/import", object{"basis": "client", "file": "Nom,Société,Courriel\nAna,Le Goff,ana@legoff.example\nBéa,,bea@gmail.com\n"}).want(200)
		w.post("/api/v1/contacts", object{"name": "Cyd", "email": "cyd@legoff.example"}).want(201)
		made := w.post("/api/v1/segments", object{"name": "Le Goff", "filter": object{"domain": "legoff.example"}}).want(201)
		made.has(object{"name": "Le Goff", "count": float64(2), "audience": object{"will": float64(1), "refused": []any{object{"why": "none", "count": float64(1)}}}})
		at := "/api/v1/segments/" + made.id()
		if people := w.get(at + "/contacts?limit=1").items(); len(people) != 1 || people[0]["name"] != "Ana" {
			t.Errorf("%v", people)
		}
		w.patch(at, object{"name": "Tous", "filter": object{}}).want(200).has(object{"name": "Tous", "count": float64(3)})
		w.patch(at, object{"filter": object{"voice": "claire", "last_before": "2026-01-01"}}).want(200).has(object{"count": float64(0)})
		if all := w.get("/api/v1/segments").items(); len(all) != 1 || all[0]["count"] != float64(0) {
			t.Errorf("%v", all)
		}
		w.post("/api/v1/segments", object{"name": "", "filter": object{"stage": "x"}}).want(422)
		w.post("/api/v1/segments", object{"name": "x", "filter": object{"voice": "nobody"}}).want(422)
		w.send(w.write, "DELETE", at, nil).want(204)
		w.send(w.write, "GET", at, nil).want(404)
	}
}
