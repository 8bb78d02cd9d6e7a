package newsletterweb

import (
	"net/http"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

// formPage is where a letter that has not left is written and let go.
type formPage struct {
	web.Page
	L         newsletter.Letter // of a new one the ID is zero
	Path      string
	Name      string // the title of the post that it carries
	Voices    []voice.Voice
	Voice     string         // the name of the voice of a letter that there is
	Reach     int            // to how many it goes now
	Wont      []segment.Wont // and how many of those who follow will not get it, and why
	Segments  []segment.Segment
	MaySend   bool
	Email     string // where a test goes
	Tomorrow  string
	FirstName string // the merge field, as the language of the reader spells it
}

func (h *Handler) blank(w http.ResponseWriter, r *web.Request) error {
	post := r.URL.Query().Get("post")
	if post != "" {
		id, err := fact.Parse[fact.PostID](post)
		if err != nil {
			return fault.NotFound("post")
		}
		if l, found, err := h.o.Letters.OfPost(r.Context(), r.Actor(), id); err != nil {
			return err
		} else if found {
			return r.Redirect(w, "", path(l.ID))
		}
	}
	return h.showForm(w, r, http.StatusOK, formPage{}, web.NewForm(map[string]string{
		"post": post, "voice": r.URL.Query().Get("voice"), "audience": r.URL.Query().Get("audience")}))
}

func input(f *web.Form) newsletter.Input {
	return newsletter.Input{Voice: idOf[fact.VoiceID](f, "voice"), Post: idOf[fact.PostID](f, "post"), Subject: f.Text("subject"), Body: f.Raw("body"),
		Excerpt: f.Bool("excerpt"), Audience: f.Text("audience")}
}

// idOf reads an id, zero for none; what is none of its kind is a problem of the field.
func idOf[ID ~int64](f *web.Form, name string) (id ID) {
	if f.Text(name) == "" {
		return 0
	}
	id, err := fact.Parse[ID](f.Text(name))
	if err != nil {
		f.Problem(name, "unknown")
	}
	return id
}

func (h *Handler) create(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	in := input(f)
	if err = f.Err(); err == nil {
		var l newsletter.Letter
		if l, err = h.o.Letters.Create(r.Context(), r.Actor(), in); err == nil {
			return r.Redirect(w, "letter.said_saved", path(l.ID))
		}
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.showForm(w, r, http.StatusUnprocessableEntity, formPage{}, f)
}

// showForm shows the page to write a letter, with what was typed.
func (h *Handler) showForm(w http.ResponseWriter, r *web.Request, status int, d formPage, f *web.Form) (err error) {
	mine, names, err := h.mine(r)
	if err != nil {
		return err
	}
	if r.Actor().Require(actor.Editor, 0) == nil { // segments tell of people of every voice
		if d.Segments, err = h.o.Segments.List(r.Context(), r.Actor()); err != nil {
			return err
		}
	}
	d.Voices, d.Form, d.Nav = mine, f, "letters"
	d.Title, d.FirstName = r.T("letter.new"), "{prénom}"
	if r.Lang() == i18n.En {
		d.FirstName = "{first_name}"
	}
	if !d.L.ID.IsZero() {
		d.Path, d.Voice, d.MaySend = path(d.L.ID), names[d.L.Voice], d.L.MaySend(r.Actor())
		if err := h.explain(r, &d); err != nil {
			return err
		}
		if d.Email, err = h.o.Email(r.Context(), r.Actor()); err != nil {
			return err
		}
		d.Name, d.Title = d.L.Title, d.L.Title
	} else if post := f.Text("post"); post != "" {
		if id, err := fact.Parse[fact.PostID](post); err == nil { // what is none is a problem of the form
			if d.Name, err = h.o.Letters.TitleOf(r.Context(), id); err != nil {
				return err
			}
		}
	}
	at := r.Now().In(r.Zone()).AddDate(0, 0, 1)
	d.Tomorrow = clock.LocalFrom(time.Date(at.Year(), at.Month(), at.Day(), 8, 0, 0, 0, r.Zone()), r.Zone()).String()
	return h.forms.Render(w, r, status, d)
}

// explain says to how many a letter goes, and to whom it will not.
func (h *Handler) explain(r *web.Request, d *formPage) error {
	var a segment.Audience
	section, err := h.o.Letters.Section(r.Context(), r.Actor(), d.L.ID)
	if err != nil {
		return err
	}
	if d.L.Audience == newsletter.Followers {
		a, err = h.o.Segments.Followers(r.Context(), r.Actor(), d.L.Voice, section)
	} else {
		for _, s := range d.Segments {
			if s.ID.String() == d.L.Audience {
				a, err = h.o.Segments.Explain(r.Context(), r.Actor(), s.Filter)
			}
		}
	}
	d.Reach, d.Wont = a.Will, a.Refused
	return err
}

// valuesOf is what a form holds of a letter.
func valuesOf(l newsletter.Letter) *web.Form {
	values := map[string]string{"voice": l.Voice.String(), "post": l.Post.String(), "subject": l.Subject, "body": l.Body, "audience": l.Audience}
	if l.Excerpt {
		values["excerpt"] = "1"
	}
	return web.NewForm(values)
}

// keep saves what was typed, when something was. done says that the answer is written.
func (h *Handler) keep(w http.ResponseWriter, r *web.Request) (l newsletter.Letter, f *web.Form, done bool, err error) {
	id, err := pathID(r)
	if err != nil {
		return l, nil, false, err
	}
	if l, err = h.o.Letters.Get(r.Context(), r.Actor(), id); err != nil {
		return l, nil, false, err
	}
	if f, err = r.Form(); err != nil || !f.Has("subject") {
		return l, f, false, err
	}
	now, err := h.o.Letters.Change(r.Context(), r.Actor(), id, input(f))
	if err == nil {
		return now, f, false, nil
	}
	if !f.AddProblems(err) {
		return l, f, false, err
	}
	return l, f, true, h.showForm(w, r, http.StatusUnprocessableEntity, formPage{L: l}, f)
}

func (h *Handler) save(w http.ResponseWriter, r *web.Request) error {
	l, _, done, err := h.keep(w, r)
	if err != nil || done {
		return err
	}
	return r.Redirect(w, "letter.said_saved", path(l.ID))
}

// send saves what was typed and lets the letter leave, now or at the time that was chosen.
func (h *Handler) send(w http.ResponseWriter, r *web.Request) error {
	l, f, done, err := h.keep(w, r)
	if err != nil || done {
		return err
	}
	var at time.Time
	if f.Text("when") == "later" {
		local, ok := f.Local("send_at")
		if !ok {
			f.Problem("send_at", "required")
			return h.showForm(w, r, http.StatusUnprocessableEntity, formPage{L: l}, f)
		}
		at = local.In(r.Zone())
	}
	err = h.o.Letters.Send(r.Context(), r.Actor(), l.ID, at)
	if err != nil && f.AddProblems(err) {
		return h.showForm(w, r, http.StatusUnprocessableEntity, formPage{L: l}, f)
	}
	if err != nil {
		return err
	}
	said := "letter.said_sent"
	if !at.IsZero() {
		said = "letter.said_scheduled"
	}
	return r.Redirect(w, said, path(l.ID))
}
