package site

import (
	"errors"
	"net/http"
	"net/url"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// confirmPage asks whether an address is its reader's. The link alone proves nothing: programs that look through mail
// open links, and only people press buttons.
type confirmPage struct {
	web.Page
	Token string
	About inbox.Subject
	Link  string // once confirmed: to what they wrote; "" when it does not stand there yet
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	about, err := h.o.Talk.ConfirmSubject(r.Context(), token)
	if err != nil {
		return err
	}
	p := confirmPage{Page: web.Page{Title: r.T("site.confirm_title"), Robots: "noindex"}, Token: token, About: about}
	if about.Done && !about.Post.IsZero() {
		if p.Link, err = h.commentLink(r, about.Post, about.Message); err != nil {
			return err
		}
	}
	noStore(w)
	return h.confirms.Render(w, r, http.StatusOK, p)
}

// commentLink leads to a comment under its post, "" when strangers do not see that post.
func (h *Handler) commentLink(r *web.Request, p fact.PostID, m fact.MessageID) (link string, err error) {
	err = h.o.DB.Read(r.Context(), func(tx *db.Tx) error {
		f, err := h.newFrame(tx, r, h.shared.now())
		if err != nil {
			return err
		}
		found, err := f.read.ByID(tx, p)
		if err == nil {
			link = f.postLink(found) + "#c-" + m.String()
		}
		return err
	})
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) || errors.Is(err, errClosed) {
		return "", nil
	}
	return link, err
}

func (h *Handler) confirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	if err := h.o.Talk.Confirm(r.Context(), token); err != nil {
		return err
	}
	return r.Redirect(w, "", "/confirm?"+url.Values{"t": {token}}.Encode())
}

// disownPage asks whoever owns an address whether a comment is not theirs.
type disownPage struct {
	web.Page
	Token string
	About inbox.Disowning
}

func (h *Handler) askDisown(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	about, err := h.o.Talk.DisownSubject(r.Context(), token)
	if err != nil {
		return err
	}
	noStore(w)
	return h.disowns.Render(w, r, http.StatusOK, disownPage{
		Page: web.Page{Title: r.T("site.disown_title"), Robots: "noindex"}, Token: token, About: about,
	})
}

// disown takes the comment back, and shows that it is done.
func (h *Handler) disown(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.o.Talk.Disown(r.Context(), form.Raw("t")); err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/confirm/not-me?t="+url.QueryEscape(form.Raw("t")), http.StatusSeeOther)
	return nil
}

// noStore keeps what one person alone should see out of every cache.
func noStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }
