package api_test

import (
	"testing"

	"causerie/internal/platform/db"
)

func TestRevisionsOfAPostAreListedReadAndRestored(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			p := w.post("/api/v1/posts", object{"title": "Un", "body": "Premier texte."}).want(201)
			at := "/api/v1/posts/" + p.id()
			w.patch(at, object{"body": "Second."}).want(200)
			w.patch(at, object{"body": "Second."}).want(200) // says nothing new
			w.patch(at, object{"title": "Deux", "status": "published"}).want(200)
			first := w.get(at + "/revisions?limit=2").want(200)
			all := first.items()
			if len(all) != 2 || all[0]["title"] != "Deux" || all[0]["published"] != true || all[1]["published"] != false || all[1]["words"] != 1.0 || all[0]["author"] == "" {
				t.Fatalf("%v", all)
			}
			rest := w.get(at + "/revisions?limit=2&cursor=" + first.body["next_cursor"].(string)).want(200).has(object{"next_cursor": nil}).items()
			if len(rest) != 1 {
				t.Fatalf("%v", rest)
			}
			one := at + "/revisions/" + rest[0]["id"].(string)
			w.get(one).want(200).has(object{"title": "Un", "body": "Premier texte.", "lang": "fr-FR", "words": 2})
			w.send(w.read, "POST", one+"/restore", nil).problem(403, "token.read_only")
			w.post(one+"/restore", nil).want(200).has(object{"title": "Un", "body": "Premier texte.", "status": "published"})
			if n := len(w.get(at + "/revisions").items()); n != 4 {
				t.Errorf("%d revisions after it", n)
			}
			w.send(w.read, "GET", at+"/revisions/nope", nil).problem(404, "revision.not_found")
			other := w.post("/api/v1/posts", object{"title": "Autre"}).want(201).id()
			w.send(w.read, "GET", "/api/v1/posts/"+other+"/revisions/"+rest[0]["id"].(string), nil).problem(404, "revision.not_found")
		})
	}
}
