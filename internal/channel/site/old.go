package site

import (
	"net/url"
	"regexp"
	"strings"

	"causerie/internal/channel/site/feed"
	"causerie/internal/core/media"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
)

// former is an address of the program before, as WordPress makes them: what it may be known by, and where it leads when none of
// that is known.
type former struct {
	tries []string
	feed  feed.Format // of what is found
	to    string      // under the root of the main voice; "" leads nowhere
}

// oldFronts are where the front of a WordPress stands: at the root, or in one of the folders where people put it.
var oldFronts = map[string]bool{"/": true, "/index.php": true, "/blog/": true, "/blog": true, "/blog/index.php": true, "/wordpress/": true, "/wordpress": true,
	"/wordpress/index.php": true, "/wp/": true, "/wp": true, "/wp/index.php": true}

// byQuery reads what WordPress names by a query on its front: /?p=12, /?cat=3, /?s=bois.
func byQuery(q url.Values) (o former) {
	digits := func(v string) bool { return v != "" && len(v) < 20 && strings.Trim(v, "0123456789") == "" }
	for _, name := range []string{"p", "page_id", "attachment_id", "cat"} {
		if v := q.Get(name); digits(v) {
			o.tries = append(o.tries, "/?"+name+"="+v)
			if name == "page_id" { // which WordPress takes for a post too
				o.tries = append(o.tries, "/?p="+v)
			}
		}
	}
	if v := q.Get("tag"); v != "" {
		o.tries = append(o.tries, "/tag/"+v+"/")
	}
	if v := q.Get("category_name"); v != "" {
		o.tries = append(o.tries, "/category/"+v[strings.LastIndexByte(v, '/')+1:]+"/")
	}
	m := q.Get("m")
	switch {
	case q.Get("s") != "":
		o.to = "/search?q=" + url.QueryEscape(q.Get("s"))
	case digits(m) && len(m) >= 6 && isYear(m[:4]):
		o.to = "/" + m[:4] + "/" + m[4:6] + "/"
	}
	switch q.Get("feed") {
	case "rss2", "rss", "rdf", "comments-rss2":
		o.feed = feed.RSS
	case "atom", "comments-atom":
		o.feed = feed.Atom
	}
	if o.feed != feed.None && o.to == "" {
		o.to = "/"
	}
	return o
}

var (
	reCommentPage = regexp.MustCompile(`^comment-page-[0-9]+$`)
	reSized       = regexp.MustCompile(`(?:-(?:[0-9]+x[0-9]+|scaled|rotated)(?:@[23]x)?|@[23]x)(\.[A-Za-z0-9]+)$`)
)

// Words under which WordPress has its lists, as they come and as French sites rename them.
var (
	categoryBases = map[string]bool{"category": true, "categorie": true, "categories": true, "rubrique": true, "rubriques": true, "topics": true}
	tagBases      = map[string]bool{"tag": true, "tags": true, "etiquette": true, "mot-cle": true, "mots-cles": true}
	authorBases   = map[string]bool{"author": true, "auteur": true}
)

// oldFeeds are the programs that made feeds before WordPress 1.5, to which it still answers.
var oldFeeds = map[string]feed.Format{"wp-rss.php": feed.RSS, "wp-rss2.php": feed.RSS, "wp-rdf.php": feed.RSS, "wp-feed.php": feed.RSS, "wp-commentsrss2.php": feed.RSS, "wp-atom.php": feed.Atom}

// byPath reads a path that is not ours. WordPress puts under every address its pages (/2/, /page/2/, /comment-page-1/), its feeds and
// its other forms: without these it is the thing itself.
func byPath(path string) (o former) {
	o.try(path)
	if whole := reSized.ReplaceAllString(path, "$1"); whole != path { // a smaller copy of a picture
		o.try(whole)
	}
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if n := len(segments); n > 0 && oldFeeds[segments[n-1]] != feed.None {
		o.feed, o.to = oldFeeds[segments[n-1]], "/"
		return o
	}
	if len(segments) >= 2 && segments[0] == "search" { // its search, where addresses have no query: /search/deux+mots/
		o.to = "/search?q=" + url.QueryEscape(strings.ReplaceAll(segments[1], "+", " "))
		return o
	}
	kept, as := bare(segments)
	o.feed = as
	if len(kept) < len(segments) {
		o.try("/" + strings.Join(kept, "/"))
	}
	for i, s := range kept {
		switch {
		case i == len(kept)-1:
		case categoryBases[s]:
			o.tries = append(o.tries, "/category/"+kept[len(kept)-1]+"/")
		case tagBases[s]:
			o.tries = append(o.tries, "/tag/"+kept[len(kept)-1]+"/")
		case authorBases[s]:
			o.to = "/"
		}
	}
	front := "/" + strings.Join(kept, "/")
	switch {
	case len(segments) > 0 && ourFeed(segments[len(segments)-1]) != feed.None: // of a list only, or it would lead to itself
		o.to = ""
	case front != "/" && oldFronts[front], len(kept) < len(segments) && (front == "/" || front == "/comments"):
		o.to = "/"
	case isDate(kept) && (len(kept) == 3 || len(kept) < len(segments)): // a day, or a page of a month
		o.to = "/" + strings.Join(kept[:min(2, len(kept))], "/") + "/"
	}
	return o
}

