package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/gzip"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web/httpenc"
)

// Page is what every page has. The type of a page's data embeds it; the handler fills Title and what it likes,
// Render the rest.
type Page struct {
	Title string
	Nav   string    // which item of the navigation is this page's
	Lang  i18n.Lang // by Render
	Dir   string    // by Render: "ltr"
	Path  string    // by Render: the path of the request
	Said  string    // by Render: the key of what the page before wants to be told, once; "" mostly
	// Tell returns the words of such a key where they need what this page knows (a day, a name), "" to leave them to the catalog. The
	// words never travel, so that nobody can put some into a page. nil leaves all of them.
	Tell      func(key string) string
	SaidText  string // by Render: what Tell returned, in place of Said
	Actor     actor.Actor
	Chrome    any    // what stands around the page; when the handler set none, Render takes what KitOptions.Chrome makes for the layout
	Robots    string // "noindex" where search engines should not go
	Canonical string // the one public address of this page, absolute
	Form      *Form  // what was typed, when a form is shown again
}

func (p *Page) page() *Page { return p }

// View is a page: a template in its layout, for every language, bound to the type of its data.
type View[T any] struct {
	kit    *Kit
	bundle Bundle
	file   string
	layout string
	byLang [3]func() (*template.Template, error) // made when the first page in that language is asked for
}

// NewView parses file of b inside layout/<layout>.tmpl. The file defines the block "main", and "head" and "aside"
// if it has them; the partials of the layouts and of the bundle (partial_*.tmpl) are at hand. It panics on a
// template that does not parse and on a T that does not embed Page, so that the program does not start with it.
func NewView[T any](k *Kit, b Bundle, file string, layout string) *View[T] {
	v, err := newView[T](k, b, file, layout)
	if err != nil {
		panic(err.Error())
	}
	return v
}

func newView[T any](k *Kit, b Bundle, file string, layout string) (*View[T], error) {
	var zero T
	if _, ok := any(&zero).(interface{ page() *Page }); !ok || reflect.TypeFor[T]().Kind() != reflect.Struct {
		return nil, fmt.Errorf("web: the page %s of %s is a %v, which does not embed web.Page", file, b.Name, reflect.TypeFor[T]())
	}
	v := &View[T]{kit: k, bundle: b, file: file, layout: layout}
	return v, v.parse()
}

func (v *View[T]) parse() error {
	base, err := v.kit.layout(v.layout)
	if err != nil {
		return err
	}
	if base, err = base.Clone(); err != nil {
		return err
	}
	partials, err := fs.Glob(v.bundle.Files, "partial_*.tmpl")
	if err != nil {
		return err
	}
	if base, err = base.ParseFS(v.bundle.Files, append(partials, v.file)...); err != nil {
		return fmt.Errorf("web: page %s of %s: %w", v.file, v.bundle.Name, err)
	}
	if base.Lookup("main") == nil {
		return fmt.Errorf("web: page %s of %s does not define \"main\"", v.file, v.bundle.Name)
	}
	for i, l := range i18n.Langs() {
		v.byLang[i] = sync.OnceValues(func() (*template.Template, error) {
			t, err := base.Clone()
			if err != nil {
				return nil, err
			}
			return t.Funcs(v.kit.funcs(l)), nil
		})
	}
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled is the largest buffer kept for the next page.
const maxPooled = 1 << 20

// Render writes the page with status, whole or not at all: when it returns an error, nothing was written.
func (v *View[T]) Render(w http.ResponseWriter, r *Request, status int, data T) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= maxPooled {
			buffers.Put(buf)
		}
	}()
	if err := v.execute(buf, w, r, &data); err != nil {
		return err
	}
	return send(w, r, status, "text/html; charset=utf-8", buf.Bytes())
}

// Bytes renders the page to memory, for a handler that keeps or signs it.
func (v *View[T]) Bytes(w http.ResponseWriter, r *Request, data T) ([]byte, error) {
	var buf bytes.Buffer
	err := v.execute(&buf, w, r, &data)
	return buf.Bytes(), err
}

func (v *View[T]) execute(buf *bytes.Buffer, w http.ResponseWriter, r *Request, data *T) error {
	t := v
	if v.kit.o.Dev {
		fresh, err := newView[T](v.kit, v.bundle, v.file, v.layout)
		if err != nil {
			return err
		}
		t = fresh
	}
	p := any(data).(interface{ page() *Page }).page()
	p.Lang, p.Dir, p.Path, p.Actor = r.lang, "ltr", r.Request.URL.Path, r.Actor()
	if key := r.flash(w); key != "" {
		if p.Tell != nil {
			p.SaidText = p.Tell(key)
		}
		if p.SaidText == "" && r.router.o.Catalog.Fixed(r.lang, key) {
			p.Said = key
		}
	}
	if p.Robots == "" && r.workSide() {
		p.Robots = "noindex"
	}
	if chrome := v.kit.o.Chrome[v.layout]; chrome != nil && p.Chrome == nil {
		c, err := chrome(r)
		if err != nil {
			// An error page still stands without what surrounds it; any other page says what went wrong.
			if _, isError := any(data).(*errorPage); !isError {
				return fmt.Errorf("web: around %s: %w", v.file, err)
			}
		}
		p.Chrome = c
	}
	page, err := t.byLang[langIndex(r.lang)]()
	if err == nil {
		err = page.ExecuteTemplate(buf, v.layout+".tmpl", data)
	}
	if err != nil {
		return fmt.Errorf("web: page %s of %s: %w", v.file, v.bundle.Name, err)
	}
	return nil
}

func langIndex(l i18n.Lang) int { return max(slices.Index(i18n.Langs(), l), 0) }

var gzips = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(io.Discard, 5); return w }}

// send writes a body made whole, compressed when the reader understands gzip and it is worth it.
func send(w http.ResponseWriter, r *Request, status int, kind string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	if !slices.Contains(h.Values("Vary"), "Accept-Encoding") {
		h.Add("Vary", "Accept-Encoding")
	}
	if len(body) > 1400 && !kept(w) && httpenc.AcceptsGzip(r.Header) {
		var small bytes.Buffer
		z := gzips.Get().(*gzip.Writer)
		z.Reset(&small)
		_, err := z.Write(body)
		err = errors.Join(err, z.Close())
		gzips.Put(z)
		if err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		body = small.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader left; the server closes the connection
	}
	return nil
}
