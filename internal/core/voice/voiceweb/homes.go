package voiceweb

import (
	"net/http"
	"slices"

	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// homesPart is what a voice's page shows of where it lives and lived.
type homesPart struct {
	Form     *web.Form // one of the forms of this part, shown again
	Main     bool      // it lives at the root of the house's host
	MayMain  bool      // it may come to live there
	MainNow  string    // the name of the voice that lives there
	Root     string    // that root, absolute
	MayHost  bool      // it may have a host of its own
	Host     string    // the one it has, "" for none
	HouseTo  string    // the house's own host, for the line of DNS
	Left     []leftHome
	UnderOwn string // where it would be under its own name, absolute
}

// leftHome is a home that the voice left, and that still leads to it.
type leftHome struct {
	Address    string // absolute
	Host, Root string
	Kept       bool // it cannot be freed: the voice's own name
}

func homesOf(places *place.Places, homes []voice.Home, v voice.Voice) homesPart {
	now := places.Home(v.ID)
	p := homesPart{Main: now.Main(), Host: now.Host, Root: places.House("/"), HouseTo: places.Hosts()[0], UnderOwn: places.House("/" + v.Slug + "/")}
	p.MayMain = v.Public() && !p.Main && p.Host == ""
	p.MayHost = v.Public() && !p.Main
	if main, ok := places.Main(); ok {
		p.MainNow = main.Name
	}
	for _, h := range homes {
		if h.Voice != v.ID || h.Lived() {
			continue
		}
		p.Left = append(p.Left, leftHome{Address: places.AddressOf(h), Host: h.Host, Root: h.Root, Kept: h.Host == "" && h.Root == v.Slug})
	}
	slices.SortStableFunc(p.Left, func(a, b leftHome) int { return len(a.Address) - len(b.Address) })
	return p
}

// action runs what an owner does with the homes of a voice, and goes back to its page; what can be mended is shown there.
func (h *Handler) action(w http.ResponseWriter, r *web.Request, said string, do func(v voice.Voice, f *web.Form) error) error {
	v, err := h.mine(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	switch err = do(v, f); {
	case err == nil:
		return r.Redirect(w, said, path+"/"+v.ID.String())
	case f.AddProblems(err):
		p, err := h.page(r, v, nil)
		if err != nil {
			return err
		}
		p.Homes.Form = f
		return h.one.Render(w, r, http.StatusUnprocessableEntity, p)
	}
	return err
}

func (h *Handler) makeMain(w http.ResponseWriter, r *web.Request) error {
	return h.action(w, r, "voice.main_set", func(v voice.Voice, _ *web.Form) error { return h.voices.SetMain(r.Context(), r.Actor(), v.ID) })
}

func (h *Handler) addHost(w http.ResponseWriter, r *web.Request) error {
	return h.action(w, r, "voice.host_set", func(v voice.Voice, f *web.Form) error {
		if host, ok := voice.ParseHost(f.Text("host")); ok && host == h.places.Last().Hosts()[0] {
			return fault.Invalid("host", "house")
		}
		return h.voices.AddHome(r.Context(), r.Actor(), v.ID, f.Text("host"))
	})
}

func (h *Handler) leaveHost(w http.ResponseWriter, r *web.Request) error {
	return h.action(w, r, "voice.host_left", func(v voice.Voice, _ *web.Form) error { return h.voices.LeaveHome(r.Context(), r.Actor(), v.ID) })
}

func (h *Handler) freeHome(w http.ResponseWriter, r *web.Request) error {
	return h.action(w, r, "voice.home_freed", func(v voice.Voice, f *web.Form) error {
		return h.voices.FreeHome(r.Context(), r.Actor(), v.ID, f.Text("host"), f.Text("root"))
	})
}
