package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// TLSMode is how the connection to a relay is encrypted.
type TLSMode string

// The modes. Encryption is never optional by accident: STARTTLS that is not offered is a failure.
const (
	TLSStart    TLSMode = "starttls" // smtp://, the default: a plain greeting, then TLS or nothing (RFC 3207)
	TLSImplicit TLSMode = "tls"      // smtps:// (RFC 8314)
	TLSOff      TLSMode = "off"      // smtp://...?tls=off: for a relay on this machine or in a tunnel
)

// Relay is the server that takes our mail, as the house names it. It is a Sender that connects for every message;
// Dial gives a Session for many.
type Relay struct {
	Host     string
	Port     int
	User     string
	Password string
	TLS      TLSMode
	Hello    string         // our name in EHLO; "" is our own address on the connection
	Roots    *x509.CertPool // whose certificates are believed, nil for the system's
	Timeout  time.Duration  // for each step of the conversation, 0 for 30 seconds
}

// ErrRelay is returned for text that names no relay. It does not quote the text, which may hold a password.
var ErrRelay = errors.New("mail: a relay is smtp://user:password@host:587?tls=starttls|off or smtps://user:password@host")

// ParseRelay reads smtp://user:pass@host:587?tls=starttls|off and smtps://user:pass@host:465. The ports are optional,
// as are user and password; hello=name sets our name. The error is ErrRelay.
func ParseRelay(text string) (Relay, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || len(text) > 2048 || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return Relay{}, ErrRelay
	}
	r := Relay{Host: u.Hostname(), User: u.User.Username()}
	r.Password, _ = u.User.Password()
	query := u.Query()
	switch mode := query.Get("tls"); {
	case u.Scheme == "smtps" && mode == "":
		r.TLS, r.Port = TLSImplicit, 465
	case u.Scheme == "smtp" && (mode == "" || mode == "starttls"):
		r.TLS, r.Port = TLSStart, 587
	case u.Scheme == "smtp" && mode == "off":
		r.TLS, r.Port = TLSOff, 25
	default:
		return Relay{}, ErrRelay
	}
	if text := u.Port(); text != "" {
		if r.Port, err = strconv.Atoi(text); err != nil || r.Port < 1 || r.Port > 65535 {
			return Relay{}, ErrRelay
		}
	}
	r.Hello = query.Get("hello")
	if r.Hello != "" && !isToken(r.Hello, ".-[]:") || strings.ContainsFunc(r.User+r.Password+r.Host, isControl) {
		return Relay{}, ErrRelay
	}
	return r, nil
}

// String returns the relay's address without its password, which shows as xxxxx.
func (r Relay) String() string {
	u := url.URL{Scheme: "smtp", Host: r.address()}
	switch r.TLS {
	case TLSImplicit:
		u.Scheme = "smtps"
	case TLSOff:
		u.RawQuery = "tls=off"
	}
	if r.User != "" {
		u.User = url.UserPassword(r.User, r.Password)
	}
	return u.Redacted()
}

// GoString hides the password from %#v too.
func (r Relay) GoString() string { return fmt.Sprintf("mail.Relay(%q)", r.String()) }

func (r Relay) address() string { return net.JoinHostPort(r.Host, strconv.Itoa(r.Port)) }

func (r Relay) timeout() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return 30 * time.Second
}

// Send opens a connection, sends m and closes. The error is a *SendError; a failure to say goodbye is none.
func (r Relay) Send(ctx context.Context, m Message) (Receipt, error) {
	s, err := r.Dial(ctx)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := s.Send(ctx, m)
	// Whether QUIT is answered changes nothing: what counts was said in reply to the dot.
	_ = s.Close()
	return receipt, err
}
