package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

const (
	maxQuery = 100 // characters
	maxPage  = 50
)

// searchPage is the form and what it found.
type searchPage struct {
	base
	Query        string
	Asked        string // the language that the address asks for, when it is another than the main voice's
	Found        []hit
	More         bool // there may be others, or there were some before
	Newer, Older string
	Nothing      bool
}

// hit is a post that holds the words.
type hit struct {
	URL, Title, Lang string
	Voice            string // of another voice than the main one
	At               time.Time
	Pieces           []piece
}

func (h *Handler) search(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		r.DependsOn(topicPosts, TopicSearch)
		if err := h.setVoice(tx, r, f, f.voice); err != nil {
			return nil, err
		}
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		q := form.Text("q")
		if utf8.RuneCountInString(q) > maxQuery {
			q = string([]rune(q)[:maxQuery])
		}
		page, _ := strconv.Atoi(form.Text("page"))
		page = min(max(page, 1), maxPage)
		asked := f.inLang(r)
		d := searchPage{Asked: asked, base: f.base(r, "/search", r.T("site.search"), nil), Query: q}
		if q != "" {
			d.Robots, d.Title = "noindex", r.T("site.search_for", q)
			if err := d.find(tx, r, f, page); err != nil {
				return nil, err
			}
		}
		return func(w http.ResponseWriter, r *web.Request) error {
			web.Cacheable(w)
			return h.searches.Render(w, r, http.StatusOK, d)
		}, nil
	})
}

// find fills d with the results of one page, which counts from 1.
func (d *searchPage) find(tx *db.Tx, r *web.Request, f *frame, page int) error {
	posts, err := f.read.Search(tx, d.Query, perPage, (page-1)*perPage)
	if err != nil {
		return err
	}
	address := func(n int) string {
		return "/search?q=" + url.QueryEscape(d.Query) + strings.Replace(langQuery(d.Asked), "?", "&", 1) + "&page=" + strconv.Itoa(n)
	}
	for _, p := range posts {
		e := hit{URL: f.postLink(p), Title: p.Label(), At: p.PublishedAt, Pieces: found(p.Lang, p.Plain, d.Query)}
		if p.Lang != string(r.Lang()) {
			e.Lang = p.Lang
		}
		if v, _ := f.places.Voice(p.Voice); p.Voice != f.voice.ID {
			e.Voice = v.Name
		}
		d.Found = append(d.Found, e)
	}
	if len(posts) == perPage && page < maxPage {
		d.Older = address(page + 1)
	}
	if page > 1 {
		d.Newer = address(page - 1)
	}
	d.More = d.Older != "" || d.Newer != ""
	d.Nothing = len(posts) == 0
	return nil
}
