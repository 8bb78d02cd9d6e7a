package fetch

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
	"unicode"

	"code.dny.dev/ssrf"

	"causerie/internal/platform/clock"
)

// Options are what a Client needs to know. The zero Options work.
type Options struct {
	UserAgent    string        // "Causerie" when empty; say where to complain
	Timeout      time.Duration // of a whole exchange with its redirects, 20 s when 0
	MaxBytes     int64         // of a decompressed body, 5 MB when 0; a request may ask for another
	MaxRedirects int           // 5 when 0, none when negative
	AnyPort      bool          // dial ports other than 80 and 443 too
	// AllowLoopback lets addresses of this machine through, on any port: for tests and the demo only.
	AllowLoopback bool
	Resolver      *net.Resolver // nil for the system's
	Clock         clock.Clock   // for dates in Retry-After, nil for the system's
}

// Client asks for things. It may be used from several goroutines.
type Client struct {
	options Options
	http    *http.Client
}

// New returns a client.
func New(o Options) *Client {
	o.UserAgent = cmp.Or(o.UserAgent, "Causerie")
	o.Timeout = cmp.Or(o.Timeout, 20*time.Second)
	o.MaxBytes = cmp.Or(o.MaxBytes, 5<<20)
	o.MaxRedirects = max(cmp.Or(o.MaxRedirects, 5), 0)
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	dialer := &net.Dialer{
		Timeout:   min(o.Timeout, 10*time.Second),
		KeepAlive: 30 * time.Second,
		Resolver:  o.Resolver,
		Control:   guard(o),
	}
	return &Client{options: o, http: &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would dial for us, past the guard
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           50,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
		},
		// Redirects are followed by Do, which looks at each.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close closes the connections that wait for another request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// guard returns what looks at each address just before it is dialed.
func guard(o Options) func(network, address string, raw syscall.RawConn) error {
	var opts []ssrf.Option
	if o.AnyPort {
		opts = append(opts, ssrf.WithAnyPort())
	}
	public := ssrf.New(opts...)
	return func(network, address string, raw syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); o.AllowLoopback && err == nil && to.Addr().Unmap().IsLoopback() {
			return nil
		}
		return public.Safe(network, address, raw)
	}
}

// check reads an address as strictly as a request deserves.
func check(address string) (*url.URL, error) {
	if len(address) > 2048 || strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || r == ' ' || r == '\\' }) {
		return nil, ErrURL
	}
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Hostname(), "[]") {
		return nil, ErrURL
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, ErrURL
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// Get asks for address; see Do.
func (c *Client) Get(ctx context.Context, address string, opts ...Option) (*Response, error) {
	return c.Do(ctx, http.MethodGet, address, opts...)
}

// Head asks for the header of address only; see Do.
func (c *Client) Head(ctx context.Context, address string, opts ...Option) (*Response, error) {
	return c.Do(ctx, http.MethodHead, address, opts...)
}

// Post sends body to address, and follows no redirect; see Do.
func (c *Client) Post(ctx context.Context, address, contentType string, body []byte, opts ...Option) (*Response, error) {
	return c.Do(ctx, http.MethodPost, address, append([]Option{Body(contentType, body)}, opts...)...)
}
