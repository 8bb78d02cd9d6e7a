package feedxml

import (
	"fmt"
	"io"
	"net/url"
	"time"
)

// SitemapMax is how many addresses one sitemap may hold (sitemaps.org). A larger site writes several, and an index.
const SitemapMax = 50_000

// TypeSitemap is the media type of sitemaps and their index.
const TypeSitemap = "application/xml; charset=utf-8"

// Location is one page of a sitemap, or one sitemap of an index.
type Location struct {
	URL     string    // absolute
	Updated time.Time // zero when unknown
}

// WriteSitemap writes the urlset of at most SitemapMax pages; more is an error, and so is an address that is not
// absolute.
func WriteSitemap(w io.Writer, pages []Location) error {
	return sitemap(w, "urlset", "url", pages)
}

// WriteSitemapIndex writes the index of the sitemaps of a larger site, each of at most SitemapMax pages.
func WriteSitemapIndex(w io.Writer, parts []Location) error {
	return sitemap(w, "sitemapindex", "sitemap", parts)
}

// SitemapParts returns how many sitemaps a site of so many pages needs: 1 up to SitemapMax, and then an index is due.
func SitemapParts(pages int) int { return max(1, (pages+SitemapMax-1)/SitemapMax) }

func sitemap(w io.Writer, root, element string, all []Location) error {
	if len(all) > SitemapMax {
		return fmt.Errorf("feedxml: a %s of %d addresses, at most %d", root, len(all), SitemapMax)
	}
	for i, l := range all {
		if u, err := url.Parse(l.URL); err != nil || !u.IsAbs() {
			return fmt.Errorf("feedxml: %s: address %d is not absolute: %q", root, i, l.URL)
		}
	}
	d := newDocument(w)
	d.open(root, "xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")
	for _, l := range all {
		d.open(element)
		d.text("loc", l.URL)
		if !l.Updated.IsZero() {
			d.text("lastmod", rfc3339(l.Updated))
		}
		d.close(element)
	}
	d.close(root)
	return d.end()
}
