package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"causerie/internal/api"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
)

var both = []db.Engine{db.SQLite, db.Postgres}

func TestOnlyATokenOpensTheDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for _, token := range []string{"", "nonsense"} {
		a := w.send(token, "GET", "/api/v1/posts", nil, "Accept-Language", "en").problem(401, "unauthenticated")
		if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") || !strings.HasPrefix(a.body["detail"].(string), "A token is required") {
			t.Errorf("401 with %v: %s", a.header, a.raw)
		}
	}
	w.send("", "GET", "/api/v1/posts", nil, "Authorization", "Basic "+w.write).problem(401, "unauthenticated")
	w.send("", "GET", "/api/v1/posts", nil, "Authorization", "bearer "+w.write).want(200)
	w.send(w.write, "GET", "/api/v1/nothing", nil).problem(404, "operation.not_found")
	w.send(w.write, "GET", "/api/", nil).problem(404, "operation.not_found")
	if a := w.send(w.write, "DELETE", "/api/v1/house", nil).problem(405, "method_not_allowed"); !strings.Contains(a.header.Get("Allow"), "PATCH") {
		t.Errorf("405 allows %q", a.header.Get("Allow"))
	}
	w.send(w.write, "POST", "/api/v1/posts", `{"title":"`+strings.Repeat("a", 2<<20)+`"}`).problem(413, "too_large")
	w.send(w.write, "GET", "/api/v1/house", nil, "Accept", "text/html").want(200)
	if a := w.get("/api/v1/house"); a.header.Get("Content-Type") != "application/json" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.header)
	}
}

func TestSurpriseHasAReferenceAndNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.showing = func() { panic("the secret") }
	a := w.send(w.write, "GET", "/api/v1/house", nil).problem(500, "internal")
	if a.body["reference"] == nil || strings.Contains(a.raw, "secret") {
		t.Errorf("a surprise says %s", a.raw)
	}
}

func TestNULIsNoCharacter(t *testing.T) {
	for _, engine := range both {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			for _, body := range []string{`{"title":"a\u0000b","body":"c"}`, `{"title":"a","body":"c","tags":["e\u0000f"]}`, "{\"title\":\"a\xff\",\"body\":\"c\"}", `{"title":"a","\u0000":"c"}`} {
				w.post("/api/v1/posts", body).problem(400, "not_text")
			}
			w.post("/api/v1/posts", `{"title":"a\\u0000b","body":"c"}`).want(201).has(object{"title": `a\u0000b`})
			for _, path := range []string{"posts?q=%00&cursor=%00&kind=%00", "posts?voice=%00", "messages?state=%00&kind=%00&q=%00", "contacts?q=%00&order=%00",
				"mandates?stage=%00", "deliveries?state=%00", "posts/%00", "sections?voice=%ff", "posts?q=%ff"} {
				if a := w.send(w.write, "GET", "/api/v1/"+path, nil); a.status != 400 {
					t.Errorf("%s: %s", path, a.raw)
				}
			}
		})
	}
}

func TestKeyedPostIsDoneOnce(t *testing.T) {
	for _, engine := range both {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			body := object{"title": "Une fois", "status": "published"}
			first := w.post("/api/v1/posts", body, "Idempotency-Key", "k1").want(201)
			again := w.post("/api/v1/posts", body, "Idempotency-Key", "k1").want(201)
			if again.raw != first.raw || again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Content-Type") != "application/json" {
				t.Errorf("again: %v %s", again.header, again.raw)
			}
			w.post("/api/v1/posts", object{"title": "Autre"}, "Idempotency-Key", "k1").problem(422, "idempotency.mismatch", "Idempotency-Key", "idempotency.mismatch")
			w.post("/api/v1/contacts", body, "Idempotency-Key", "k1").problem(422, "idempotency.mismatch")
			w.post("/api/v1/posts", object{"status": "published"}, "Idempotency-Key", "k2").problem(422, "invalid", "title", "required")
			w.post("/api/v1/posts", object{"title": "Mieux"}, "Idempotency-Key", "k2").want(201)
			w.post("/api/v1/posts", object{}, "Idempotency-Key", strings.Repeat("k", 256)).problem(422, "invalid", "Idempotency-Key", "too_long")
			if n := len(w.get("/api/v1/posts").items()); n != 2 {
				t.Errorf("%d posts, want 2", n)
			}
			prune := func(want int64) {
				t.Helper()
				if n, err := api.Prune(t.Context(), w.deps.DB); err != nil || n != want {
					t.Errorf("%d answers pruned, want %d; %v", n, want, err)
				}
			}
			prune(0)
			w.clock.Advance(api.KeepAnswers + time.Second)
			prune(2)
			w.post("/api/v1/posts", object{"title": "Une semaine après"}, "Idempotency-Key", "k1").want(201)

			for path, body := range map[string]object{"voices": {"name": "Une"}, "sections": {"name": "Une"}, "contacts": {"name": "Une"}, "mandates": {"title": "Une"}} {
				a := w.post("/api/v1/"+path, body, "Idempotency-Key", path).want(201)
				if b := w.post("/api/v1/"+path, body, "Idempotency-Key", path).want(201); a.raw != b.raw {
					t.Errorf("%s: %s, then %s", path, a.raw, b.raw)
				}
			}
		})
	}
}

