package hostile

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/harness/cost"
	"causerie/internal/platform/db"
)

// TestWhatIsAskedCostsInProportion sends what costs more than it is long wherever something grows faster than its input: JSON, forms,
// queries, searches, and the head of a request. It is not parallel: it measures.
func TestWhatIsAskedCostsInProportion(t *testing.T) {
	g := start(t, harness.Options{SetUp: true, Engine: db.SQLite})
	g.seed()
	g.session() // signed in, and the bearer made, before anything is measured
	g.bearer()
	const n = 8_000
	one, more := asksOf(n), asksOf(cost.Times*n)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		send := func(a ask) func() {
			return func() { g.send(a) } // judged: whatever the answer, no 5xx
		}
		cost.InProportion(t, name, send(one[name]), send(more[name]))
	}
	g.quiet("what was asked")
}

// asksOf are requests of about n bytes.
func asksOf(n int) map[string]ask {
	rep := func(s string) string { return strings.Repeat(s, n/len(s)) }
	some := func(f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(f(i))
		}
		return b.String()
	}
	all := map[string]ask{}
	for name, body := range map[string]string{
		"lists in lists":     strings.Repeat("[", n*10),
		"objects in objects": strings.Repeat(`{"a":`, n*2),
		"closed lists":       `{"title":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}",
		"deep, and ignored":  `{"x":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + "}",
		"names":              "{" + some(func(i int) string { return fmt.Sprintf(`"a%d":1,`, i) }) + `"b":1}`,
		"one name":           "{" + rep(`"title":"x",`) + `"b":1}`,
		"names in any case":  "{" + rep(`"TITLE":"x",`) + `"b":1}`,
		"a long number":      `{"title":` + rep("9") + "}",
		"a long exponent":    `{"title":1e` + rep("9") + "}",
		"escapes":            `{"title":"` + rep(`\u00e9`) + `"}`,
		"surrogates":         `{"title":"` + rep(`\ud800`) + `"}`,
		"tags":               `{"title":"x","tags":["` + some(func(i int) string { return fmt.Sprintf(`t%d","`, i) }) + `"]}`,
		"blanks":             rep(" ") + "{}",
		"a long text":        `{"title":"x","body":"` + rep("a ") + `"}`,
	} {
		all["JSON, "+name] = ask{method: http.MethodPost, target: "/api/v1/posts", as: "program", kind: "application/json", body: []byte(body)}
	}
	fields := map[string]string{
		"fields":        some(func(i int) string { return fmt.Sprintf("a%d=b&", i) }),
		"one field":     rep("body=b&"),
		"no names":      rep("&"),
		"no values":     rep("="),
		"escapes":       "body=" + rep("%41"),
		"marks":         "body=" + rep("%cc%81"), // on one letter
		"line ends":     "body=" + rep("%0d"),
		"directions":    "body=" + rep("%e2%80%ae"),
		"a long name":   rep("a") + "=b",
		"addresses":     "email=" + rep("a@"),
		"of dots":       "email=a@" + rep("b."),
		"semicolons":    rep(";"),
		"unfinished":    "body=" + rep("%"),
		"a long number": "page=" + rep("9"),
	}
	for name, form := range fields {
		all["form, "+name] = ask{method: http.MethodPost, target: "/contact", kind: "application/x-www-form-urlencoded", body: []byte(form)}
		all["query, "+name] = ask{method: http.MethodGet, target: "/?" + form}
		all["query where one works, "+name] = ask{method: http.MethodGet, target: "/app/inbox?" + form, as: "owner"}
	}
	all["form, parts"] = parted(n / 60)
	all["form, heads of parts"] = ask{method: http.MethodPost, target: "/contact", kind: "multipart/form-data; boundary=x",
		body: []byte("--x\r\n" + rep("A: b\r\n") + "\r\n\r\n--x--")}
	for name, q := range map[string]string{
		"words": rep("mot "), "letters": rep("a "), "different words": some(func(i int) string { return fmt.Sprintf("mot%d ", i) }), "one word": rep("a"), "quotes": rep(`"`), "stars": rep("* "),
		"operators": rep("AND OR NOT ( "), "apostrophes": rep("l'"), "hyphens": rep("a-"), "accents": rep("é"), "marks": "e" + rep("\u0301"), "percent": rep("%_"), "backslashes": rep(`\`),
	} {
		for _, path := range []string{"/search", "/app/contacts", "/app/posts", "/app/inbox", "/app/mandates", "/app/media", "/api/v1/contacts"} {
			a := ask{method: http.MethodGet, target: path + "?q=" + url.QueryEscape(q)}
			switch {
			case strings.HasPrefix(path, "/app"):
				a.as = "owner"
			case strings.HasPrefix(path, "/api"):
				a.as = "program"
			}
			all["search of "+path+", "+name] = a
		}
	}
	for name, value := range map[string]string{
		"Accept-Language": rep("a-b,"), "Cookie": rep("a=b; "), "If-None-Match": rep(`"a",`), "If-Modified-Since": rep("9"), "Range": "bytes=" + rep("0-1,"),
		"X-Forwarded-For": rep("1.1.1.1,"), "Accept": rep("text/html,"), "Accept-Encoding": rep("gzip;q=0,"), "User-Agent": rep("Mozilla "), "Authorization": "Bearer " + rep("a"), "Referer": rep("a"),
	} {
		for _, target := range []string{"/", "/app/inbox", "/nowhere"} {
			all["head, "+name+" at "+target] = ask{method: http.MethodGet, target: target, header: http.Header{name: {value}}}
		}
	}
	for name, path := range map[string]string{"slashes": rep("/"), "dots": rep("/.."), "segments": rep("/a"), "escaped": "/" + rep("%2f"), "one word": "/" + rep("a"), "accents": "/" + rep("%c3%a9")} {
		all["path, "+name] = ask{method: http.MethodGet, target: path}
		all["path of the API, "+name] = ask{method: http.MethodGet, target: "/api/v1" + path, as: "program"}
	}
	return all
}

// parted is a form of n parts.
func parted(n int) ask {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := range n {
		_ = form.WriteField(fmt.Sprintf("f%d", i), "x") // to memory
	}
	_ = form.Close()
	return ask{method: http.MethodPost, target: "/contact", kind: form.FormDataContentType(), body: b.Bytes()}
}
