package deliveryweb

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// relayPage is the settings of the relay.
type relayPage struct {
	web.Page
	Fixed   string // set on the command line, to be read only
	Relay   relayForm
	Set     bool // there is a relay
	Lost    bool // there was one, sealed with a key that is not here
	Modes   []mode
	Presets []preset
	Chosen  *preset // whose words stand below the password; nil for another provider
	To      string  // where a test goes unless something else is typed
	Test    *web.Form
	Trial   *trial // the last test, nil when there was none
}

// relayForm is a relay as a person fills it in. The password is only ever typed, never shown.
type relayForm struct {
	Host, Port, User, TLS string
	HasPassword           bool
}

type mode struct {
	Value, Key string
	Current    bool
}

func (h *Handler) showRelay(w http.ResponseWriter, r *web.Request) error {
	return h.relayWith(w, r, http.StatusOK, nil, nil)
}

// relayWith shows the page, with what was typed in the form of the relay or in that of the test.
func (h *Handler) relayWith(w http.ResponseWriter, r *web.Request, status int, f, test *web.Form) error {
	p := relayPage{Page: web.Page{Title: r.T("relay.title"), Nav: "settings", Form: f}, Fixed: h.o.Fixed, Presets: presets, Test: test}
	was, set, err := h.present(r)
	if p.Lost = errors.Is(err, seal.ErrSealed); err != nil && !p.Lost {
		return err
	}
	p.Set = set || p.Fixed != ""
	p.Relay = relayForm{Port: "587", TLS: string(mail.TLSStart)}
	if set {
		p.Relay = relayForm{Host: was.Host, Port: strconv.Itoa(was.Port), User: was.User, TLS: string(was.TLS), HasPassword: was.Password != ""}
	}
	p.Chosen = presetOf(r.URL.Query().Get("provider"), was.Host)
	if c := p.Chosen; c != nil && c.Host != was.Host {
		p.Relay = relayForm{Host: c.Host, Port: strconv.Itoa(c.Port), TLS: string(c.TLS)}
	}
	chosen := p.Relay.TLS
	if f != nil && f.Has("tls") {
		chosen = f.Text("tls")
	}
	for _, m := range []mail.TLSMode{mail.TLSStart, mail.TLSImplicit, mail.TLSOff} {
		p.Modes = append(p.Modes, mode{string(m), "relay.tls." + string(m), string(m) == chosen})
	}
	if h.o.Email != nil {
		if p.To, err = h.o.Email(r.Context(), r.Actor()); err != nil {
			return err
		}
	}
	if p.Trial, err = h.lastTrial(r); err != nil {
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

// present returns the relay that is kept; seal.ErrSealed when it cannot be read any more.
func (h *Handler) present(r *web.Request) (mail.Relay, bool, error) {
	address, err := h.o.House.Relay(r.Context())
	if err != nil || address == "" {
		return mail.Relay{}, false, err
	}
	kept, err := mail.ParseRelay(address)
	return kept, err == nil, err
}

// setRelay keeps the relay, or removes it when the host is empty. An empty password keeps the one that was.
func (h *Handler) setRelay(w http.ResponseWriter, r *web.Request) error {
	if h.o.Fixed != "" {
		return fault.Conflict("relay.fixed")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	was, set, err := h.present(r)
	if err != nil && !errors.Is(err, seal.ErrSealed) { // what cannot be read is given anew
		return err
	}
	address := ""
	if f.Text("host") != "" {
		address = h.read(f, was, set)
	}
	if f.Err() != nil {
		return h.relayWith(w, r, http.StatusUnprocessableEntity, f, nil)
	}
	if err := h.o.House.SetRelay(r.Context(), r.Actor(), address); err != nil {
		return err
	}
	if address == "" {
		return r.Redirect(w, "relay.removed", "/app/settings/relay")
	}
	if _, err := h.o.Deliveries.ReleaseNoRelay(r.Context()); err != nil {
		return err
	}
	return r.Redirect(w, "relay.kept", "/app/settings/relay")
}

// read makes the address of a relay of what was typed, and notes what is wrong with it.
func (h *Handler) read(f *web.Form, was mail.Relay, set bool) string {
	u := url.URL{Scheme: "smtp"}
	query := url.Values{}
	port := "587"
	switch mail.TLSMode(f.Text("tls")) {
	case mail.TLSImplicit:
		u.Scheme, port = "smtps", "465"
	case mail.TLSOff:
		query.Set("tls", "off")
		port = "25"
	case mail.TLSStart:
	default:
		f.Problem("tls", "unknown")
	}
	if given := f.Text("port"); given != "" {
		if n, err := strconv.Atoi(given); err != nil || n < 1 || n > 65535 {
			f.Problem("port", "number")
		} else {
			port = given
		}
	}
	host := f.Text("host")
	if strings.ContainsAny(host, "/@?#: ") && !isIP(host) || strings.ContainsFunc(host, unicode.IsSpace) || len(host) > 253 {
		f.Problem("host", "invalid")
	}
	u.Host = net.JoinHostPort(host, port)
	password := f.Raw("password")
	if password == "" && set && was.User == f.Text("user") && was.Host == host {
		password = was.Password // a password goes nowhere but where it was first given for
	}
	if user := f.Text("user"); user != "" {
		if password == "" {
			f.Require("password")
		}
		u.User = url.UserPassword(user, password)
	}
	u.RawQuery = query.Encode()
	if f.Err() == nil {
		if _, err := mail.ParseRelay(u.String()); err != nil {
			f.Problem("host", "invalid")
		}
	}
	return u.String()
}

// isIP reports whether host is an address, which alone may hold colons.
func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// test mails a few words to an address; the page shows what the server says, step by step.
func (h *Handler) test(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	to, err := text.ParseEmail(f.Text("to"))
	if err != nil {
		f.Problem("to", "email")
		return h.relayWith(w, r, http.StatusUnprocessableEntity, nil, f)
	}
	if err := h.o.Tester.SendTest(r.Context(), r.Actor(), to, string(r.Lang())); err != nil {
		return err
	}
	return r.Redirect(w, saidTested, "/app/settings/relay")
}
