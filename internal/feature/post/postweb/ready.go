package postweb

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// Site shows posts as readers will have them; package site is the one of the program.
type Site interface {
	Draft(w http.ResponseWriter, r *web.Request, p post.Public) error
	Leads(r *web.Request, links []string) (map[string]bool, error)
}

// Talk knows for how long readers may comment; package inbox is the one of the program.
type Talk interface {
	OpenUntil(ctx context.Context, p post.Public) (open bool, until time.Time, err error)
}

// Before has these pages say, before a post goes out, what will happen.
func (h *Handler) Before(s Site, t Talk) *Handler {
	h.site, h.talk = s, t
	return h
}

// readyPage is a post before it goes out: what will happen, what would be better otherwise, how it will look.
type readyPage struct {
	web.Page
	Post     post.Post
	Name     string
	Voice    voice.Voice
	At       string // its address on the work side
	Address  string // where readers will find it, absolute; "" for an internal voice
	Open     bool   // strangers see the house
	Held     bool
	Talk     bool
	TalkEnds time.Time
	Letter   letterPart
	Advice   []post.Advice
	Lacks    []fault.Problem // what keeps it from going out
	Card     card
	Tomorrow string
}

// card is how a post looks where others pass it on, and in a search.
type card struct{ Image, Alt, Host, Path, Title, Text string }

// ready shows what publishing will do. Only what has a title has such a page: a note goes out as it is written.
func (h *Handler) ready(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	return h.showReady(w, r, http.StatusOK, p, web.NewForm(valuesOf(p)))
}

func (h *Handler) showReady(w http.ResponseWriter, r *web.Request, status int, p post.Post, f *web.Form) error {
	if !p.DeletedAt.IsZero() || !p.MayChange(r.Actor()) || p.Out() || !p.Traits().Titled {
		return r.Redirect(w, "", here(p))
	}
	ctx := r.Context()
	d := readyPage{Post: p, At: here(p), Name: p.Label()}
	shown, err := h.posts.AsRead(ctx, r.Actor(), p.ID)
	if err != nil {
		return err
	}
	if d.Voice, err = h.voices.Get(ctx, p.Voice); err != nil {
		return err
	}
	hs, err := h.house.Get(ctx)
	if err != nil {
		return err
	}
	places, err := h.places.Get(ctx)
	if err != nil {
		return err
	}
	d.Open = hs.Public
	if d.Voice.Public() {
		slug := shown.Slug
		if slug == "" {
			slug = text.Slug(p.Title)
		}
		d.Address = places.URL(p.Voice, "/"+slug)
	}
	if d.Held, err = h.posts.Held(ctx); err != nil {
		return err
	}
	if d.Talk, d.TalkEnds, err = h.talk.OpenUntil(ctx, shown); err != nil {
		return err
	}
	if d.Letter, err = h.letterOf(r, p, d.Voice, f); err != nil {
		return err
	}
	if d.Advice, err = h.adviceFor(r, shown, d.Voice); err != nil {
		return err
	}
	d.Lacks = p.Lacks()
	d.Card = cardOf(shown, d.Address)
	d.Tomorrow = clock.Local{Day: clock.DayOf(r.Now(), hs.Location()).Add(1), Hour: 8}.String()
	d.Nav, d.Form, d.Title = "write", f, r.T("post.ready")
	web.ShowFrames(w)
	return h.readyView.Render(w, r, status, d)
}

func (h *Handler) adviceFor(r *web.Request, p post.Public, v voice.Voice) ([]post.Advice, error) {
	var links []string
	for _, l := range text.Inspect(p.HTML).Links {
		links = append(links, l.Href)
	}
	leads, err := h.site.Leads(r, links[:min(len(links), 500)])
	if err != nil {
		return nil, err
	}
	return post.Advise(p, post.Speaker{Kind: v.Kind, Name: v.Name}, func(href string) bool { ok, asked := leads[href]; return ok || !asked }), nil
}

// cardOf is what others see of p. An address without a host is of a voice that nobody outside reads.
func cardOf(p post.Public, address string) card {
	c := card{Title: p.Title, Text: text.Clip(p.Share(200), 200)}
	if m, alt := p.Picture(); m != nil {
		c.Image, c.Alt = media.Path(m.ID, media.Medium), alt
	}
	if u, err := url.Parse(address); err == nil {
		c.Host, c.Path = u.Host, u.Path
	}
	return c
}

// settle saves what the page of the publication asks, and stays there.
func (h *Handler) settle(w http.ResponseWriter, r *web.Request) error {
	p, _, done, err := h.keep(w, r, true)
	if err != nil || done {
		return err
	}
	if !p.Traits().Titled {
		return r.Redirect(w, "post.said_saved", here(p))
	}
	return r.Redirect(w, "", here(p)+"/ready")
}

// asRead answers with the page that readers would have, for the frames of the page of the publication.
func (h *Handler) asRead(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	shown, err := h.posts.AsRead(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	return h.site.Draft(w, r, shown)
}

// keepSettled saves what the page of the publication asks: nothing of the text, so that whoever writes it meanwhile is in nobody's way.
func (h *Handler) keepSettled(w http.ResponseWriter, r *web.Request, p post.Post, f *web.Form) (post.Post, *web.Form, bool, error) {
	now, err := h.posts.Save(r.Context(), r.Actor(), p.ID, patchOf(f), p.Version)
	if err != nil {
		if !f.AddProblems(err) {
			return p, f, true, err
		}
		values := with(with(valuesOf(p), typed(f)), letterTyped(f))
		again := web.NewForm(values)
		again.Problems = f.Problems
		return p, f, true, h.showReady(w, r, http.StatusUnprocessableEntity, p, again)
	}
	done, err := h.keepLetter(w, r, now, f)
	return now, f, done, err
}
