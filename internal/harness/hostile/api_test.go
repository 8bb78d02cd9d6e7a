package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// operation is one way to write by the API, as its own document describes it.
type operation struct {
	method, path string
	texts        []string // properties that are a string
	lists        []string // properties that are a list of strings
	others       []string
}

// chosen are properties whose words are ours, not people's; they keep still while the others are attacked.
var chosen = []string{"kind", "lang", "status", "stage", "voice", "country", "timezone", "currency", "accent", "publish_at", "cover", "comments", "contact", "message",
	"main_voice", "public", "postponed_until", "next_on", "channel", "with"}

// operations reads what the API says of itself.
func (g *rig) operations() (all []operation) {
	g.t.Helper()
	type schema struct {
		Ref   string `json:"$ref"`
		Type  any
		Items *struct{ Type any }

		Properties map[string]schema
	}
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	unmarshal(g.t, g.get("program", "/api/openapi.json").body, &doc)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			body := op.RequestBody.Content["application/json"].Schema
			if name, ok := strings.CutPrefix(body.Ref, "#/components/schemas/"); ok {
				body = doc.Components.Schemas[name]
			}
			one := operation{method: strings.ToUpper(method), path: path}
			for _, name := range slices.Sorted(maps.Keys(body.Properties)) {
				kind := fmt.Sprint(body.Properties[name].Type)
				switch {
				case slices.Contains(chosen, name):
					one.others = append(one.others, name)
				case strings.Contains(kind, "string"):
					one.texts = append(one.texts, name)
				case strings.Contains(kind, "array"):
					one.lists = append(one.lists, name)
				default:
					one.others = append(one.others, name)
				}
			}
			if one.method != http.MethodGet && one.method != http.MethodDelete {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// TestNothingSentToTheAPIRuns throws payloads one by one at every property of every body, then looks at what is shown.
func TestNothingSentToTheAPIRuns(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			p := load(t)
			if engine == db.SQLite {
				p.edges = some(p.edges, 4)
			} else {
				p.words, p.urls, p.emails = some(p.words, 20), some(p.urls, 30), some(p.emails, 10)
			}
			g := start(t, harness.Options{SetUp: true, Engine: engine})
			s := g.seed()
			all := g.operations()
			if len(all) < 12 {
				t.Fatalf("%d operations", len(all))
			}
			for _, op := range all {
				before := g.n
				stored, last := g.operate(op, s, p)
				if stored < 3 && len(op.texts) > 0 {
					g.errorf("%s %s took %d: %v: %s", op.method, op.path, stored, last, last.body)
				}
				g.bend(op, s, p)
				g.quiet(op.method + " " + op.path)
				t.Logf("%-6s %-40s %v %v: %d stored in %d requests", op.method, op.path, op.texts, op.lists, stored, g.n-before)
			}
			if err := g.Deliveries.HoldAll(t.Context(), g.Owner.Actor(), false); err != nil { // POST /hold was one of them
				t.Fatal(err)
			}
			g.RunJobs()
			g.mails()
			g.show("the API", 20)
			g.browse()
		})
	}
}

// target fills the id of a path in.
func (op operation) target(s seeded) string {
	id := s.article.ID.String()
	switch {
	case strings.Contains(op.path, "/messages/"):
		id = s.request.ID.String()
	case strings.Contains(op.path, "/contacts/"):
		id = s.request.Contact.String()
	case strings.Contains(op.path, "/mandates/"):
		id = s.mandate.ID.String()
	case strings.Contains(op.path, "/letters/"):
		id = s.letter.ID.String()
	case strings.Contains(op.path, "/relays/"):
		id = s.relay.String()
	case strings.Contains(op.path, "/fields/"):
		id = s.field.ID.String()
	case strings.Contains(op.path, "/segments/"):
		id = s.segment.ID.String()
	case strings.Contains(op.path, "/media/"):
		id = s.picture.ID.String()
	}
	path := strings.Replace(op.path, "{handle}", s.request.Handle.String(), 1)
	return wildcard.ReplaceAllString(path, id)
}

