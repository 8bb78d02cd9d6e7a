package deliveryweb

import (
	"net/http"

	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// relaysPage is the list of the relays, in the order in which they are tried.
type relaysPage struct {
	web.Page
	Fixed  string
	Relays []relayRow
}

// relayRow is one relay of the list.
type relayRow struct {
	mailer.Relay
	Voice  string // the name of the voice whose mail it carries, "" for everybody's
	First  bool
	Bounds string // what it takes, in words
	Lately string // what it was handed, "" when nobody counts
}

func (h *Handler) showRelays(w http.ResponseWriter, r *web.Request) error {
	p := relaysPage{Page: web.Page{Title: r.T("relay.title"), Nav: "settings"}, Fixed: h.o.Fixed}
	all, err := h.o.Relays.All(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	names, err := h.o.Voices.Names(r.Context())
	if err != nil {
		return err
	}
	for i, relay := range all {
		row := relayRow{Relay: relay, Voice: names[relay.Voice], First: i == 0, Bounds: bounds(r, relay)}
		if relay.PerDay > 0 {
			row.Lately = r.T("relay.lately", relay.Day)
		}
		p.Relays = append(p.Relays, row)
	}
	return h.relays.Render(w, r, http.StatusOK, p)
}

// bounds says how much a relay takes.
func bounds(r *web.Request, relay mailer.Relay) string {
	switch {
	case relay.PerDay > 0 && relay.PerMinute > 0:
		return r.T("relay.bounds", relay.PerDay, relay.PerMinute)
	case relay.PerDay > 0:
		return r.T("relay.bound_day", relay.PerDay)
	case relay.PerMinute > 0:
		return r.T("relay.bound_minute", relay.PerMinute)
	}
	return r.T("relay.unbounded")
}

// onRelay does something with the relay of the address, and goes back to the list.
func (h *Handler) onRelay(do func(r *web.Request, id fact.RelayID) error, said string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		id, err := fact.Parse[fact.RelayID](r.PathValue("id"))
		if err != nil {
			return fault.NotFound("relay")
		}
		if err := do(r, id); err != nil {
			return err
		}
		return r.Redirect(w, said, relaysPath)
	}
}
