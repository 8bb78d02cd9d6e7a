// Package newsletterweb is where one writes letters, sees how they look, to how many they go, and what became of them.
//
// A letter that has not left has a page to write it; from the press on Send its page tells what becomes of it, and is where it is
// paused and taken back. How it looks is a document of its own, in a frame that runs nothing.
package newsletterweb

import (
	"context"
	"embed"
	"net/http"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/aftermath"
	"causerie/internal/view/segment"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "newsletterweb", Side: web.Work, Files: files}

// Options are what the pages need, all of them.
type Options struct {
	Kit       *web.Kit
	Letters   *newsletter.Service
	Voices    *voice.Service
	Places    *place.Service
	Segments  *segment.View
	Aftermath *aftermath.View
	// Email returns the address of who is signed in: where a test goes.
	Email func(ctx context.Context, by actor.Actor) (string, error)
}

// Handler answers for these pages.
type Handler struct {
	o        Options
	lists    *web.View[listPage]
	forms    *web.View[formPage]
	shows    *web.View[showPage]
	afters   *web.View[afterPage]
	welcomes *web.View[welcomePage]
}

// New returns the pages.
func New(o Options) *Handler {
	return &Handler{o: o,
		lists:    web.NewView[listPage](o.Kit, Bundle, "list.tmpl", "work"),
		forms:    web.NewView[formPage](o.Kit, Bundle, "form.tmpl", "work"),
		shows:    web.NewView[showPage](o.Kit, Bundle, "show.tmpl", "work"),
		afters:   web.NewView[afterPage](o.Kit, Bundle, "after.tmpl", "work"),
		welcomes: web.NewView[welcomePage](o.Kit, Bundle, "welcome.tmpl", "work"),
	}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/letters", Access: web.Authors, Handle: h.list},
		{Pattern: "POST /app/letters", Access: web.Authors, Once: true, Handle: h.create},
		{Pattern: "GET /app/letters/new", Access: web.Authors, Handle: h.blank},
		{Pattern: "GET /app/letters/{id}", Access: web.Authors, Handle: h.show},
		{Pattern: "GET /app/letters/{id}/after/{what}", Access: web.Authors, Handle: h.after},
		{Pattern: "POST /app/letters/{id}", Access: web.Authors, Handle: h.save},
		{Pattern: "POST /app/letters/{id}/send", Access: web.Authors, Handle: h.send},
		{Pattern: "POST /app/letters/{id}/pause", Access: web.Authors, Handle: h.steer(h.o.Letters.Pause, "letter.said_paused")},
		{Pattern: "POST /app/letters/{id}/resume", Access: web.Authors, Handle: h.steer(h.o.Letters.Resume, "letter.said_resumed")},
		{Pattern: "POST /app/letters/{id}/cancel", Access: web.Authors, Handle: h.steer(h.o.Letters.Cancel, "letter.said_cancelled")},
		{Pattern: "POST /app/letters/{id}/release", Access: web.Authors, Handle: h.release},
		{Pattern: "POST /app/letters/{id}/delete", Access: web.Authors, Handle: h.drop},
		{Pattern: "GET " + welcomePattern, Access: web.Editors, Handle: h.welcome},
		{Pattern: "POST " + welcomePattern, Access: web.Editors, Handle: h.setWelcome},
		{Pattern: "GET " + welcomePattern + "/mail", Access: web.Editors, Handle: h.welcomeMail},
	}
}

func path(id fact.LetterID) string { return "/app/letters/" + id.String() }

func pathID(r *web.Request) (fact.LetterID, error) {
	id, err := fact.Parse[fact.LetterID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("letter")
	}
	return id, nil
}

// steer does something with a letter and goes back to its page.
func (h *Handler) steer(do func(context.Context, actor.Actor, fact.LetterID) error, said string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		id, err := pathID(r)
		if err == nil {
			err = do(r.Context(), r.Actor(), id)
		}
		if err != nil {
			return err
		}
		return r.Redirect(w, said, path(id))
	}
}

// release lets a letter go that is held with all that leaves, and goes back to where that is listed.
func (h *Handler) release(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err == nil {
		err = h.o.Letters.LetGo(r.Context(), r.Actor(), id)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "letter.said_released", "/app/deliveries")
}

func (h *Handler) drop(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err == nil {
		err = h.o.Letters.Drop(r.Context(), r.Actor(), id)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "letter.said_deleted", "/app/letters")
}

// titleOf is what lists call a letter.
func titleOf(r *web.Request, l newsletter.Letter) string {
	if rhythm, day, is := l.DigestOf(); is {
		return r.T("letter.digest."+rhythm, i18n.Date(r.Lang(), day.Start(r.Zone()), r.Zone()))
	}
	return l.Title
}

// mine returns the voices in which who asks may write letters, by id and in the order of the house.
func (h *Handler) mine(r *web.Request) (all []voice.Voice, names map[fact.VoiceID]string, err error) {
	voices, err := h.o.Voices.List(r.Context())
	names = map[fact.VoiceID]string{}
	for _, v := range voices {
		names[v.ID] = v.Name
		if v.Public() && r.Actor().Require(actor.Author, int64(v.ID)) == nil {
			all = append(all, v)
		}
	}
	return all, names, err
}
