package wordpress

import (
	"html"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"

	"causerie/internal/platform/text"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
)

// plain returns the words of a title or an excerpt, which may hold HTML: one line, entities read, tags dropped.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.Join(strings.Fields(s), " ")
	}
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case nethtml.TextToken:
			b.WriteString(html.UnescapeString(string(z.Raw())))
		case nethtml.StartTagToken, nethtml.EndTagToken, nethtml.SelfClosingTagToken:
			if name, _ := z.TagName(); string(name) == "p" || string(name) == "br" || string(name) == "li" || string(name) == "div" {
				b.WriteByte(' ')
			}
		}
	}
}

// summary returns the words of an excerpt, without the shortcodes that may be in it.
func summary(excerpt string) string {
	if !strings.Contains(excerpt, "[") {
		return plain(excerpt)
	}
	md, err := htmlmd.Convert(excerpt, htmlmd.Options{WordPress: true})
	if err != nil {
		return ""
	}
	return text.OneLine(text.Plain(md.Markdown))
}

// unescaped returns a nicename as readers write it: WordPress keeps it percent-encoded where it is not ASCII.
func unescaped(nicename string) string {
	if s, err := url.PathUnescape(nicename); err == nil {
		return s
	}
	return nicename
}

// label is what the report calls an item.
func label(it wxr.Item) string {
	if title := plain(it.Title); title != "" {
		return title
	}
	if it.Link != "" {
		return it.Link
	}
	return "#" + strconv.FormatInt(it.ID, 10)
}

// external is the name of an item in the ledger.
func external(it wxr.Item) string {
	switch {
	case it.ID != 0:
		return strconv.FormatInt(it.ID, 10)
	case it.GUID != "":
		return it.GUID
	case it.Link != "":
		return it.Link
	}
	return it.Type + "/" + it.Slug + "/" + it.Title + "/" + it.PostDate.String()
}

// addressKey is by what two addresses of a site are the same: scheme, query and www. do not count.
func addressKey(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return s
	}
	if u.Scheme == "" && u.Host == "" { // a key already
		host, rest, slash := strings.Cut(strings.TrimSpace(s), "/")
		if slash {
			rest = "/" + rest
		}
		return bareHost(host) + rest
	}
	return bareHost(u.Host) + u.Path
}

func bareHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// sized is what WordPress adds to the name of a copy: photo-300x200.jpg, photo-scaled.jpg, photo-rotated.jpg, photo@2x.jpg.
var sized = regexp.MustCompile(`(?:-(?:\d+x\d+|scaled|rotated)(?:@[23]x)?|@[23]x)(\.\w+)$`)

func isPicture(address string) bool {
	switch kindOf(address) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp":
		return true
	}
	return false
}

// isFile reports whether an address is that of a picture, a document, a recording or a film.
func isFile(address string) bool {
	if isPicture(address) {
		return true
	}
	switch kindOf(address) {
	case ".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".epub", ".zip", ".txt", ".key", ".pages", ".numbers",
		".ics", ".vcf", ".gpx", ".kml", ".ai", ".psd", ".eps", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif",
		".mp3", ".m4a", ".ogg", ".oga", ".wav", ".flac", ".wma", ".aac", ".mid", ".mp4", ".m4v", ".mov", ".webm", ".ogv", ".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".3gp":
		return true
	}
	return false
}

// isPage reports whether an address is that of a page: of the site, and not of its front.
func isPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.RawQuery == "" && strings.Trim(u.Path, "/") != "" && !isFile(address)
}

func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(path.Ext(u.Path))
}

// oldPaths returns the addresses by which the world knows an item, relative to the old site.
func (s *site) oldPaths(it wxr.Item) []string {
	var paths []string
	add := func(address string) {
		u, err := url.Parse(address)
		if err != nil || u.Host != "" && s.host != "" && !strings.EqualFold(u.Host, s.host) || !strings.HasPrefix(u.Path, "/") && u.Path != "" {
			return
		}
		if u.RawQuery != "" { // ?p=123 is made below: a guid may hold the number of another post
			return
		}
		for strings.Contains(u.Path, "//") { // "https://old.example//page/", which browsers ask for without
			u.Path, u.RawPath = strings.ReplaceAll(u.Path, "//", "/"), strings.ReplaceAll(u.RawPath, "//", "/")
		}
		paths = append(paths, u.Path, u.EscapedPath())
		if raw := strings.ToLower(u.EscapedPath()); raw != u.EscapedPath() {
			paths = append(paths, raw)
		}
		if u.RawPath != "" {
			paths = append(paths, u.RawPath)
		}
	}
	add(it.Link)
	for _, slug := range it.Meta["_wp_old_slug"] {
		if u, err := url.Parse(it.Link); err == nil && u.RawQuery == "" && strings.Trim(u.Path, "/") != "" && slug != "" && !strings.ContainsAny(slug, "/?#") {
			dir, _ := path.Split(strings.TrimSuffix(u.Path, "/"))
			add(dir + slug + "/")
		}
	}
	add(it.GUID)
	if it.ID != 0 {
		n := strconv.FormatInt(it.ID, 10)
		paths = append(paths, "/?p="+n)
		if it.Type == "page" {
			paths = append(paths, "/?page_id="+n)
		}
	}
	return paths
}
