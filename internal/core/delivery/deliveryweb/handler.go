// Package deliveryweb is « Envois »: all that is to leave, posts and mails, in the order of leaving, and everything that left or failed, by
// whatever channel, with what the server said; the switch that holds all of them and the acts that release one; and the settings of the
// relays that carry mail, with a test that shows each step. A relay's password is never shown again once it is kept.
package deliveryweb

import (
	"context"
	"embed"
	"net/http"
	"net/url"

	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/outgoing"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the templates and texts of these pages.
var Bundle = web.Bundle{Name: "deliveryweb", Side: web.Work, Files: files}

// Tester mails a few words to an address, by one of the relays, and tells how far the last such mail has come. core/mailer fills it.
type Tester interface {
	SendTest(ctx context.Context, by actor.Actor, relay fact.RelayID, to, lang string) error
	Trial(ctx context.Context, by actor.Actor) (mailer.Trial, delivery.Delivery, error)
}

// Options are what a Handler needs; all but Email and Fixed.
type Options struct {
	Kit        *web.Kit
	Deliveries *delivery.Service
	Posts      *post.Service
	Outgoing   *outgoing.View
	Voices     *voice.Service
	Relays     *mailer.Relays
	Tester     Tester
	Email      func(ctx context.Context, by actor.Actor) (string, error) // of who is signed in, to send them a test; nil proposes none
	Fixed      string                                                    // the relay that the command line set, without its password; "" when it set none
}

// Handler answers the addresses under /app/deliveries, /app/settings/relay and /app/settings/relays.
type Handler struct {
	o      Options
	lists  *web.View[listPage]
	relay  *web.View[relayPage]
	relays *web.View[relaysPage]
}

// New returns the pages.
func New(o Options) *Handler {
	return &Handler{
		o: o, lists: web.NewView[listPage](o.Kit, Bundle, "list.tmpl", "work"), relay: web.NewView[relayPage](o.Kit, Bundle, "relay.tmpl", "work"),
		relays: web.NewView[relaysPage](o.Kit, Bundle, "relays.tmpl", "work"),
	}
}

// Routes returns the addresses.
func (h *Handler) Routes() []web.Route {
	one := func(what string, do func(context.Context, actor.Actor, fact.DeliveryID) error) web.Route {
		return web.Route{Pattern: "POST /app/deliveries/{id}/" + what, Access: web.Authors, Handle: h.act("delivery.done."+what, do)}
	}
	return []web.Route{
		{Pattern: "GET /app/deliveries", Access: web.Authors, Handle: h.list},
		{Pattern: "POST /app/deliveries/hold", Access: web.Editors, Handle: h.hold(true, "delivery.done.hold_all")},
		{Pattern: "POST /app/deliveries/release", Access: web.Editors, Handle: h.hold(false, "delivery.done.release_all")},
		one("release", h.o.Deliveries.Release),
		one("retry", h.o.Deliveries.Retry),
		one("cancel", h.o.Deliveries.Cancel),
		{Pattern: "POST /app/deliveries/posts/{id}/release", Access: web.Editors, Handle: h.actOnPost(h.o.Posts.Release)},
		{Pattern: "POST /app/deliveries/posts/{id}/publish", Access: web.Authors, Handle: h.actOnPost(h.o.Posts.Publish)},
		{Pattern: "POST /app/deliveries/posts/{id}/unschedule", Access: web.Authors, Handle: h.actOnPost(h.o.Posts.Unschedule)},
		{Pattern: "GET /app/settings/relay", Access: web.Owners, Handle: h.showRelay},
		{Pattern: "POST /app/settings/relay", Access: web.Owners, Handle: web.InPerson(h.setRelay)},
		{Pattern: "POST /app/settings/relay/test", Access: web.Owners, Handle: web.InPerson(h.test)},
		{Pattern: "GET /app/settings/relays", Access: web.Owners, Handle: h.showRelays},
		{Pattern: "POST /app/settings/relays", Access: web.Owners, Handle: web.InPerson(h.setRelay)},
		{Pattern: "GET /app/settings/relays/{id}", Access: web.Owners, Handle: h.showRelay},
		{Pattern: "POST /app/settings/relays/{id}", Access: web.Owners, Handle: web.InPerson(h.setRelay)},
		{Pattern: "POST /app/settings/relays/{id}/test", Access: web.Owners, Handle: web.InPerson(h.test)},
		{Pattern: "POST /app/settings/relays/{id}/raise", Access: web.Owners, Handle: web.InPerson(h.onRelay(func(r *web.Request, id fact.RelayID) error {
			return h.o.Relays.Raise(r.Context(), r.Actor(), id)
		}, "relay.raised"))},
		{Pattern: "POST /app/settings/relays/{id}/remove", Access: web.Owners, Handle: web.InPerson(h.onRelay(func(r *web.Request, id fact.RelayID) error {
			return h.o.Relays.Remove(r.Context(), r.Actor(), id)
		}, "relay.removed_one"))},
	}
}

func (h *Handler) hold(on bool, said string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		if err := h.o.Deliveries.HoldAll(r.Context(), r.Actor(), on); err != nil {
			return err
		}
		return r.Redirect(w, said, back(r))
	}
}

// back is the list as it was filtered when the button was pressed.
func back(r *web.Request) string {
	f, err := r.Form()
	if state := f.Text("state"); err == nil && state != "" {
		return "/app/deliveries?" + url.Values{"state": {state}}.Encode()
	}
	return "/app/deliveries"
}

// actOnPost does something with a scheduled post, and says what it came to.
func (h *Handler) actOnPost(do func(context.Context, actor.Actor, fact.PostID) (post.Post, error)) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		id, err := fact.Parse[fact.PostID](r.PathValue("id"))
		if err != nil {
			return fault.NotFound("post")
		}
		p, err := do(r.Context(), r.Actor(), id)
		if err != nil {
			return err
		}
		said := "delivery.done.post_unscheduled"
		switch held, err := h.o.Posts.Held(r.Context()); {
		case err != nil:
			return err
		case p.Out():
			said = "delivery.done.post_published"
		case p.Waits(held):
			said = "delivery.done.post_held"
		case p.Status == post.Scheduled:
			said = "delivery.done.post_released"
		}
		return r.Redirect(w, said, back(r))
	}
}

func (h *Handler) act(said string, do func(context.Context, actor.Actor, fact.DeliveryID) error) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		id, err := fact.Parse[fact.DeliveryID](r.PathValue("id"))
		if err != nil {
			return fault.NotFound("delivery")
		}
		if err := do(r.Context(), r.Actor(), id); err != nil {
			return err
		}
		return r.Redirect(w, said, back(r))
	}
}
