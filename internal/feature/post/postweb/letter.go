package postweb

import (
	"net/http"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

// letterPart is what the page of a post says of the letter by which it leaves: to publish and to send are asked apart.
type letterPart struct {
	Asks     bool               // whoever reads may say that it leaves, before the post is out
	Letter   *newsletter.Letter // nil for none
	Path     string             // of Letter
	Audience segment.Audience   // to whom it goes now
	Form     *web.Form          // what was chosen
}

// On reports whether the post leaves as a letter when it appears.
func (d letterPart) On() bool { return d.Letter != nil && d.Letter.State == newsletter.WithPost }

// Letters has these pages offer to mail what is published.
func (h *Handler) Letters(letters *newsletter.Service, people *segment.View) *Handler {
	h.letters, h.people = letters, people
	return h
}

// letterOf reads the part of a page that is about the letter of p, with what f holds of it.
func (h *Handler) letterOf(r *web.Request, p post.Post, v voice.Voice, f *web.Form) (d letterPart, err error) {
	if h.letters == nil || !v.Public() || !newsletter.CanCarry(p) {
		return d, nil
	}
	l, found, err := h.letters.OfPost(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return d, err
	}
	if found {
		d.Letter, d.Path = &l, "/app/letters/"+l.ID.String()
	}
	d.Asks = !p.Out() && (!found || l.Editable()) && r.Actor().Require(actor.Editor, int64(p.Voice)) == nil
	if d.Asks || d.On() {
		d.Audience, err = h.people.Followers(r.Context(), r.Actor(), p.Voice, p.SectionID)
	}
	values := d.values(r.Zone())
	if f.Has("letter") {
		values = letterTyped(f)
	}
	if values["letter_at"] == "" {
		values["letter_at"] = clock.Local{Day: clock.DayOf(r.Now(), r.Zone()).Add(1), Hour: 8}.String()
	}
	d.Form = web.NewForm(values)
	d.Form.Problems = f.Problems
	return d, err
}

// letterTyped is what the form holds of the letter, which no kept draft keeps.
func letterTyped(f *web.Form) map[string]string {
	values := map[string]string{}
	for _, name := range []string{"letter", "letter_excerpt", "letter_when", "letter_at"} {
		if f.Has(name) {
			values[name] = f.Text(name)
		}
	}
	return values
}

// values is what the form shows of the letter that there is.
func (d letterPart) values(zone *time.Location) map[string]string {
	values := map[string]string{}
	if !d.On() {
		return values
	}
	values["letter"] = "send"
	if d.Letter.Excerpt {
		values["letter_excerpt"] = "1"
	}
	if !d.Letter.SendAt.IsZero() {
		values["letter_when"], values["letter_at"] = "later", clock.LocalFrom(d.Letter.SendAt, zone).String()
	}
	return values
}

// saidWith is what is said after a post was published or taken back, with what it means for its letter.
func (h *Handler) saidWith(r *web.Request, said string, p post.Post) (string, error) {
	if h.letters == nil {
		return said, nil
	}
	l, found, err := h.letters.OfPost(r.Context(), r.Actor(), p.ID)
	switch {
	case err != nil || !found || said == "post.said_held":
	case p.Out() && (l.State == newsletter.Scheduled || l.State == newsletter.Sending) && r.Now().Sub(l.UpdatedAt) < time.Minute:
		said += "_letter"
	case !p.Out() && l.State == newsletter.WithPost:
		said += "_letter"
	case !p.Out() && !l.BegunAt.IsZero():
		said += "_sent"
	}
	return said, err
}

// keepLetter saves what the form says of the letter of p. When done is true the answer was written: the page again, with what is wrong.
func (h *Handler) keepLetter(w http.ResponseWriter, r *web.Request, p post.Post, f *web.Form) (done bool, err error) {
	if h.letters == nil || !f.Has("letter") || p.Out() {
		return false, nil
	}
	if f.Text("letter") != "send" {
		return false, h.letters.Alone(r.Context(), r.Actor(), p.ID)
	}
	in := newsletter.Along{Excerpt: f.Bool("letter_excerpt")}
	if f.Text("letter_when") == "later" {
		local, ok := f.Local("letter_at")
		if !ok {
			f.Require("letter_at")
			return true, h.missing(w, r, p, f, f.Err())
		}
		in.At = local.In(r.Zone())
	}
	_, err = h.letters.Accompany(r.Context(), r.Actor(), p.ID, in)
	if err != nil && f.AddProblems(err) {
		return true, h.missing(w, r, p, f, f.Err())
	}
	return false, err
}
