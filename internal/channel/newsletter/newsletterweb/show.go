package newsletterweb

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/core/place"
	"causerie/internal/platform/web"
	"causerie/internal/view/aftermath"
)

// showPage is what became of a letter.
type showPage struct {
	web.Page
	L       newsletter.Letter
	Path    string
	Voice   string
	MaySend bool
	Leaves  bool // it was let go, and nothing of it has left yet
	Moves   bool // it is under way: the page looks again by itself
	All     int
	Left    int
	Waits   int
	Why     []delivery.Tally // of those who will not get it, or not yet
	States  []stated         // how many of each state, to look at alone
	State   string           // of those that are listed, "" for all
	After   []aftermath.Count
	Web     string    // its page for whoever has its mail, "" for none
	Until   time.Time // what followed is counted until then
	Rows    []delivery.Delivery
	Older   string
}

// stated is how many recipients have a state.
type stated struct {
	State, Path string
	N           int
}

// states are in the order in which one asks for them.
var states = []string{delivery.Sent, delivery.Refused, delivery.Deferred, delivery.Uncertain, delivery.Queued, delivery.Sending, delivery.Held,
	delivery.Bounced, delivery.Complained, delivery.Answered, delivery.Cancelled}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	l, tallies, err := h.o.Letters.Outcome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if l.State == newsletter.Draft {
		return h.showForm(w, r, http.StatusOK, formPage{L: l}, valuesOf(l))
	}
	l.Title = titleOf(r, l)
	d := showPage{L: l, Path: path(l.ID), MaySend: l.MaySend(r.Actor()), State: r.URL.Query().Get("state")}
	d.tell(tallies)
	d.Leaves = l.State == newsletter.Scheduled && !l.SendAt.After(r.Now())
	d.Moves = d.Leaves || l.State == newsletter.Sending
	if l.Address != "" && l.Post.IsZero() && !l.BegunAt.IsZero() {
		d.Web = h.o.Places.Last().URL(l.Voice, place.LetterPath(l.Address))
	}
	if d.After, d.Until, err = h.o.Aftermath.Counts(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	var next string
	if d.Rows, next, err = h.o.Letters.Recipients(r.Context(), r.Actor(), id, d.State, r.URL.Query().Get("after"), 40); err != nil {
		return err
	}
	if next != "" {
		d.Older = d.Path + "?" + url.Values{"after": {next}, "state": {d.State}}.Encode() + "#recipients"
	}
	_, names, err := h.mine(r)
	if err != nil {
		return err
	}
	d.Voice, d.Title, d.Nav = names[l.Voice], l.Title, "letters"
	return h.shows.Render(w, r, http.StatusOK, d)
}

// tell adds up what became of the letter.
func (d *showPage) tell(tallies []delivery.Tally) {
	n := map[string]int{}
	for _, t := range tallies {
		d.All += t.N
		n[t.State] += t.N
		switch t.State {
		case delivery.Sent, delivery.Answered, delivery.Complained:
			d.Left += t.N
		case delivery.Queued, delivery.Sending, delivery.Held, delivery.Deferred:
			d.Waits += t.N
		}
		if t.Reason != "" {
			d.Why = append(d.Why, t)
		}
	}
	if !slices.Contains(states, d.State) {
		d.State = ""
	}
	for _, s := range states {
		if n[s] > 0 {
			d.States = append(d.States, stated{s, d.Path + "?state=" + s + "#recipients", n[s]})
		}
	}
}
