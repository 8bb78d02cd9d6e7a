package houseweb

import (
	"cmp"
	"net/http"
	"slices"

	"causerie/internal/core/house"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

type housePage struct {
	web.Page
	House      house.House
	Lang       string // what the selects show
	Country    string
	Zone       string
	Currency   string
	Trade      string
	Countries  []string
	Zones      []string
	Currencies []string
	Trades     []string
}

// zones are those where the people of our four countries live; a house may have set any other.
var zones = []string{
	"Europe/Paris", "Europe/Brussels", "Europe/Zurich", "America/Toronto", "America/Halifax", "America/Moncton", "America/St_Johns",
	"America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver", "America/Guadeloupe", "America/Martinique",
	"America/Cayenne", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "UTC",
}

var currencies = []string{"EUR", "CAD", "CHF", "USD", "GBP"}

func (h *Handler) showHouse(w http.ResponseWriter, r *web.Request) error {
	return h.houseForm(w, r, http.StatusOK, nil)
}

func (h *Handler) houseForm(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	now, err := h.houses.Get(r.Context())
	if err != nil {
		return err
	}
	p := housePage{
		Page: web.Page{Title: r.T("house.places.house"), Nav: "settings", Form: f}, House: now, Countries: house.Countries(),
		Lang: cmp.Or(f.Text("lang"), now.Lang), Country: cmp.Or(f.Text("country"), now.Country), Zone: cmp.Or(f.Text("timezone"), now.Zone),
		Currency: cmp.Or(f.Text("currency"), now.Currency), Trade: cmp.Or(f.Text("trade"), now.Trade), Trades: house.Trades(),
		Zones: with(zones, now.Zone), Currencies: with(currencies, now.Currency),
	}
	return h.house.Render(w, r, status, p)
}

// with returns choices, and what is chosen now if it is none of them.
func with(choices []string, now string) []string {
	if now == "" || slices.Contains(choices, now) {
		return choices
	}
	return append(slices.Clone(choices), now)
}

func (h *Handler) changeHouse(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	patch := house.Patch{Name: sent(f, "name"), Lang: sent(f, "lang"), Country: sent(f, "country"), Zone: sent(f, "timezone"),
		Currency: sent(f, "currency"), Trade: sent(f, "trade")}
	if f.Err() == nil {
		_, err = h.houses.Change(r.Context(), r.Actor(), patch)
		switch {
		case err == nil:
			return r.Redirect(w, "house.saved", housePath)
		case isIncomplete(err): // the law of another country asks for lines that this house does not have
			f.Problem("country", "incomplete")
		case !f.AddProblems(err):
			return err
		}
	}
	return h.houseForm(w, r, http.StatusUnprocessableEntity, f)
}

// sent returns the text of a field, nil when the form does not have it.
func sent(f *web.Form, name string) *string {
	if !f.Has(name) {
		return nil
	}
	s := f.Text(name)
	return &s
}

// isIncomplete reports whether err says that the law still misses something.
func isIncomplete(err error) bool {
	return fault.Is(err, fault.KindConflict) && len(fault.ProblemsOf(err)) > 0
}
