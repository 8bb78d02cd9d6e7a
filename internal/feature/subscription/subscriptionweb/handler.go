// Package subscriptionweb is where readers ask to receive what is published, say yes from their mailbox, and choose what they receive,
// leave, and see what is held about them: pages without an account, a script or a cookie, opened by the links of mails.
//
// Opening a page changes nothing; every change is a POST, the one press of a mail program too (RFC 8058).
package subscriptionweb

import (
	"embed"
	"net/http"
	"strings"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "subscriptionweb", Side: web.Public, Files: files}

// Options are what the pages need, all of them.
type Options struct {
	Kit           *web.Kit
	House         *house.Service
	Subscriptions *subscription.Service
	Copies        *disclosure.View
	// Page makes a handler answer for a page of the house: on its own host, and to strangers only once the house is public.
	Page func(web.Handler) web.Handler
}

// Handler answers for these pages.
type Handler struct {
	o        Options
	forms    *web.View[formPage]
	says     *web.View[sayPage]
	confirms *web.View[confirmPage]
	choices  *web.View[choicesPage]
	leaves   *web.View[choicesPage]
	owns     *web.View[ownPage]
}

// New returns the pages. The kit must know Bundle.
func New(o Options) *Handler {
	return &Handler{o: o,
		forms:    web.NewView[formPage](o.Kit, Bundle, "form.tmpl", "public"),
		says:     web.NewView[sayPage](o.Kit, Bundle, "say.tmpl", "public"),
		confirms: web.NewView[confirmPage](o.Kit, Bundle, "confirm.tmpl", "public"),
		leaves:   web.NewView[choicesPage](o.Kit, Bundle, "leave.tmpl", "public"),
		choices:  web.NewView[choicesPage](o.Kit, Bundle, "choices.tmpl", "public"),
		owns:     web.NewView[ownPage](o.Kit, Bundle, "own.tmpl", "public"),
	}
}

// Routes returns the addresses of these pages. The rates subscribe and confirm must be known to the router.
func (h *Handler) Routes() []web.Route {
	const small = 16 << 10
	page := h.o.Page
	return []web.Route{
		{Pattern: "GET /subscribe", Access: web.Anyone, Handle: page(h.form)},
		{Pattern: "POST /subscribe", Access: web.Anyone, Rate: "subscribe", MaxBody: small, Handle: h.ask},
		{Pattern: "GET /subscribe/sent", Access: web.Anyone, Handle: page(h.sent)},
		{Pattern: "GET /subscribe/confirm", Access: web.Anyone, Rate: "confirm", Handle: page(h.askConfirm)},
		{Pattern: "POST /subscribe/confirm", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.confirm},
		{Pattern: "GET /subscribe/choices", Access: web.Anyone, Rate: "confirm", Handle: page(h.showChoices)},
		{Pattern: "POST /subscribe/choices", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.choose},
		{Pattern: "GET /subscribe/leave", Access: web.Anyone, Rate: "confirm", Handle: page(h.askLeave)},
		{Pattern: "POST /subscribe/leave", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.leave},
		{Pattern: "POST /subscribe/own", Access: web.Anyone, Rate: "subscribe", MaxBody: small, Handle: h.askOwn},
		{Pattern: "GET /subscribe/own", Access: web.Anyone, Rate: "confirm", Handle: page(h.own)},
		{Pattern: "GET /subscribe/own/{file}", Access: web.Anyone, Rate: "confirm", Timeout: exportTime, Handle: h.ownFile},
		{Pattern: "POST /subscribe/own/correct", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.correct},
		{Pattern: "POST /subscribe/own/erase", Access: web.Anyone, Rate: "confirm", MaxBody: small, Handle: h.erase},
	}
}

// sayPage says one thing.
type sayPage struct {
	web.Page
	Head, Text string
	Link       string // where one goes on, with LinkText; "" is the front
	LinkText   string
}

// private marks a page that one reader alone should see.
func private(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
}

// speak makes a page speak a language, when it is one of ours.
func speak(r *web.Request, lang string) {
	if l, ok := i18n.Parse(lang); ok {
		r.SetLang(l)
	}
}

// choice is one thing that one may follow, as a form offers it.
type choice struct {
	Value, Label string
	On           bool
	Section      bool // of the voice above it
}

func offer(all []subscription.Offered, on func(subscription.Follow) bool) (list []choice) {
	for _, o := range all {
		f := subscription.Follow{Voice: o.ID}
		list = append(list, choice{Value: f.Voice.String(), Label: o.Name, On: on(f)})
		for _, sec := range o.Sections {
			f := subscription.Follow{Voice: o.ID, Section: sec.ID}
			list = append(list, choice{Value: f.Voice.String() + "/" + f.Section.String(), Label: sec.Name, On: on(f), Section: true})
		}
	}
	return list
}

// follows reads what was ticked; what is no choice names a voice that is not offered.
func follows(values []string) (all []subscription.Follow) {
	for _, v := range values {
		voice, section, _ := strings.Cut(v, "/")
		f := subscription.Follow{}
		var err error
		if f.Voice, err = fact.Parse[fact.VoiceID](voice); err == nil && section != "" {
			f.Section, err = fact.Parse[fact.SectionID](section)
		}
		if err != nil {
			f = subscription.Follow{Voice: 1}
		}
		all = append(all, f)
	}
	return all
}

// wordingVersion names the sentence beside the buttons; a change of its meaning takes another.
const wordingVersion = "2026-11"

// wording is what one agrees to by pressing the button: the sentence that stands there, and what was chosen.
func (h *Handler) wording(r *web.Request, all []subscription.Offered, w subscription.Wish) (string, error) {
	hs, err := h.o.House.Get(r.Context())
	if err != nil {
		return "", err
	}
	var names []string
	for _, f := range w.Follows {
		if name := subscription.NameOf(all, f); name != "" {
			names = append(names, name)
		}
	}
	if w.Rhythm == "" {
		w.Rhythm = subscription.Each
	}
	return r.T("subscribe.agree", hs.Name) + "\n" + strings.Join(names, " ; ") + " (" + r.T("subscribe.rhythm."+w.Rhythm) + ")", nil
}
