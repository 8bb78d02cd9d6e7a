package site

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
	"causerie/internal/protocol/feedxml"
)

// batch is how many posts are read at once.
const batch = 1000

// sitemap lists every public page for search engines, or the parts of that list when it is too long for one.
func (h *Handler) sitemap(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		pages, err := h.locations(tx, r, f)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if len(pages) <= feedxml.SitemapMax {
			err = feedxml.WriteSitemap(&b, pages)
			return asXML(&b), err
		}
		var parts []feedxml.Location
		for n := range feedxml.SitemapParts(len(pages)) {
			parts = append(parts, feedxml.Location{URL: f.absolute("/sitemap/" + strconv.Itoa(n+1) + ".xml")})
		}
		err = feedxml.WriteSitemapIndex(&b, parts)
		return asXML(&b), err
	})
}

// sitemapPart is one part of a long list: /sitemap/2.xml.
func (h *Handler) sitemapPart(w http.ResponseWriter, r *web.Request) error {
	name, isXML := strings.CutSuffix(r.PathValue("file"), ".xml")
	n, err := strconv.ParseUint(name, 10, 16)
	if err != nil || !isXML || n == 0 {
		return fault.NotFound("page")
	}
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		pages, err := h.locations(tx, r, f)
		if err != nil {
			return nil, err
		}
		from := (int(n) - 1) * feedxml.SitemapMax
		if from >= len(pages) {
			return nil, fault.NotFound("page")
		}
		var b bytes.Buffer
		err = feedxml.WriteSitemap(&b, pages[from:min(len(pages), from+feedxml.SitemapMax)])
		return asXML(&b), err
	})
}

// locations lists the fronts of the voices that live on the host, then every post of theirs.
func (h *Handler) locations(tx *db.Tx, r *web.Request, f *frame) ([]feedxml.Location, error) {
	var pages []feedxml.Location
	here := func(v fact.VoiceID) bool { return f.places.Home(v).Host == f.host }
	for _, v := range f.places.Voices() {
		if v.Public() && here(v.ID) {
			pages = append(pages, feedxml.Location{URL: f.absolute(f.root(v))})
		}
	}
	if f.host == "" {
		pages = append(pages, feedxml.Location{URL: f.absolute("/contact")})
	}
	for after := fact.PostID(0); ; {
		posts, err := f.read.All(tx, after, batch)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			if here(p.Voice) && p.Robots == "" {
				pages = append(pages, feedxml.Location{URL: f.absolute(f.postLink(p)), Updated: p.UpdatedAt})
			}
			after = p.ID
		}
		if len(posts) < batch {
			return pages, nil
		}
	}
}

func asXML(b *bytes.Buffer) answer {
	return func(w http.ResponseWriter, r *web.Request) error {
		r.DependsOn(topicPosts)
		web.Cacheable(w)
		w.Header().Set("Content-Type", feedxml.TypeSitemap)
		_, _ = w.Write(b.Bytes()) // the reader left
		return nil
	}
}

// robots tells programs where they have nothing to look for. In a house that is not public, that is everywhere.
func (h *Handler) robots(w http.ResponseWriter, r *web.Request) error {
	hs, err := h.o.House.Get(r.Context())
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	body := "User-agent: *\nDisallow: /\n"
	if hs.Public {
		r.DependsOn(pagecache.Site)
		web.Cacheable(w)
		places := h.o.Places.Last()
		body = "User-agent: *\nDisallow: /app/\nDisallow: /api/\nDisallow: /setup\nDisallow: /confirm\nDisallow: /search?\nAllow: /\n\nSitemap: " +
			places.Absolute(places.Host(r.Host), "/sitemap.xml") + "\n"
	}
	_, _ = w.Write([]byte(body)) // the reader left
	return nil
}