// bare takes the forms of a thing off the end of its address, and tells which feed was among them.
func bare(segments []string) (kept []string, as feed.Format) {
	for {
		n := len(segments)
		if n == 0 || n == 2 && (categoryBases[segments[0]] || tagBases[segments[0]]) { // which may be called rss
			return segments, as
		}
		switch last := segments[n-1]; {
		case last == "feed" || last == "rss" || last == "rss2" || last == "rdf":
			as, segments = max(as, feed.RSS), segments[:n-1]
		case last == "atom":
			as, segments = feed.Atom, segments[:n-1]
		case ourFeed(last) != feed.None:
			as, segments = ourFeed(last), segments[:n-1]
		case last == "amp" || last == "embed" || last == "trackback" || reCommentPage.MatchString(last):
			segments = segments[:n-1]
		case n > 1 && isNumber(last) && segments[n-2] == "page":
			segments = segments[:n-2]
		case n > 1 && isNumber(last) && !isDate(segments):
			segments = segments[:n-1]
		default:
			return segments, as
		}
	}
}

// ourFeed tells which feed of ours has that name: a list that was given up leaves its feeds behind too.
func ourFeed(name string) feed.Format {
	for _, as := range []feed.Format{feed.RSS, feed.Atom, feed.JSON} {
		if name == as.File() {
			return as
		}
	}
	return feed.None
}

func isNumber(s string) bool { return s != "" && len(s) < 6 && strings.Trim(s, "0123456789") == "" }

// isDate reports whether these are the segments of a year, a month or a day.
func isDate(segments []string) bool {
	if len(segments) == 0 || len(segments) > 3 || !isYear(segments[0]) {
		return false
	}
	for _, s := range segments[1:] {
		if len(s) > 2 || !isNumber(s) {
			return false
		}
	}
	return true
}

// try adds a path, written with and without its last slash.
func (o *former) try(path string) {
	if path == "/" || path == "" {
		return
	}
	other := path + "/"
	if strings.HasSuffix(path, "/") {
		other = strings.TrimSuffix(path, "/")
	}
	o.tries = append(o.tries, path, other)
}

// old tells where an address of the program before leads.
func (h *Handler) old(tx *db.Tx, f *frame, o former) (answer, bool, error) {
	found, ok, err := f.read.Old(tx, o.tries)
	if err != nil {
		return nil, false, err
	}
	if ok {
		link, err := f.oldLink(tx, found, o.feed)
		return moved(link), link != "" && err == nil, err
	}
	if o.to == "" {
		return nil, false, nil
	}
	if came, err := f.read.Moved(tx); err != nil || !came { // only where there was another program
		return nil, false, err
	}
	main, ok := f.places.Main()
	switch {
	case strings.HasPrefix(o.to, "/search"):
		return moved(f.houseLink(o.to)), true, nil
	case !ok:
		return nil, false, nil
	case o.feed != feed.None:
		return moved(f.feedLink(main, strings.TrimSuffix(o.to, "/")+"/"+o.feed.File())), true, nil
	}
	return moved(f.link(main, o.to)), true, nil
}

// oldLink leads to what an old address found, or to its feed.
func (f *frame) oldLink(tx *db.Tx, o post.Old, as feed.Format) (string, error) {
	var a address
	v, ok := f.places.Main()
	switch {
	case o.Post != nil:
		link := f.postLink(*o.Post)
		if as == feed.None || link == "" {
			return link, nil
		}
		if v, ok = f.places.Voice(o.Post.Voice); ok {
			return f.feedLink(v, post.Path(*o.Post)+"/"+as.File()), nil
		}
		return link, nil
	case o.Section != nil:
		v, ok = f.places.Voice(o.Section.Voice)
		a = address{kind: section, name: o.Section.Slug, feed: as}
	case o.Tag != nil:
		a = address{kind: tag, name: o.Tag.Slug, feed: as}
	default:
		m, err := media.ByID(tx, o.File)
		if err != nil {
			return "", err
		}
		return f.houseLink(media.Src(m)), nil
	}
	if !ok {
		return "", nil
	}
	if as != feed.None {
		return f.feedLink(v, a.path()), nil
	}
	return f.link(v, a.path()), nil
}
