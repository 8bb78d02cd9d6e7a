package contactweb

import (
	"archive/zip"
	"context"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
)

// exportTime is how long a copy may take to be read by a slow line.
const exportTime = 5 * time.Minute

// mayExport reports whether who asks may hand a copy of what is held about somebody to them.
func mayExport(r *web.Request) bool { return r.Actor().RequireAnywhere(actor.Editor) == nil }

// export answers with everything the house holds about somebody, for programs (JSON) and for people (a page to read or print), in
// one file. It is written as it is read.
func (h *Handler) export(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := h.copies.Of(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	lang, ok := i18n.Parse(c.Person.Lang) // it is for them
	if !ok {
		lang = r.Lang()
	}
	name := text.Slug(c.Person.Name)
	if name == "" {
		name = c.Person.ID
	}
	head := w.Header()
	head.Set("Content-Type", "application/zip")
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ".zip"}))
	out := zip.NewWriter(w)
	write := func(name string, fill func(io.Writer) error) error {
		f, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: c.MadeAt})
		if err != nil {
			return err
		}
		return fill(f)
	}
	err = write(h.catalog.T(lang, "copy.file")+".html", func(f io.Writer) error { return h.readable(r.Context(), f, c, lang, r.Zone()) })
	if err == nil {
		err = write(h.catalog.T(lang, "copy.file")+".json", func(f io.Writer) error { return c.WriteJSON(r.Context(), f) })
	}
	if err == nil {
		err = out.Close()
	}
	return err // half a file has no directory, and opens nowhere
}

// piece is one part of the readable copy.
type piece struct {
	C    *disclosure.Copy
	Lang string
	What any
}

// readable writes the copy as a page that stands alone.
func (h *Handler) readable(ctx context.Context, w io.Writer, c *disclosure.Copy, lang i18n.Lang, zone *time.Location) error {
	page, err := template.New("copy").Funcs(template.FuncMap{
		"T": func(key string, args ...any) string { return h.catalog.T(lang, key, args...) },
		"name": func(prefix, s string) string { // a word of the program where it has one, else the word itself
			if h.catalog.Has(lang, prefix+s) {
				return h.catalog.T(lang, prefix+s)
			}
			return s
		},
		"when": func(t *time.Time) string {
			if t == nil {
				return ""
			}
			return i18n.ShortDate(lang, *t, zone) + ", " + i18n.Time(lang, *t, zone)
		},
		"day": func(t time.Time) string { return i18n.ShortDate(lang, t, zone) },
		"money": func(m disclosure.Mandate) string {
			if m.AmountCents == nil {
				return ""
			}
			return i18n.Money(lang, *m.AmountCents, m.Currency)
		},
	}).ParseFS(files, "copy.gohtml")
	if err != nil {
		return err
	}
	part := func(name string, what any) error {
		return page.ExecuteTemplate(w, name, piece{C: c, Lang: string(lang), What: what})
	}
	// A heading is written before the first of its kind, and what there is none of is left out.
	section := func(name string, items func(fn func(any) error) error) error {
		n := 0
		err := items(func(one any) error {
			if n++; n == 1 {
				if err := part("begin", name); err != nil {
					return err
				}
			}
			return part(name, one)
		})
		if err == nil && n > 0 {
			err = part("end", nil)
		}
		return err
	}
	steps := []func() error{
		func() error { return part("head", nil) },
		func() error {
			return section("consent", func(fn func(any) error) error {
				for _, one := range c.Consents {
					if err := fn(one); err != nil {
						return err
					}
				}
				return nil
			})
		},
		func() error { return section("message", anyOf(ctx, c.Messages)) },
		func() error { return section("mandate", anyOf(ctx, c.Mandates)) },
		func() error { return section("delivery", anyOf(ctx, c.Deliveries)) },
		func() error { return section("moment", anyOf(ctx, c.Moments)) },
		func() error { return part("foot", nil) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("contactweb: %w", err)
		}
	}
	return nil
}

// anyOf lets a list of one type be written as any other.
func anyOf[T any](ctx context.Context, items func(context.Context, func(T) error) error) func(fn func(any) error) error {
	return func(fn func(any) error) error {
		return items(ctx, func(one T) error { return fn(one) })
	}
}
