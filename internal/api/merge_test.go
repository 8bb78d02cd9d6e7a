package api_test

import (
	"testing"

	"causerie/internal/platform/db"
)

func TestTwoContactsAreLookedAtMergedAndParted(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			w.post("/api/v1/fields", object{"name": "Budget", "kind": "number"}).want(201)
			add := func(o object) string { t.Helper(); return w.post("/api/v1/contacts", o).want(201).id() }
			keep := add(object{"name": "Paul K.", "email": "pk@courrier.example", "company": "Kervella", "note": "Salon", "fields": object{"Budget": 500}})
			gone := add(object{"name": "Paul Kervella", "email": "paul@kervella.example", "role": "Directeur", "note": "Rappeler", "fields": object{"Budget": 900}})
			other := add(object{"name": "Ana"})
			at := "/api/v1/contacts/" + keep
			shown := w.get(at + "/merge?with=" + gone).want(200).body
			contains(t, shown["contact"].(object), object{"id": keep, "name": "Paul K.", "company": "Kervella", "role": "Directeur", "note": "Salon\nRappeler"})
			if differ := shown["differ"].([]any); len(differ) != 3 {
				t.Errorf("they differ in %v", differ)
			} else {
				contains(t, differ[0].(object), object{"property": "name", "kept": "Paul K.", "gone": "Paul Kervella"})
				contains(t, differ[2].(object), object{"property": "fields.Budget", "kept": 500.0, "gone": 900.0})
			}
			w.get("/api/v1/contacts/" + gone).has(object{"id": gone}) // to look changes nothing
			w.send(w.write, "GET", at+"/merge", nil).problem(422, "invalid", "with", "required")
			w.send(w.write, "GET", at+"/merge?with="+keep, nil).problem(409, "contact.same")
			w.send(w.write, "GET", at+"/part?with="+gone, nil).problem(404, "merge.not_found")
			w.post(at+"/merge", object{"with": "x"}).problem(422, "invalid", "with", "unknown")
			w.post(at+"/merge", object{"with": "0000000000001"}).problem(404, "contact.not_found")
			w.post(at+"/merge", object{"with": gone, "name": "both", "fields": object{"Taille": "gone"}}).problem(422, "invalid", "fields.Taille", "unknown", "name", "unknown")
			w.post(at+"/merge", object{"with": gone, "into": keep}).want(422)
			w.send(w.read, "POST", at+"/merge", object{"with": gone}).problem(403, "token.read_only")
			w.post(at+"/merge", object{"with": gone, "name": "gone", "note": "kept", "fields": object{"budget": "gone"}}).want(200).
				has(object{"id": keep, "name": "Paul Kervella", "company": "Kervella", "note": "Salon"})
			w.get("/api/v1/contacts/" + gone).has(object{"id": keep})
			w.post(at+"/merge", object{"with": gone}).problem(409, "contact.same")
			if merges := w.get(at + "/merges").items(); len(merges) != 1 || merges[0]["contact"] != gone {
				t.Errorf("they were merged with %v", merges)
			}
			back := w.get(at + "/part?with=" + gone).want(200).body
			contains(t, back["contact"].(object), object{"id": gone, "name": "Paul Kervella", "role": "Directeur"})
			contains(t, back["rows"].(object), object{"handle": 1.0})
			w.post("/api/v1/contacts/"+other+"/part", object{"with": gone}).problem(404, "merge.not_found") // not with them
			w.post(at+"/part", object{"with": gone}).want(200).has(object{"id": gone, "email": "paul@kervella.example", "note": "Rappeler"})
			w.get(at).has(object{"name": "Paul K.", "company": "Kervella", "role": "", "note": "Salon"})
			w.post(at+"/part", object{"with": gone}).problem(404, "merge.not_found")
			if merges := w.get(at + "/merges").items(); len(merges) != 0 {
				t.Errorf("they are still merged with %v", merges)
			}
		})
	}
}