// operate sends bodies of payloads, dropping what is refused, and returns how many went through and the last refusal.
func (g *rig) operate(op operation, s seeded, p payloads) (stored int, last answer) {
	g.t.Helper()
	n := len(op.texts) + len(op.lists)
	if n == 0 {
		return 0, last
	}
	words, rounds := p.words, len(p.words)/n+1
	switch {
	case thorough:
		rounds = len(p.words)
	case strings.HasSuffix(op.path, "/voices"), strings.HasSuffix(op.path, "/sections"): // shown in every page
		words, rounds = packed(p.words, 70, " "), 25
	case strings.HasSuffix(op.path, "/answer"):
		words, rounds = packed(p.words, 1500, "\n\n"), 20
	}
	for r := range rounds {
		body := map[string]any{}
		if strings.HasSuffix(op.path, "/mandates") {
			body["contact"] = s.request.Contact.String()
		}
		if strings.HasSuffix(op.path, "/handles") {
			body["channel"] = "email"
		}
		if strings.HasSuffix(op.path, "/posts") {
			body["status"], body["kind"] = "published", []string{"article", "note", "article", "page"}[r%4]
		}
		for k, name := range op.texts {
			body[name] = words[(r+k*rounds)%len(words)]
			if name == "body" || name == "bio" {
				body[name] = words[(r+k*rounds)%len(words)] + "\n\n" + words[(r*3+k)%len(words)]
			}
			if strings.Contains(name, "email") || strings.Contains(op.path, "/handles") {
				g.emails++
				body[name] = p.emails[g.emails%len(p.emails)]
			}
		}
		for k, name := range op.lists {
			body[name] = []string{words[(r+k*7+rounds*len(op.texts))%len(words)], p.urls[(r*5)%len(p.urls)]}
		}
		if strings.HasSuffix(op.path, "/letters") {
			body["voice"] = s.voice.String()
			delete(body, "post")
			delete(body, "audience")
		}
		if strings.HasSuffix(op.path, "/consents") {
			body["purpose"], body["basis"], body["jurisdiction"] = "letter", "consent", "FR"
		}
		if strings.HasSuffix(op.path, "/contacts/import") {
			body = map[string]any{"file": fmt.Sprintf("Nom;Société;Remarques;Email\n%q;%q;%q;%s\n", words[r%len(words)], words[(r+1)%len(words)], words[(r+2)%len(words)], p.emails[r%len(p.emails)]),
				"name": words[(r+3)%len(words)], "source": words[(r+4)%len(words)], "basis": "client"}
		}
		if strings.HasSuffix(op.path, "/merge") { // what is chosen is ours; the words come with who goes
			twin, err := g.Contacts.Create(g.t.Context(), g.Owner.Actor(), contact.NewContact{Name: words[r%len(words)], Note: words[(r+1)%len(words)], Lang: "fr-FR"})
			if err != nil && fault.ProblemsOf(err) == nil {
				g.t.Fatal(err)
			}
			body["with"], body["name"] = twin.ID.String(), "gone"
		}
		for range 4 {
			got := g.call(op, s, body)
			if got.status/100 == 2 {
				stored++
				if strings.Contains(op.path, "{handle}") { // it stands under another id from now on
					var now struct{ ID fact.HandleID }
					unmarshal(g.t, got.body, &now)
					s.request.Handle = now.ID
				}
				break
			}
			last = got
			var problem struct {
				Errors []struct{ Field, Code string }
			}
			unmarshal(g.t, got.body, &problem)
			before := len(body)
			for _, one := range problem.Errors {
				if one.Code == "required" && body[one.Field] == nil || one.Field == "name" || one.Field == "title" || one.Field == "body" {
					body[one.Field] = fmt.Sprintf("Un mot %d", r)
					before = -1
					continue
				}
				name, _, _ := strings.Cut(one.Field, "[")
				name, _, _ = strings.Cut(name, ".")
				delete(body, name)
			}
			if len(body) == before {
				break
			}
		}
		if r%10 == 0 && strings.HasSuffix(op.path, "/posts/{id}") {
			for _, path := range []string{"/les-delais", "/", "/feed.xml", "/app/posts", "/app/posts/" + s.article.ID.String()} {
				g.get(strings.Repeat("owner", strings.Count(path, "/app")), path)
			}
		}
	}
	return stored, last
}

// onePixel is the least PNG.
var onePixel = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

func (g *rig) call(op operation, s seeded, body map[string]any) answer {
	g.t.Helper()
	if strings.HasSuffix(op.path, "/media") || strings.HasSuffix(op.path, "/replace") { // a file comes in a form
		values := url.Values{}
		for name, v := range body {
			if name != "url" { // which leads nowhere
				values.Set(name, fmt.Sprint(v))
			}
		}
		kind, form := parts(values, "file", "a.png", onePixel)
		got, _ := g.send(ask{method: op.method, target: op.target(s), as: "program", kind: kind, body: form})
		return got
	}
	data, err := json.Marshal(body)
	if err != nil {
		g.t.Fatal(err)
	}
	got, _ := g.send(ask{method: op.method, target: op.target(s), as: "program", kind: "application/json", body: data})
	return got
}

// bend sends what is not quite JSON, not quite text, or not what is expected.
func (g *rig) bend(op operation, s seeded, p payloads) {
	g.t.Helper()
	names := append(append(append([]string{}, op.texts...), op.lists...), op.others...)
	raw := []string{`null`, `true`, `1e400`, `-0`, `[]`, `{}`, `""`, `"\u0000a\u0000"`, `"\ud800"`, `"\udc00\ud800x"`, "\"\xff\xfe\"", "\"caf\xe9\"", `"\uffff"`, `99999999999999999999`,
		`[null]`, `["\u0000","\ud800"]`, "[\"\xed\xa0\x80\"]", strings.Repeat("[", 3000), `"2026-02-30"`, `"99999-01-01T00:00:00Z"`, `"0000-01-01T00:00:00Z"`, `"-1"`, `9223372036854775807`, `-9223372036854775808`, `0.5`}
	for _, e := range p.edges {
		if data, err := json.Marshal(e); err == nil {
			raw = append(raw, string(data))
		}
	}
	send := func(body string) {
		g.send(ask{method: op.method, target: op.target(s), as: "program", kind: "application/json", body: []byte(body)})
	}
	for i, v := range raw {
		for k, name := range names {
			if (i+k)%4 == 0 || i < 16 {
				send(`{` + quoted(name) + `:` + v + `}`)
			}
		}
		send(`{"title":` + v + `,"name":` + v + `,"body":` + v + `,"email":"a@b.example","kind":"article"}`)
		send(`{` + quoted("\x00<b>"+v) + `:` + v + `}`)
	}
	for _, body := range []string{"", "{", "null", "[]", `{"a":1}{"b":2}`, "\xef\xbb\xbf{}", "\x00", strings.Repeat(`{"a":`, 12000), `{"title":"a","title":"b"}`, "<xml/>"} {
		send(body)
	}
}

func quoted(s string) string {
	data, _ := json.Marshal(s) // a string always encodes
	return string(data)
}
