package deliveryweb

import (
	"net/http"
	"strconv"
	"strings"

	"causerie/internal/core/mailer"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// relayPath is the page of the first relay, and relaysPath the list of all.
const (
	relayPath  = "/app/settings/relay"
	relaysPath = "/app/settings/relays"
)

// relayPage is one relay, or one that is to be added.
type relayPage struct {
	web.Page
	Path    string // where the form goes: the page itself
	Back    string
	Fixed   string // set on the command line, to be read only
	Relay   relayForm
	Set     bool // there is a relay
	Lost    bool // there was one, sealed with a key that is not here
	Modes   []mode
	Presets []mailer.Preset
	Chosen  *mailer.Preset // whose words stand below the password; nil for another provider
	Voices  []voice.Voice  // to choose from, when there are several
	To      string         // where a test goes unless something else is typed
	Test    *web.Form
	Trial   *trial // the last test, nil when there was none
}

// relayForm is a relay as a person fills it in. The password is only ever typed, never shown.
type relayForm struct {
	Name, Host, Port, User, TLS string
	PerMinute, PerDay           string // "" for no bound
	Voice                       fact.VoiceID
	Signs                       bool
	HasPassword                 bool
}

type mode struct {
	Value, Key string
	Current    bool
}

func formOf(r mailer.Relay) relayForm {
	bound := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	f := relayForm{Name: r.Name, Host: r.Host, Port: strconv.Itoa(r.Port), User: r.User, TLS: string(r.TLS), PerMinute: bound(r.PerMinute),
		PerDay: bound(r.PerDay), Voice: r.Voice, Signs: r.Signs, HasPassword: r.Password != ""}
	if r.Port == 0 {
		f.Port, f.TLS = "587", string(mail.TLSStart)
	}
	return f
}

// asked returns the relay that an address is about: the one with its id, a new one (zero) for "new", and the first, or a new one, for
// the page of the only relay.
func (h *Handler) asked(r *web.Request) (mailer.Relay, error) {
	if r.URL.Path == relaysPath || r.PathValue("id") == "new" {
		return mailer.Relay{}, nil
	}
	if strings.HasPrefix(r.URL.Path, relaysPath) {
		id, err := fact.Parse[fact.RelayID](r.PathValue("id"))
		if err != nil {
			return mailer.Relay{}, fault.NotFound("relay")
		}
		return h.o.Relays.Get(r.Context(), r.Actor(), id)
	}
	all, err := h.o.Relays.All(r.Context(), r.Actor())
	if err != nil || len(all) == 0 {
		return mailer.Relay{}, err
	}
	return all[0], nil
}

func (h *Handler) showRelay(w http.ResponseWriter, r *web.Request) error {
	return h.relayWith(w, r, http.StatusOK, nil, nil)
}

// relayWith shows the page, with what was typed in the form of the relay or in that of the test.
func (h *Handler) relayWith(w http.ResponseWriter, r *web.Request, status int, f, test *web.Form) error {
	was, err := h.asked(r)
	if err != nil {
		return err
	}
	p := relayPage{Page: web.Page{Title: r.T("relay.title"), Nav: "settings", Form: f}, Path: relayPath, Back: relaysPath, Fixed: h.o.Fixed,
		Presets: mailer.Presets(), Test: test, Lost: was.Lost, Relay: formOf(was)}
	switch {
	case r.URL.Path == relaysPath || r.PathValue("id") == "new":
		p.Path = relaysPath
	case strings.HasPrefix(r.URL.Path, relaysPath):
		p.Path = relaysPath + "/" + was.ID.String()
	}
	p.Set = !was.ID.IsZero() && !was.Lost || p.Fixed != ""
	p.Chosen = mailer.PresetOf(r.URL.Query().Get("provider"), was.Host)
	if c := p.Chosen; c != nil && c.Host != was.Host {
		p.Relay = formOf(mailer.Relay{Relay: mail.Relay{Host: c.Host, Port: c.Port, TLS: c.TLS}, PerMinute: c.PerMinute, PerDay: c.PerDay, Signs: c.Signs})
	}
	chosen := p.Relay.TLS
	if f != nil && f.Has("tls") {
		chosen = f.Text("tls")
	}
	for _, m := range []mail.TLSMode{mail.TLSStart, mail.TLSImplicit, mail.TLSOff} {
		p.Modes = append(p.Modes, mode{string(m), "relay.tls." + string(m), string(m) == chosen})
	}
	if f != nil {
		p.Relay.Signs, p.Relay.Voice = f.Bool("signs"), h.typedVoice(f)
	}
	if p.Voices, err = h.o.Voices.List(r.Context()); err != nil {
		return err
	}
	if h.o.Email != nil {
		if p.To, err = h.o.Email(r.Context(), r.Actor()); err != nil {
			return err
		}
	}
	if p.Trial, err = h.lastTrial(r, was.ID); err != nil {
		return err
	}
	p.Tell = func(key string) string { // what waits is not under way: the page says why
		if key == saidTested && p.Trial != nil && p.Trial.Going {
			return r.T("relay.trial_begun")
		}
		return ""
	}
	return h.relay.Render(w, r, status, p)
}

// saidTested is what the page is told after a test was asked for.
const saidTested = "relay.tested"

// setRelay keeps the relay, or removes it when the host is empty. An empty password keeps the one that was.
func (h *Handler) setRelay(w http.ResponseWriter, r *web.Request) error {
	if h.o.Fixed != "" {
		return fault.Conflict("relay.fixed")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	was, err := h.asked(r)
	if err != nil {
		return err
	}
	isNew := was.ID.IsZero()
	if f.Text("host") == "" && !(isNew && r.URL.Path == relaysPath) {
		return h.remove(w, r, was.ID)
	}
	in := h.read(f)
	if f.Err() == nil {
		if isNew {
			_, err = h.o.Relays.Add(r.Context(), r.Actor(), in)
		} else {
			err = h.o.Relays.Change(r.Context(), r.Actor(), was.ID, in)
		}
		if err != nil && !f.AddProblems(err) {
			return err
		}
	}
	if f.Err() != nil {
		return h.relayWith(w, r, http.StatusUnprocessableEntity, f, nil)
	}
	if _, err := h.o.Deliveries.ReleaseNoRelay(r.Context()); err != nil {
		return err
	}
	if r.URL.Path == relaysPath {
		return r.Redirect(w, "relay.added", relaysPath)
	}
	return r.Redirect(w, "relay.kept", r.URL.Path)
}

// remove forgets a relay, zero for one that is not there anyway.
func (h *Handler) remove(w http.ResponseWriter, r *web.Request, id fact.RelayID) error {
	if !id.IsZero() {
		if err := h.o.Relays.Remove(r.Context(), r.Actor(), id); err != nil {
			return err
		}
	}
	left, err := h.o.Relays.All(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return r.Redirect(w, "relay.removed_one", relaysPath)
	}
	return r.Redirect(w, "relay.removed", relaysPath)
}

// read makes a relay of what was typed, and notes what is wrong with it.
func (h *Handler) read(f *web.Form) mailer.RelayInput {
	number := func(name string, absent int) *int {
		typed := f.Text(name)
		if typed == "" {
			return &absent
		}
		n, err := strconv.Atoi(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(typed))
		if err != nil || n < 0 {
			f.Problem(name, "number")
		}
		return &n
	}
	word := func(name string) *string { s := f.Text(name); return &s }
	tls, password, signs, voice := mail.TLSMode(f.Text("tls")), f.Raw("password"), f.Bool("signs"), h.typedVoice(f)
	in := mailer.RelayInput{Host: word("host"), User: word("user"), Password: &password, TLS: &tls, Port: number("port", 0)}
	if f.Has("whole") { // the short form says nothing of these
		in.Name, in.PerMinute, in.PerDay, in.Signs, in.Voice = word("name"), number("per_minute", 0), number("per_day", 0), &signs, &voice
	}
	return in
}

func (h *Handler) typedVoice(f *web.Form) fact.VoiceID {
	id, _ := fact.Parse[fact.VoiceID](f.Text("voice")) // whatever is no voice is all of them
	return id
}

// test mails a few words to an address; the page shows what the server says, step by step.
func (h *Handler) test(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	was, err := h.asked(r)
	if err != nil {
		return err
	}
	to, err := text.ParseEmail(f.Text("to"))
	if err != nil {
		f.Problem("to", "email")
		return h.relayWith(w, r, http.StatusUnprocessableEntity, nil, f)
	}
	if err := h.o.Tester.SendTest(r.Context(), r.Actor(), was.ID, to, string(r.Lang())); err != nil {
		return err
	}
	return r.Redirect(w, saidTested, strings.TrimSuffix(r.URL.Path, "/test"))
}
