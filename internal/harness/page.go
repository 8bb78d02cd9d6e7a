package harness

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Page is one answer.
type Page struct {
	Path   string
	Status int
	Header http.Header
	Body   []byte

	client *Client
	url    *url.URL
	doc    *html.Node
}

// OK fails the test unless the page was answered with 200, and returns it.
func (p *Page) OK() *Page {
	p.client.house.t.Helper()
	return p.Is(http.StatusOK)
}

// Is fails the test unless the page has that status, and returns it.
func (p *Page) Is(status int) *Page {
	t := p.client.house.t
	t.Helper()
	if p.Status != status {
		t.Fatalf("%s answers %d, want %d\n%s", p.Path, p.Status, status, p.Text())
	}
	return p
}

// IsHTML reports whether the page says that it is HTML.
func (p *Page) IsHTML() bool { return strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") }

// Doc returns the parsed page.
func (p *Page) Doc() *html.Node {
	if p.doc == nil {
		p.doc, _ = html.Parse(bytes.NewReader(p.Body)) // reading from memory never fails, and HTML parses whatever it is
	}
	return p.doc
}

// Text returns the words of a page, at most 2,000 bytes, for messages.
func (p *Page) Text() string {
	s := string(p.Body)
	if p.IsHTML() {
		s = TextOf(p.Doc())
	}
	if len(s) > 2000 {
		s = s[:2000] + "…"
	}
	return s
}

// All returns the elements that a selector finds, in order. A selector is made of simple ones that are nested, as in
// "form#comment input[name=email]": a tag, #id, .class, [attr] and [attr=value], in any number.
func (p *Page) All(selector string) []*html.Node { return Select(p.Doc(), selector) }

// One returns the first element that a selector finds; none is a failure.
func (p *Page) One(selector string) *html.Node {
	p.client.house.t.Helper()
	found := p.All(selector)
	if len(found) == 0 {
		p.client.house.t.Fatalf("%s (%d): no %s\n%s", p.Path, p.Status, selector, p.Text())
	}
	return found[0]
}

// Has fails the test unless some element that the selector finds contains words, and returns the page. Runs of spaces,
// of whatever kind, count as one.
func (p *Page) Has(selector, words string) *Page {
	p.client.house.t.Helper()
	if !p.has(selector, words) {
		p.client.house.t.Errorf("%s (%d): no %s says %q\n%s", p.Path, p.Status, selector, words, p.Text())
	}
	return p
}

// HasNot fails the test if an element that the selector finds contains words.
func (p *Page) HasNot(selector, words string) *Page {
	p.client.house.t.Helper()
	if p.has(selector, words) {
		p.client.house.t.Errorf("%s (%d): some %s says %q", p.Path, p.Status, selector, words)
	}
	return p
}

func (p *Page) has(selector, words string) bool {
	for _, n := range p.All(selector) {
		if strings.Contains(TextOf(n), spaced(words)) {
			return true
		}
	}
	return false
}

// Link returns the address of the first link whose text contains words; none is a failure.
func (p *Page) Link(words string) string {
	p.client.house.t.Helper()
	for _, n := range p.All("a[href]") {
		if strings.Contains(TextOf(n), spaced(words)) {
			return p.resolve(Attr(n, "href"))
		}
	}
	p.client.house.t.Fatalf("%s: no link says %q\n%s", p.Path, words, p.Text())
	return ""
}

// Click follows the link whose text contains words.
func (p *Page) Click(words string) *Page {
	p.client.house.t.Helper()
	return p.client.Get(p.Link(words))
}

func (p *Page) resolve(address string) string {
	u, err := p.url.Parse(address)
	if err != nil {
		return address
	}
	return u.String()
}

// Form is a form of a page with what stands in its fields.
type Form struct {
	page   *Page
	Action string
	Method string
	Values url.Values
}

// Form returns the form that a selector finds, or that lies in what it finds; none is a failure.
func (p *Page) Form(selector string) *Form {
	p.client.house.t.Helper()
	n := p.One(selector)
	if n.Data != "form" {
		inside := Select(n, "form")
		if len(inside) == 0 {
			p.client.house.t.Fatalf("%s: no form in %s", p.Path, selector)
		}
		n = inside[0]
	}
	f := &Form{page: p, Action: p.resolve(Attr(n, "action")), Method: strings.ToUpper(Attr(n, "method")), Values: url.Values{}}
	for _, field := range Select(n, "[name]") {
		name, value := Attr(field, "name"), Attr(field, "value")
		switch {
		case field.Data == "textarea":
			f.Values.Add(name, strings.TrimPrefix(rawText(field), "\n"))
		case field.Data == "select":
			for i, option := range Select(field, "option") {
				if i == 0 || has(option, "selected") {
					f.Values.Set(name, Attr(option, "value"))
				}
			}
		case field.Data != "input":
		case Attr(field, "type") == "checkbox", Attr(field, "type") == "radio":
			if has(field, "checked") {
				if value == "" {
					value = "on"
				}
				f.Values.Add(name, value)
			}
		case Attr(field, "type") == "submit", Attr(field, "type") == "file":
		default:
			f.Values.Add(name, value)
		}
	}
	return f
}

// With fills a field in, whether or not it stands in the form, and returns the form.
func (f *Form) With(name, value string) *Form {
	f.Values.Set(name, value)
	return f
}

// Fill fills in a field that must stand in the form, and returns the form.
func (f *Form) Fill(name, value string) *Form {
	f.page.client.house.t.Helper()
	if _, ok := f.Values[name]; !ok {
		f.page.client.house.t.Fatalf("%s: the form to %s has no field %s", f.page.Path, f.Action, name)
	}
	return f.With(name, value)
}

// Submit sends the form.
func (f *Form) Submit() *Page {
	f.page.client.house.t.Helper()
	if f.Method == http.MethodPost {
		return f.page.client.Post(f.Action, f.Values)
	}
	return f.page.client.Get(f.Action + "?" + f.Values.Encode())
}
