package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"causerie/internal/platform/fetch"
)

// lyingDNS answers every question about a name with addr, as the owner of a hostile domain would.
func lyingDNS(t testing.TB, addr netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, peer, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}
			switch {
			case q.Type == dnsmessage.TypeA && addr.Is4():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: addr.As4()}}}
			case q.Type == dnsmessage.TypeAAAA && addr.Is6():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, peer)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// canary counts the requests that a server on loopback gets.
func canary(t *testing.T) (port string, hits *atomic.Int64) {
	t.Helper()
	hits = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port(), hits
}

func TestNoAddressLeadsInside(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	client := fetch.New(fetch.Options{AnyPort: true, Resolver: lyingDNS(t, netip.MustParseAddr("127.0.0.1"))})
	t.Cleanup(client.Close)
	hosts := []string{
		"127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "127.0.0.1.",
		"localhost", "LOCALHOST", "localhost.", "rebinding.example", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[fd00::1]", "[fec0::1]", "[::127.0.0.1]", "[100::1]",
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "１２７.０.０.１", "127。0。0。1",
	}
	for _, host := range hosts {
		resp, err := client.Get(t.Context(), "http://"+host+":"+port+"/")
		if !errors.Is(err, fetch.ErrPrivate) {
			// Some of these are no names at all; then no packet left for another reason.
			if _, isDNS := errors.AsType[*net.DNSError](err); !isDNS && !errors.Is(err, fetch.ErrURL) {
				t.Errorf("%s: %v, %v", host, resp, err)
			}
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests came in", hits.Load())
	}
}

func TestPublishedAttacksAreRefused(t *testing.T) {
	t.Parallel()
	dir, err := os.Getwd()
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "../shared/testdata/ssrf/README-ssrf.md"))
	if err != nil {
		t.Skip("the published attacks are not beside the project")
	}
	// Whatever name they use, hostile DNS makes it ours: every address of the page must be refused.
	client := fetch.New(fetch.Options{AnyPort: true, Resolver: lyingDNS(t, netip.MustParseAddr("127.0.0.1"))})
	t.Cleanup(client.Close)
	var tried int
	for _, address := range regexp.MustCompile("(?:https?|file|dict|gopher|ldap|netdoc|tftp|sftp|jar):[^ `\"<>\n]+").FindAllString(string(raw), -1) {
		if strings.Contains(address, "://1.1.1.1") {
			continue // a public address, in an example
		}
		tried++
		if _, err := client.Get(t.Context(), address); !errors.Is(err, fetch.ErrPrivate) && !errors.Is(err, fetch.ErrURL) {
			if _, isDNS := errors.AsType[*net.DNSError](err); !isDNS {
				t.Errorf("%s: %v", address, err)
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d addresses found", tried)
	}
}

func TestOnlyWebPortsAreDialed(t *testing.T) {
	t.Parallel()
	client := fetch.New(fetch.Options{})
	t.Cleanup(client.Close)
	// A public address that is refused before any packet leaves.
	for _, port := range []string{"22", "25", "6379", "8080"} {
		if _, err := client.Get(t.Context(), "http://8.8.8.8:"+port+"/"); !errors.Is(err, fetch.ErrPort) {
			t.Errorf("port %s: %v", port, err)
		}
	}
}

func TestOddAddressesAreRefusedBeforeAnything(t *testing.T) {
	t.Parallel()
	client := fetch.New(fetch.Options{AllowLoopback: true})
	for _, address := range []string{
		"", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "http:", "http://", "http:127.0.0.1/",
		"http://user@example.org/", "http://user:pass@example.org/", "https://:80/", "http://a b/", "http://a/\r\nX: y", "http://a\\@b/",
		"data:text/html,x", "http://" + strings.Repeat("a", 3000), "gopher://localhost:25/_MAIL", "http://[::1", "http://a:b/",
	} {
		if _, err := client.Get(t.Context(), address); !errors.Is(err, fetch.ErrURL) {
			t.Errorf("%.60q: %v", address, err)
		}
	}
}

func TestRedirectInsideIsRefused(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00::1]/"} {
		server := httptest.NewServer(http.RedirectHandler(to, http.StatusFound))
		t.Cleanup(server.Close)
		client := fetch.New(fetch.Options{AllowLoopback: true})
		if _, err := client.Get(t.Context(), server.URL); !errors.Is(err, fetch.ErrPrivate) {
			t.Errorf("%s: %v", to, err)
		}
		client.Close()
	}
	server := httptest.NewServer(http.RedirectHandler("file:///etc/passwd", http.StatusFound))
	t.Cleanup(server.Close)
	if _, err := fetch.New(fetch.Options{AllowLoopback: true}).Get(t.Context(), server.URL); !errors.Is(err, fetch.ErrURL) {
		t.Errorf("to a file: %v", err)
	}
}

func FuzzGet(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1/", "http://[::1]:80/", "http://0x7f.1/", "http://a@b/", "//x", "http://１２７.１/"} {
		f.Add(s)
	}
	client := fetch.New(fetch.Options{AnyPort: true, Resolver: lyingDNS(f, netip.MustParseAddr("127.0.0.1"))})
	f.Fuzz(func(t *testing.T, address string) {
		if u, err := url.Parse(address); err == nil {
			if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !ip.IsLoopback() {
				t.Skip("a fuzzer does not dial strangers")
			}
		}
		if resp, err := client.Get(t.Context(), address); err == nil {
			t.Fatalf("%q answered: %v", address, resp)
		}
	})
}