// TestCutOffPostIsFinishedNotRepeated: what a run made before it died is found by the next one.
func TestCutOffPostIsFinishedNotRepeated(t *testing.T) {
	for _, engine := range both {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			for path, body := range map[string]object{"posts": {"title": "Une", "status": "published"}, "voices": {"name": "Deux"}, "sections": {"name": "Une"}} {
				before := len(w.get("/api/v1/" + path).items())
				w.showing = func() { panic("SIGKILL") }
				w.post("/api/v1/"+path, body, "Idempotency-Key", path).problem(500, "internal")
				w.showing = nil
				w.post("/api/v1/"+path, body, "Idempotency-Key", path).want(201).id()
				w.post("/api/v1/"+path, body, "Idempotency-Key", path).want(201)
				if n := len(w.get("/api/v1/"+path).items()) - before; n != 1 {
					t.Errorf("%d %s were made", n, path)
				}
			}
		})
	}
}

func TestRivalsForOneKeyAreToldToWait(t *testing.T) {
	for _, engine := range both {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			inside, leave, done := make(chan bool), make(chan bool), make(chan answer)
			w.showing = func() { inside <- true; <-leave }
			body := object{"title": "Une", "status": "published"}
			go func() { done <- w.post("/api/v1/posts", body, "Idempotency-Key", "k") }()
			<-inside
			w.post("/api/v1/posts", body, "Idempotency-Key", "k").problem(409, "idempotency.under_way")
			w.post("/api/v1/posts", object{"title": "Autre"}, "Idempotency-Key", "k").problem(422, "idempotency.mismatch")
			w.showing = nil
			leave <- true
			first := (<-done).want(201)
			if again := w.post("/api/v1/posts", body, "Idempotency-Key", "k").want(201); again.id() != first.id() {
				t.Error("a second post was made")
			}
		})
	}
}

func TestOpenAPIDescribesEveryOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	doc := w.send("", "GET", "/api/openapi.json", nil).want(200)
	if v, _ := doc.body["openapi"].(string); !strings.HasPrefix(v, "3.1") {
		t.Fatalf("version %q", v)
	}
	paths := doc.body["paths"].(object)
	for path, methods := range map[string]string{
		"/house": "get patch", "/voices": "get post", "/sections": "get post", "/posts": "get post", "/posts/{id}": "get patch delete",
		"/messages": "get", "/messages/{id}/answer": "post", "/messages/{id}/approve": "post", "/messages/{id}/close": "post",
		"/messages/{id}/spam": "post", "/contacts": "get post", "/contacts/{id}": "get", "/contacts/{id}/timeline": "get",
		"/mandates": "get post", "/mandates/{id}": "get patch", "/attribution": "get", "/deliveries": "get",
	} {
		item, _ := paths["/api/v1"+path].(object)
		for _, method := range strings.Fields(methods) {
			op, _ := item[method].(object)
			if op == nil {
				t.Errorf("%s %s is not described", method, path)
				continue
			}
			if responses := op["responses"].(object); responses["default"] == nil || len(responses) < 2 {
				t.Errorf("%s %s answers %v", method, path, responses)
			}
		}
	}
	schemas := doc.body["components"].(object)["schemas"].(object)
	for _, name := range []string{"Post", "PostInput", "PostPage", "Problem", "Voice", "House", "HouseInput", "Mandate", "Message", "Delivery", "Attribution"} {
		if schemas[name] == nil {
			t.Errorf("no schema %s", name)
		}
	}
	if schemas["ErrorModel"] != nil {
		t.Error("huma's own problems are described")
	}
	// Every reference leads somewhere.
	for _, part := range strings.Split(doc.raw, `"$ref":"#/components/schemas/`)[1:] {
		if name, _, _ := strings.Cut(part, `"`); schemas[name] == nil {
			t.Errorf("a reference to %s, which is not there", name)
		}
	}
	input, _ := json.Marshal(schemas["PostInput"])
	if !strings.Contains(string(input), `"additionalProperties":false`) || strings.Contains(string(input), `"required"`) {
		t.Errorf("the input of a post: %s", input)
	}
}

func TestTextsAreComplete(t *testing.T) {
	c := i18n.New()
	if err := c.Add(api.Bundle.Files); err != nil {
		t.Fatal(err)
	}
	for _, err := range c.Check() {
		t.Error(err)
	}
}
