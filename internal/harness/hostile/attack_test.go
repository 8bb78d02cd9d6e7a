package hostile

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"causerie/internal/harness"
)

// arsenal is what goes into forms: short packs for short fields, long ones for long ones.
type arsenal struct {
	short, long, urls, emails, edges []string
}

func arm(p payloads) arsenal {
	return arsenal{
		short: packed(p.words, 190, " "), long: packed(p.words, 1500, "\n\n"), urls: packed(p.urls, 90, "\n"), emails: p.emails, edges: p.edges,
	}
}

// pick returns the payload of round i for a field; addresses of people go round over all forms together.
func (a arsenal) pick(f field, i, round int) string {
	list := a.short
	switch {
	case f.is("email"):
		list, i = a.emails, round
	case f.is("links", "relay", "next", "address_url", "return") && f.name != "address":
		list = a.urls
	case f.kind == "textarea" && !f.is("title"):
		list = a.long
	}
	return list[i%len(list)]
}

// thorough multiplies the work: every payload through every field.
var thorough = os.Getenv("CAUSERIE_HOSTILE") == "all"

// attack throws everything at one form. Each round fills all fields that people type into, each with a payload of its own; when
// some of them are refused, their honest values come back, so that the rest is stored too. Then all fields at once, hidden ones
// and lists too, get the strings that databases do not agree on, and each field some of them beside honest ones.
func (g *rig) attack(f form, a arsenal) {
	g.t.Helper()
	var typed []int
	slow := false
	for i, one := range f.fields {
		if one.free() {
			typed = append(typed, i)
		}
		slow = slow || one.kind == "password" || strings.HasSuffix(f.action, "/tokens") // costs more with each
	}
	rounds, alone := 0, 3
	if len(typed) > 0 {
		rounds = len(a.short)/len(typed) + 1
	}
	for _, i := range typed {
		if f.as == "" && f.fields[i].is("email") {
			rounds = max(rounds, len(a.emails)) // what strangers give
		}
	}
	switch {
	case thorough:
		rounds, alone = len(a.short), len(a.edges)
	case f.again:
		rounds, alone = min(rounds, 8), 0
	case slow:
		a.short, rounds, alone = packed(a.short, 8000, " "), 10, 1
	}
	for r := range rounds {
		values := f.honest()
		for k, i := range typed {
			g.emails++
			values.Set(f.fields[i].name, a.pick(f.fields[i], r+k*rounds, g.emails))
		}
		g.push(f, values, typed)
	}
	for j := 0; j < len(a.edges); j++ {
		if !thorough && (slow && j%8 > 0 || f.again && j%5 > 0) {
			continue
		}
		values := f.honest()
		for k, one := range f.fields {
			values.Set(one.name, a.edges[(j+k)%len(a.edges)])
		}
		values.Add("\x00<b>", a.edges[j])
		g.push(f, values, nil)
	}
	for i, one := range f.fields {
		if one.kind == "checkbox" || one.kind == "radio" {
			continue
		}
		for range alone {
			g.edges++
			values := f.honest()
			values.Set(one.name, a.edges[(g.edges*5+i)%len(a.edges)])
			g.push(f, values, nil)
		}
	}
}

func (f form) honest() url.Values {
	v := url.Values{}
	for _, one := range f.fields {
		value := one.value
		if value == "" && one.free() {
			switch {
			case one.is("email"):
				value = "jeanne@maison.example"
			case one.kind != "password" && !one.is("website", "slug", "url", "amount", "_on", "until", "after", "days", "phone"):
				value = "Un mot"
			}
		}
		if value != "" || one.kind != "checkbox" {
			v.Add(one.name, value)
		}
	}
	return v
}

// push sends values, and again with honest ones in place of those typed ones that the house says are wrong.
func (g *rig) push(f form, values url.Values, typed []int) {
	g.t.Helper()
	got, ok := g.submit(f, values)
	if !ok || got.status != http.StatusUnprocessableEntity || len(typed) == 0 {
		return
	}
	doc, err := html.Parse(bytes.NewReader(got.body))
	if err != nil {
		g.t.Fatal(err)
	}
	honest, some := f.honest(), false
	for _, n := range harness.Select(doc, "[aria-invalid]") {
		if name := attr(n, "name"); values.Has(name) {
			values[name] = honest[name]
			some = true
		}
	}
	if some {
		g.submit(f, values)
	}
}

func (g *rig) submit(f form, values url.Values) (answer, bool) {
	g.t.Helper()
	if f.method == http.MethodGet {
		path, _, _ := strings.Cut(f.action, "?")
		return g.send(ask{method: f.method, target: path + "?" + values.Encode(), as: f.as})
	}
	if !f.multipart {
		return g.send(ask{method: f.method, target: f.action, form: values, as: f.as})
	}
	kind, body := parts(values, "", "", nil)
	return g.send(ask{method: f.method, target: f.action, kind: kind, body: body, as: f.as})
}

// parts encodes values, and a file when there is one, as a browser does that escapes nothing but quotes and line ends.
func parts(values url.Values, field, name string, data []byte) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	quote := strings.NewReplacer("\"", "%22", "\r", "%0D", "\n", "%0A")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[key] {
			p, _ := w.CreatePart(map[string][]string{"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"`, quote.Replace(key))}})
			_, _ = p.Write([]byte(v)) // into memory, as above
		}
	}
	if field != "" {
		p, _ := w.CreatePart(map[string][]string{"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, quote.Replace(name))},
			"Content-Type": {"application/octet-stream"}})
		_, _ = p.Write(data)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}
