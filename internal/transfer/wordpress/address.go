package wordpress

import (
	"net/url"
	"strconv"
	"strings"

	"causerie/internal/protocol/wxr"
)

// addressOf returns what is to be read for an address in the text of an item: the file instead of the page that WordPress made around
// it or of a copy that Jetpack served, and whole instead of relative where the new site has nothing there.
func (im *importer) addressOf(it wxr.Item) func(string) string {
	base, err := url.Parse(it.Link)
	if err != nil || base.Host == "" {
		base, err = url.Parse(im.site.address + "/")
	}
	return func(address string) string {
		u, parseErr := url.Parse(address)
		if parseErr != nil || err != nil || base.Host == "" || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
			return address
		}
		whole := base.ResolveReference(u)
		if to := im.site.fileBehind(whole); to != "" {
			return to
		}
		if to, ok := im.site.unproxied(whole); ok {
			return to
		}
		if u.Scheme == "" && u.Host != "" { // //old.example/a.jpg
			return whole.String()
		}
		if u.Host == "" && (!strings.HasPrefix(u.Path, "/") && u.Path != "" || isFile(address)) {
			return whole.String()
		}
		return address
	}
}

// fileBehind returns the address of the file that a page of the site shows, "" when u is no such page.
func (s *site) fileBehind(u *url.URL) string {
	if !s.hosts[bareHost(u.Host)] {
		return ""
	}
	if id, err := strconv.ParseInt(u.Query().Get("attachment_id"), 10, 64); err == nil {
		if a := s.library[id]; a != nil {
			return a.url
		}
		return ""
	}
	if a := s.links[addressKey(u.String())]; a != nil && u.RawQuery == "" {
		return a.url
	}
	return ""
}

// unproxied returns the address of a picture of the site that Jetpack's servers show: https://i0.wp.com/old.example/a.jpg?resize=300.
func (s *site) unproxied(u *url.URL) (string, bool) {
	if h := strings.ToLower(u.Host); len(h) != len("i0.wp.com") || h[0] != 'i' || h[2:] != ".wp.com" {
		return "", false
	}
	host, path, found := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	if !found || !s.hosts[bareHost(host)] {
		return "", false
	}
	return "https://" + host + "/" + path, true
}

// find returns the file of the old site at an address, nil when it is none of its.
func (s *site) find(address string) *attachment {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil
	}
	if u.Scheme == "" {
		base, err := url.Parse(s.address + "/")
		if err != nil || base.Host == "" {
			return nil
		}
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || !s.hosts[bareHost(u.Host)] && s.byAddress[addressKey(u.String())] == nil {
		return nil
	}
	keys := []string{addressKey(u.String()), bareHost(s.host) + u.Path} // where it is written to be, and where the site is now
	for _, key := range keys {
		for _, k := range []string{key, sized.ReplaceAllString(key, "$1")} {
			if a := s.byAddress[k]; a != nil {
				return a
			}
		}
	}
	if !isFile(u.String()) && !strings.Contains(u.Path, "/wp-content/uploads/") && !strings.Contains(u.Path, "/files/") {
		return nil
	}
	a := &attachment{url: u.String()} // of the site, though its library is not in the export
	s.byAddress[keys[0]] = a
	return a
}
