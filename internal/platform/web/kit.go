package web

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/i18n"
)

// Side says for whom a bundle is: the public, those who work here, or both.
type Side int

// The sides.
const (
	Public Side = 1
	Work   Side = 2
	Both   Side = Public | Work
)

func (s Side) String() string {
	if s == Public {
		return "public"
	}
	return "work"
}

// Bundle is the folder of one capability's pages: its *.tmpl, *.css, *.js and catalogs, all at the root of Files.
type Bundle struct {
	Name  string // "postweb"; styles and scripts are loaded in the order of names
	Side  Side   // on whose pages its styles and scripts are loaded
	Files fs.FS
}

// KitOptions are what a Kit is made of.
type KitOptions struct {
	Catalog *i18n.Catalog // the kit adds the catalogs of Layouts and Bundles to it; nil for a new one
	// Layouts holds layout/*.tmpl (partial_*.tmpl among them), css/*.css for both sides, css/public, css/work,
	// js/*.js, js/public, js/work, icons/*.svg, static/* and catalogs at its root.
	Layouts fs.FS
	Bundles []Bundle
	Zone    func() *time.Location // the zone of the house; nil is UTC
	Money   func() string         // the currency of the house; nil says none
	Clock   clock.Clock           // nil is the machine's
	Dev     bool                  // read templates again at each request, for a Layouts and Files on disk
	// Chrome makes, by name of layout, what stands around a page: navigation, names, counts. That of the layout "public" is asked for
	// refusals, too, which stand without anything around them where it is nil.
	Chrome map[string]func(r *Request) (any, error)
}

// Kit is what all pages share: layouts, texts, icons and assets.
type Kit struct {
	o      KitOptions
	assets map[string]*asset // by name
	byPath map[string]*asset // by address
	icons  map[string]template.HTML
	errors map[string]*View[errorPage] // by layout

	mu      sync.Mutex
	layouts map[string]*template.Template
}

//go:embed *.json *.tmpl
var own embed.FS

// NewKit reads layouts, catalogs and assets. Errors are a programmer's: a text with two
// versions, a style that names an unknown asset.
func NewKit(o KitOptions) (*Kit, error) {
	if o.Catalog == nil {
		o.Catalog = i18n.New()
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Zone == nil {
		o.Zone = func() *time.Location { return time.UTC }
	}
	if o.Layouts == nil {
		o.Layouts = none{}
	}
	o.Bundles = slices.Clone(o.Bundles)
	slices.SortStableFunc(o.Bundles, func(a, b Bundle) int { return strings.Compare(a.Name, b.Name) })
	k := &Kit{o: o, layouts: map[string]*template.Template{}, errors: map[string]*View[errorPage]{}}
	for _, f := range append([]Bundle{{Name: "web", Files: own}, {Name: "layouts", Files: o.Layouts}}, o.Bundles...) {
		if err := o.Catalog.Add(f.Files); err != nil {
			return nil, fmt.Errorf("web: texts of %s: %w", f.Name, err)
		}
	}
	if err := k.loadIcons(); err != nil {
		return nil, err
	}
	if err := k.loadAssets(); err != nil {
		return nil, err
	}
	for _, layout := range []string{"plain", "public", "work"} {
		if _, err := fs.Stat(o.Layouts, "layout/"+layout+".tmpl"); err != nil {
			continue
		}
		v, err := newView[errorPage](k, Bundle{Name: "web", Files: own}, "error.tmpl", layout)
		if err != nil {
			return nil, err
		}
		k.errors[layout] = v
	}
	return k, nil
}

// Catalog returns the texts that the kit speaks with.
func (k *Kit) Catalog() *i18n.Catalog { return k.o.Catalog }

func (k *Kit) zone() *time.Location {
	if z := k.o.Zone(); z != nil {
		return z
	}
	return time.UTC
}

// layout returns the parsed layout with its partials, to be cloned.
func (k *Kit) layout(name string) (*template.Template, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if t, ok := k.layouts[name]; ok && !k.o.Dev {
		return t, nil
	}
	// The blocks that a page may leave out are empty until it fills them.
	t := template.Must(template.New(name).Funcs(k.funcs(i18n.FrFR)).Parse(`{{define "head"}}{{end}}{{define "aside"}}{{end}}`))
	partials, err := fs.Glob(k.o.Layouts, "layout/partial_*.tmpl")
	if err != nil {
		return nil, err
	}
	t, err = t.ParseFS(k.o.Layouts, append(partials, "layout/"+name+".tmpl")...)
	if err != nil {
		return nil, fmt.Errorf("web: layout %s: %w", name, err)
	}
	k.layouts[name] = t
	return t, nil
}

func (k *Kit) loadIcons() error {
	k.icons = map[string]template.HTML{}
	names, err := fs.Glob(k.o.Layouts, "icons/*.svg")
	if err != nil {
		return err
	}
	for _, n := range names {
		b, err := fs.ReadFile(k.o.Layouts, n)
		if err != nil {
			return fmt.Errorf("web: icon: %w", err)
		}
		s := string(b)
		at := strings.Index(s, "<svg")
		if at < 0 {
			return fmt.Errorf("web: icon %s is not an SVG", n)
		}
		s = strings.TrimSpace(s[at+len("<svg"):])
		open, _, _ := strings.Cut(s, ">")
		attrs := ""
		if !strings.Contains(open, "aria-hidden") {
			attrs += ` aria-hidden="true" focusable="false"`
		}
		if !strings.Contains(open, "class=") {
			attrs += ` class="icon"`
		}
		name := strings.TrimSuffix(strings.TrimPrefix(n, "icons/"), ".svg")
		k.icons[name] = template.HTML("<svg" + attrs + " " + s) // our own file, embedded
	}
	return nil
}

// none is a folder without files.
type none struct{}

func (none) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// missing reports whether err says that a file is not there.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
