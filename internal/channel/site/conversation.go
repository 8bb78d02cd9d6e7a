package site

import (
	"net/http"
	"strings"
	"time"

	"causerie/internal/assets"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// talk is the conversation under a post.
type talk struct {
	Said   []said
	Count  int
	Open   bool
	Action string
	Parent string // id of the message that the form answers
	Astray bool   // the address asks to answer a message that is not here
	To     string // who wrote it
}

// depth is how far answers are set in. Deeper ones stand in a row.
const depth = 3

func (h *Handler) talk(tx *db.Tx, r *web.Request, f *frame, p post.Public) (talk, error) {
	t := talk{Action: f.postLink(p) + "/comments"}
	var err error
	if t.Open, err = h.o.Talk.CommentsOpenIn(tx, p); err != nil {
		return t, err
	}
	thread, err := h.o.Talk.ThreadIn(tx, p.ID)
	if err != nil {
		return t, err
	}
	t.Parent = r.URL.Query().Get("reply")
	t.Said = t.shape(r, f, thread, 1)
	if t.Astray = t.Parent != "" && t.To == ""; t.Astray {
		t.Parent = ""
	}
	return t, nil
}

// shape makes what the page shows of messages, counts them, and finds the one that the reader wants to answer.
func (t *talk) shape(r *web.Request, f *frame, messages []inbox.Comment, level int) []said {
	out := make([]said, 0, len(messages))
	for _, m := range messages {
		t.Count++
		s := said{ID: m.ID.String(), Name: m.Name, Link: m.URL, HTML: m.HTML, At: m.At.UTC().Format(time.RFC3339)}
		s.When = r.T("site.at", i18n.ShortDate(r.Lang(), m.At, r.Zone()), i18n.Time(r.Lang(), m.At, r.Zone()))
		if s.Name == "" {
			s.Name = r.T("site.no_name")
		}
		switch {
		case m.ByAuthor:
			s.Name, s.Link, s.Author = m.VoiceName, "", r.T("site.author")
			s.Face = assets.FaceOf(m.Voice.String(), m.VoiceName)
			if m.Voice == f.voice.ID {
				s.Face.Img = f.portrait
			}
		case m.Contact.IsZero():
			s.Face = assets.FaceOf(m.Name, m.Name)
		default:
			s.Face = assets.FaceOf(m.Contact.String(), m.Name)
		}
		if m.Lang != string(r.Lang()) {
			s.Lang = m.Lang
		}
		if t.Parent == s.ID {
			t.To = s.Name
		}
		if t.Open {
			s.Reply, s.ReplySay = r.T("site.reply"), r.T("site.reply_to", s.Name)
		}
		answers := t.shape(r, f, m.Children, level+1)
		if level < depth {
			s.Answers = answers
			out = append(out, s)
			continue
		}
		out = append(append(out, s), answers...)
	}
	return out
}

// comment takes in what a reader wrote under a post: POST {post}/comments.
func (h *Handler) comment(w http.ResponseWriter, r *web.Request) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		p, err := h.commented(tx, r, f)
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *web.Request) error {
			form, err := r.Form() // it comes when it likes: not inside the snapshot, and not where nothing is
			if err != nil {
				return err
			}
			return h.take(w, r, form, p, f.postLink(p))
		}, nil
	})
}

// commented finds the post whose comments a form is sent to, and makes the answer speak its language. A form on a page that
// was open while its voice moved is sent to an address that the voice left: it is taken like any other.
func (h *Handler) commented(tx *db.Tx, r *web.Request, f *frame) (p post.Public, err error) {
	s := f.places.At(r.Host, r.URL.Path)
	a, err := parse(s.Rest)
	if err != nil || !a.comments || !readable(r.URL.Path) {
		return p, fault.NotFound("page")
	}
	for _, id := range s.Voices {
		v, _ := f.places.Voice(f.places.Heir(id))
		if err = h.setVoice(tx, r, f, v); err != nil {
			return p, err
		}
		p, err = f.named(tx, id, a)
		if !fault.Is(err, fault.KindNotFound) {
			setLang(r, p.Lang)
			return p, err
		}
	}
	return p, fault.NotFound("post")
}

// named returns the post that a names, or named, under a voice.
func (f *frame) named(tx *db.Tx, v fact.VoiceID, a address) (post.Public, error) {
	if a.kind == note {
		id, err := fact.Parse[fact.PostID](a.name)
		if err != nil {
			return post.Public{}, fault.NotFound("post")
		}
		p, err := f.read.ByID(tx, id)
		if err == nil && p.Voice != f.places.Heir(v) {
			err = fault.NotFound("post")
		}
		return p, err
	}
	found, err := f.read.Resolve(tx, v, a.name)
	if err == nil && found.Gone {
		err = fault.Gone("post")
	}
	return found.Post, err
}

// take gives the comment to the conversation, and tells the reader what became of it; what they can mend is shown where
// they typed it.
func (h *Handler) take(w http.ResponseWriter, r *web.Request, form *web.Form, p post.Public, link string) error {
	parent, err := fact.Parse[fact.MessageID](form.Text("parent"))
	if err != nil {
		parent = 0 // a form that was tampered with answers the post
	}
	m, err := h.o.Talk.Comment(r.Context(), inbox.CommentInput{
		Post: p.ID, Parent: parent, Name: form.Text("name"), Email: form.Text("email"), Body: form.Text("body"),
		Lang: string(r.Lang()), Notify: form.Bool("notify"), Honeypot: form.Raw("website"),
	})
	if err == nil {
		said := saidHeld
		if m.Moderation == inbox.Visible {
			said = saidVisible
		}
		return seeOther(w, r, link, said)
	}
	if !form.AddProblems(err) {
		return err
	}
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		if _, err := h.commented(tx, r, f); err != nil { // speaks as before
			return nil, err
		}
		d, err := h.read(tx, r, f, p)
		if err != nil {
			return nil, err
		}
		d.Form = form
		if !parent.IsZero() {
			d.Talk.answer(parent.String())
		}
		return h.show(d, http.StatusUnprocessableEntity), nil
	})
}

// The elements of pages that tell a reader what became of a form, shown when the address aims at them.
const (
	saidHeld    = "said-held"
	saidVisible = "said-visible"
	saidSent    = "said-sent"
)

// seeOther sends a reader, after a form, to the element of a page of ours that tells them what became of it. The page may be on another
// host of the house, for a form that was open while its voice moved there.
func seeOther(w http.ResponseWriter, r *web.Request, link, said string) error {
	if strings.HasPrefix(link, "/") {
		return r.Redirect(w, said, link)
	}
	w.Header().Set("Location", link+"#"+said)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// answer makes the form one that answers a message, if it is there.
func (t *talk) answer(id string) {
	var find func(all []said)
	find = func(all []said) {
		for _, s := range all {
			if s.ID == id {
				t.Parent, t.To = id, s.Name
			}
			find(s.Answers)
		}
	}
	find(t.Said)
}
