package api_test

import (
	"testing"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

func TestHouseOpensOnlyWhenComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.get("/api/v1/house").has(object{"name": "Ateliers Aubin", "lang": "fr-FR", "country": "FR", "timezone": "Europe/Paris", "currency": "EUR",
		"public": false, "main_voice": "claire", "address": "", "url": "https://aubin.example/"})
	if missing := w.get("/api/v1/house").body["missing"].([]any); len(missing) != 6 {
		t.Errorf("missing %v", missing)
	}
	w.patch("/api/v1/house", object{"public": true}).problem(409, "house.incomplete", "address", "required", "host_phone", "required")
	w.patch("/api/v1/house", identity).want(200).has(identity).has(object{"missing": []string{}, "public": false})
	w.patch("/api/v1/house", object{"public": true, "timezone": "Europe/Paris"}).want(200).has(object{"public": true})
	w.patch("/api/v1/house", object{"address": nil}).problem(409, "house.incomplete", "address", "required")
	w.patch("/api/v1/house", object{"timezone": "Mars/Base"}).problem(422, "invalid", "timezone", "unknown")
	w.send(w.read, "PATCH", "/api/v1/house", object{"name": "x"}).problem(403, "token.read_only")
	w.send(w.read, "GET", "/api/v1/house", nil).want(200)
}

func TestVoicesAndSectionsAreMadeAndListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.post("/api/v1/voices", object{"slug": "ateliers", "name": "Les Ateliers", "kind": "corporate", "lang": "en", "role": "r", "bio": "b", "accent": "#112233"}).
		want(201).has(object{"slug": "ateliers", "name": "Les Ateliers", "kind": "corporate", "lang": "en", "role": "r", "bio": "b", "accent": "#112233",
		"main": false, "url": "https://aubin.example/ateliers/"}).id()
	w.post("/api/v1/voices", object{"slug": "app", "name": ""}).problem(422, "invalid", "slug", "reserved", "name", "required")
	w.post("/api/v1/voices", object{"slug": "entre-nous", "name": "Entre nous", "kind": "internal"}).want(201).has(object{"url": nil, "lang": "fr-FR"})
	first := w.get("/api/v1/voices?limit=2")
	if n := len(first.items()); n != 2 {
		t.Errorf("%d voices on a page of 2", n)
	}
	rest := w.get("/api/v1/voices?limit=2&cursor=" + first.body["next_cursor"].(string)).has(object{"next_cursor": nil})
	if n := len(rest.items()); n != 1 {
		t.Errorf("%d voices on the last page", n)
	}
	w.post("/api/v1/sections", object{"voice": "ateliers", "slug": "chantiers", "name": "Chantiers"}).want(201).
		has(object{"voice": "ateliers", "slug": "chantiers", "name": "Chantiers", "url": "https://aubin.example/ateliers/section/chantiers/"})
	w.post("/api/v1/sections", object{"voice": "ateliers", "slug": "chantiers", "name": "Chantiers"}).problem(422, "invalid", "slug", "taken")
	w.post("/api/v1/sections", object{"voice": "nobody", "name": "x"}).problem(422, "invalid", "voice", "unknown")
	ideas := w.post("/api/v1/sections", object{"name": "Idées"}).want(201).has(object{"voice": "claire", "slug": "idees"})
	for _, named := range []string{"idees", "Idées", ideas.id()} {
		p := w.post("/api/v1/posts", object{"title": "x", "section": named}).want(201).has(object{"section": "idees"})
		w.patch("/api/v1/posts/"+p.id(), object{"section": nil}).want(200).has(object{"section": nil})
		w.patch("/api/v1/posts/"+p.id(), object{"section": named}).want(200).has(object{"section": "idees"})
	}
	if n := len(w.get("/api/v1/sections?voice=claire").items()); n != 1 {
		t.Errorf("%d sections of one", n)
	}
	if all := w.get("/api/v1/sections?voice=ateliers").items(); len(all) != 1 || all[0]["slug"] != "chantiers" {
		t.Errorf("sections %v", all)
	}
}

func TestPostGoesFromDraftToGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	draft := w.post("/api/v1/posts", object{"voice": "claire", "kind": "article", "title": "Le bois", "body": "Du **chêne**.", "lang": "fr-FR",
		"section": "Chantiers", "tags": []string{"Bois", "Atelier"}, "summary": "s"}).want(201)
	draft.has(object{"voice": "claire", "kind": "article", "title": "Le bois", "body": "Du **chêne**.", "lang": "fr-FR", "status": "draft",
		"publish_at": nil, "published_at": nil, "section": "chantiers", "tags": []string{"Atelier", "Bois"}, "url": nil, "summary": "s", "slug": nil,
		"created_at": "2026-03-02T09:00:00Z"})
	at := "/api/v1/posts/" + draft.id()
	w.patch(at, object{"status": "published"}).want(200).has(object{"status": "published", "url": "https://aubin.example/le-bois", "slug": "le-bois",
		"published_at": "2026-03-02T09:00:00Z"})
	w.patch(at, object{"title": "Le hêtre", "section": nil, "tags": nil}).want(200).has(object{"title": "Le hêtre", "section": nil, "tags": []string{}})
	w.patch(at, object{"title": nil}).problem(422, "invalid", "title", "required")
	w.patch(at, object{"status": "draft"}).want(200).has(object{"status": "draft", "url": nil})
	w.patch(at, object{"status": "review"}).want(200).has(object{"status": "review"})
	w.patch(at, object{"status": "unpublished"}).problem(409, "post.not_published")
	w.patch(at, object{"status": "published"}).want(200)
	w.patch(at, object{"status": "unpublished"}).want(200).has(object{"status": "unpublished"})
	w.get(at).has(object{"status": "unpublished", "title": "Le hêtre"})
	gone := w.send(w.write, "DELETE", at, nil).want(204)
	if gone.raw != "" {
		t.Errorf("204 with %q", gone.raw)
	}
	w.send(w.write, "GET", at, nil).problem(404, "post.gone")
	w.patch(at, object{"title": "x"}).problem(404, "post.gone")
	w.send(w.write, "DELETE", at, nil).problem(404, "post.gone")
	w.send(w.write, "GET", "/api/v1/posts/nonsense", nil).problem(404, "post.not_found")
}

func TestPostIsMadeWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for name, c := range map[string]struct {
		body  object
		field string
		code  string
	}{
		"no title":     {object{"status": "published", "body": "x", "section": "Neuve"}, "title", "required"},
		"empty note":   {object{"status": "published", "kind": "note"}, "body", "required"},
		"no time":      {object{"status": "scheduled", "title": "x"}, "publish_at", "required"},
		"past":         {object{"status": "scheduled", "title": "x", "publish_at": "2026-03-02T08:59:00Z"}, "publish_at", "in_past"},
		"not a time":   {object{"status": "scheduled", "title": "x", "publish_at": "demain"}, "publish_at", "date"},
		"time, no use": {object{"status": "published", "title": "x", "publish_at": "2026-03-03T09:00:00Z"}, "publish_at", "not_scheduled"},
		"status":       {object{"status": "shouted", "title": "x"}, "status", "unknown"},
		"kind":         {object{"kind": "poem", "title": "x"}, "kind", "unknown"},
		"type":         {object{"title": 7}, "title", "type"},
		"type of tags": {object{"tags": "a, b"}, "tags", "type"},
		"unknown":      {object{"titel": "x"}, "titel", "unknown"},
		"voice":        {object{"voice": "nobody"}, "voice", "unknown"},
		"cover":        {object{"cover": "nothing"}, "cover", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.post("/api/v1/posts", c.body)
			a.t = t
			a.problem(422, "invalid", c.field, c.code)
		})
	}
	for _, body := range []string{"{", "[]", "null", "{} {}", `"x"`} {
		w.post("/api/v1/posts", body).problem(422, "malformed")
	}
	if posts := w.get("/api/v1/posts").items(); len(posts) != 0 {
		t.Errorf("refused posts are there: %v", posts)
	}
	if sections := w.get("/api/v1/sections").items(); len(sections) != 0 {
		t.Errorf("sections of refused posts are there: %v", sections)
	}
}

func TestScheduleIsNeverBeforeWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for asked, want := range map[string]string{
		"2026-03-05T08:00:00Z":      "2026-03-05T08:00:00Z",
		"2026-03-05T08:00:01Z":      "2026-03-05T08:01:00Z",
		"2026-03-05T10:00:00+02:00": "2026-03-05T08:00:00Z",
		"2026-10-25T00:30:00Z":      "2026-10-25T00:30:00Z", // 02:30 in Paris, the first time
		"2026-10-25T01:30:00Z":      "2026-10-25T02:30:00Z", // 02:30 again, which a civil time cannot say
		"2026-03-29T01:30:00Z":      "2026-03-29T01:30:00Z",
	} {
		w.post("/api/v1/posts", object{"title": "x", "status": "scheduled", "publish_at": asked}).want(201).
			has(object{"status": "scheduled", "publish_at": want, "url": nil})
	}
	p := w.post("/api/v1/posts", object{"title": "y", "publish_at": "2026-03-05T08:00:00Z"}).want(201).has(object{"status": "scheduled"})
	at := "/api/v1/posts/" + p.id()
	w.patch(at, object{"publish_at": "2026-03-06T08:00:00Z"}).want(200).has(object{"publish_at": "2026-03-06T08:00:00Z"})
	w.patch(at, object{"publish_at": nil}).want(200).has(object{"publish_at": nil, "status": "ready"})
	w.patch(at, object{"status": "scheduled"}).problem(422, "invalid", "publish_at", "required")
	w.patch(at, object{"status": "scheduled", "publish_at": "2026-03-06T08:00:00Z"}).want(200)
	w.patch(at, object{"status": "draft"}).want(200).has(object{"status": "draft", "publish_at": nil})
	w.patch(at, object{"status": "published"}).want(200)
	w.patch(at, object{"publish_at": "2026-03-06T08:00:00Z"}).problem(409, "post.already_published")
}

func TestPostsAreListedInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for _, title := range []string{"un", "deux", "trois"} {
		w.post("/api/v1/posts", object{"title": title, "body": "chêne"}).want(201)
	}
	w.post("/api/v1/posts", object{"kind": "note", "body": "bref", "status": "published"}).want(201)
	seen, cursor := map[any]bool{}, ""
	for range 10 {
		a := w.get("/api/v1/posts?limit=3&cursor=" + cursor)
		for _, p := range a.items() {
			seen[p["id"]] = true
		}
		next, more := a.body["next_cursor"].(string)
		if cursor = next; !more {
			break
		}
	}
	if len(seen) != 4 {
		t.Errorf("saw %d posts of 4", len(seen))
	}
	for query, n := range map[string]int{"status=draft": 3, "status=published": 1, "kind=note": 1, "voice=claire": 4, "q=ch%C3%AAne": 3, "cursor=": 4} {
		if got := len(w.get("/api/v1/posts?" + query).items()); got != n {
			t.Errorf("%s lists %d, want %d", query, got, n)
		}
	}
	w.send(w.write, "GET", "/api/v1/posts?status=shouted", nil).problem(422, "invalid", "status", "unknown")
	for _, query := range []string{"limit=0", "limit=101", "limit=x"} {
		w.send(w.write, "GET", "/api/v1/posts?"+query, nil).problem(422, "invalid", "limit", "limit")
	}
}

var qMade = db.Q("apitest.made", `
	SELECT (SELECT COUNT(*) FROM posts) + (SELECT COUNT(*) FROM sections) + (SELECT COUNT(*) FROM facts WHERE kind LIKE 'post%')`)

func TestAPostThatIsRefusedWasNeverMade(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			made := func() (n int) {
				must(t, w.deps.DB.Read(t.Context(), func(tx *db.Tx) (err error) { n, err = db.One(tx, qMade, db.Scalar[int]); return err }))
				return n
			}
			for _, body := range []object{
				{"status": "published", "body": "x", "section": "Neuve"},
				{"status": "published", "kind": "note"},
				{"status": "scheduled", "title": "x", "section": "Neuve", "publish_at": "2026-03-02T08:59:00Z"},
			} {
				w.post("/api/v1/posts", body).want(422)
			}
			if n := made(); n != 0 {
				t.Errorf("%d rows of what was refused are there", n)
			}
			p := w.post("/api/v1/posts", object{"title": "Un", "status": "published"}).want(201).has(object{"status": "published", "slug": "un"})
			before := made()
			w.patch("/api/v1/posts/"+p.id(), object{"title": "Deux", "section": "Neuve", "status": "scheduled", "publish_at": "2026-03-05T08:00:00Z"}).
				problem(409, "post.already_published")
			w.get("/api/v1/posts/" + p.id()).has(object{"title": "Un", "section": nil, "status": "published"})
			if n := made(); n != before {
				t.Errorf("a refused change left %d rows", n-before)
			}
		})
	}
}

// While all that leaves is held, a post that is published says that it is not.
func TestAPostThatIsHeldIsNotCalledPublished(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			if err := w.deps.Deliveries.HoldAll(t.Context(), actor.System(), true); err != nil {
				t.Fatal(err)
			}
			made := w.post("/api/v1/posts", object{"title": "Un", "body": "x", "status": "published"}).want(201)
			made.has(object{"status": "scheduled", "held": true, "url": nil, "published_at": nil})
			id, _ := made.body["id"].(string)
			w.patch("/api/v1/posts/"+id, object{"status": "published"}).want(200).has(object{"status": "scheduled", "held": true, "url": nil})
		})
	}
}
