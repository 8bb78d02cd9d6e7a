// Package deliveryweb is « Ce qui part »: everything that left, waits or failed, by whatever channel, with what the server said; the switch that
// holds all of them and the acts that release one; and the settings of the relay that carries them. The relay's password
// is never shown again once it is kept.
package deliveryweb

import (
	"context"
	"embed"
	"net/http"
	"net/url"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the templates and texts of these pages.
var Bundle = web.Bundle{Name: "deliveryweb", Side: web.Work, Files: files}

// Tester mails a few words to an address. core/mailer fills it.
type Tester interface {
	SendTest(ctx context.Context, by actor.Actor, to, lang string) error
}

// Options are what a Handler needs; all but Fixed.
type Options struct {
	Kit        *web.Kit
	Deliveries *delivery.Service
	House      *house.Service
	Voices     *voice.Service
	Tester     Tester
	Fixed      string // the relay that the command line set, without its password; "" when it set none
}

// Handler answers the addresses under /app/deliveries and /app/settings/relay.
type Handler struct {
	o     Options
	lists *web.View[listPage]
	relay *web.View[relayPage]
}

// New returns the pages.
func New(o Options) *Handler {
	return &Handler{
		o: o, lists: web.NewView[listPage](o.Kit, Bundle, "list.tmpl", "work"), relay: web.NewView[relayPage](o.Kit, Bundle, "relay.tmpl", "work"),
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
		{Pattern: "GET /app/settings/relay", Access: web.Owners, Handle: h.showRelay},
		{Pattern: "POST /app/settings/relay", Access: web.Owners, Handle: h.setRelay},
		{Pattern: "POST /app/settings/relay/test", Access: web.Owners, Handle: h.test},
	}
}

// listPage is « Ce qui part ».
type listPage struct {
	web.Page
	States []state
	State  string
	Items  []item
	Older  string
	Held   bool // all that leaves is held
	Editor bool
	Owner  bool
}

type state struct {
	Name, URL string
	Current   bool
}

// item is one delivery, in words.
type item struct {
	delivery.Delivery
	Say       string // what became of it
	Why       string // the reason, when there is more to say than that
	Again     string // when it is tried again
	By        string // the channel
	What      string // the kind
	For       string // the purpose
	VoiceName string // "" is the house
}

// shown are the states that one filters by, "" for all.
var shown = []string{"", delivery.Held, delivery.Queued, delivery.Deferred, delivery.Sent, delivery.Refused, delivery.Uncertain, delivery.Cancelled}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	p := listPage{Page: web.Page{Title: r.T("delivery.title"), Nav: "deliveries"}, State: q.Get("state")}
	p.Editor, p.Owner = r.Actor().On(0) >= actor.Editor, r.Actor().On(0) >= actor.Owner
	for _, name := range shown {
		s := state{Name: name, URL: "/app/deliveries", Current: name == p.State}
		if name != "" {
			s.URL += "?state=" + name
		}
		p.States = append(p.States, s)
	}
	found, next, err := h.o.Deliveries.List(r.Context(), r.Actor(), delivery.Filter{State: p.State, Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	names, err := h.o.Voices.Names(r.Context())
	if err != nil {
		return err
	}
	for _, d := range found {
		p.Items = append(p.Items, h.describe(r, d, names[d.Voice]))
	}
	if next != "" {
		p.Older = "/app/deliveries?" + url.Values{"state": {p.State}, "cursor": {next}}.Encode()
	}
	if p.Held, err = h.o.Deliveries.Held(r.Context()); err != nil {
		return err
	}
	return h.lists.Render(w, r, http.StatusOK, p)
}

// describe puts a delivery into words. A channel, kind, purpose or reason of a package that brought no words for it is
// shown by its key.
func (h *Handler) describe(r *web.Request, d delivery.Delivery, voiceName string) item {
	words := func(prefix, key string) string {
		if key == "" || !h.o.Kit.Catalog().Has(r.Lang(), prefix+key) {
			return key
		}
		return r.T(prefix + key)
	}
	say := "delivery.say." + d.State
	if d.State == delivery.Held {
		say += "." + d.Reason
	}
	i := item{
		Delivery: d, Say: words("", say), By: words("delivery.channel.", d.Channel), What: words("delivery.kind.", d.Kind),
		For: words("delivery.purpose.", d.Purpose), VoiceName: voiceName,
	}
	if d.State != delivery.Held && d.Reason != "" {
		i.Why = words("delivery.reason.", d.Reason)
	}
	if d.State == delivery.Deferred && !d.DueAt.IsZero() {
		i.Again = r.T("delivery.say.again", i18n.Soon(r.Lang(), d.DueAt, r.Now(), r.Zone()))
	}
	return i
}

func (h *Handler) hold(on bool, said string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		if err := h.o.Deliveries.HoldAll(r.Context(), r.Actor(), on); err != nil {
			return err
		}
		return r.Redirect(w, said, "/app/deliveries")
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
		return r.Redirect(w, said, "/app/deliveries")
	}
}
