package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"causerie/internal/platform/mail"
)

// Fault is one way for the server to fail one message.
type Fault string

// The faults, in the order of the conversation. None lets one message pass.
const (
	None           Fault = "none"
	RefuseMail     Fault = "refuse mail"      // 550 5.7.1 to MAIL
	RefuseRcpt     Fault = "refuse rcpt"      // 550 5.1.1 to RCPT
	DeferRcpt      Fault = "defer rcpt"       // 451 4.7.1 to RCPT
	DropBeforeData Fault = "drop before data" // the connection ends in place of the reply to RCPT
	DropInBody     Fault = "drop in body"     // the connection ends after the first bytes of the message
	RefuseBody     Fault = "refuse body"      // 554 5.6.0 to the final dot
	DeferBody      Fault = "defer body"       // 452 4.3.1 to the final dot
	ShutDown       Fault = "shut down"        // 421 4.3.2 to the final dot
	DropAfterDot   Fault = "drop after dot"   // the message is kept, and the connection ends before the reply
	Babble         Fault = "babble"           // the message is kept, and the reply is not SMTP
	Silent         Fault = "silent"           // the message is kept, and there is no reply until the test ends
)

// Received is a message that the server has got whole, whatever it answered.
type Received struct {
	From, To string // of the envelope
	Data     []byte
	User     string // who signed in, or ""
	TLS      bool
	Conn     int // the number of the connection, from 1: a batch shares one
}

// Server is a running server.
type Server struct {
	Addr string // 127.0.0.1:port

	options  options
	roots    *x509.CertPool
	release  chan struct{}
	mu       sync.Mutex
	messages []Received
	faults   []Fault
	conns    map[string]int // numbers by peer address
	arrived  chan struct{}
}

type options struct {
	starttls, implicit bool
	expired, otherName bool // of the certificate
	user, password     string
	mechanisms         []string
}

// Option changes how the server speaks.
type Option func(*options)

// STARTTLS makes the server offer STARTTLS.
func STARTTLS() Option { return func(o *options) { o.starttls = true } }

// ImplicitTLS makes the server speak TLS from the first byte.
func ImplicitTLS() Option { return func(o *options) { o.implicit = true } }

// Expired makes the server show a certificate whose time is over.
func Expired() Option { return func(o *options) { o.expired = true } }

// OtherName makes the server show the certificate of another host.
func OtherName() Option { return func(o *options) { o.otherName = true } }

// Login makes the server demand AUTH with this name and password; mechanisms are PLAIN and LOGIN unless given.
func Login(user, password string, mechanisms ...string) Option {
	return func(o *options) {
		o.user, o.password, o.mechanisms = user, password, mechanisms
		if len(mechanisms) == 0 {
			o.mechanisms = []string{"PLAIN", "LOGIN"}
		}
	}
}

// Start runs a server until the test ends.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := &Server{conns: map[string]int{}, release: make(chan struct{}), arrived: make(chan struct{}, 1000)}
	for _, o := range opts {
		o(&s.options)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	s.Addr = listener.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(s.newSession))
	server.Domain = "mailtest.example"
	server.AllowInsecureAuth = true
	server.MaxMessageBytes = 20 << 20
	server.ErrorLog = log.New(io.Discard, "", 0) // broken connections are what the tests are about
	if s.options.starttls || s.options.implicit {
		certificate, roots := selfSigned(t, s.options)
		s.roots = roots
		config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		if s.options.implicit {
			listener = tls.NewListener(listener, config)
		} else {
			server.TLSConfig = config
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends by Close
	}()
	t.Cleanup(func() {
		close(s.release)
		_ = server.Close()
		<-done
	})
	return s
}

// URL returns the server's address as ParseRelay reads it.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Addr}
	switch {
	case s.options.implicit:
		u.Scheme = "smtps"
	case !s.options.starttls:
		u.RawQuery = "tls=off"
	}
	if s.options.user != "" {
		u.User = url.UserPassword(s.options.user, s.options.password)
	}
	return u.String()
}

// Relay returns the server as a relay that believes its certificate.
func (s *Server) Relay(t testing.TB) mail.Relay {
	t.Helper()
	r, err := mail.ParseRelay(s.URL())
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	r.Roots = s.roots
	return r
}

// Fail gives the next messages their faults, one each, in order.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Messages returns what was received whole, oldest first. With DropAfterDot, Babble and Silent that includes messages
// whose sender cannot know it.
func (s *Server) Messages() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Arrived gives one value for each message received whole, so that a test can wait for one without a clock.
func (s *Server) Arrived() <-chan struct{} { return s.arrived }

func (s *Server) nextFault() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return None
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f
}

func (s *Server) keep(m Received) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	select {
	case s.arrived <- struct{}{}:
	default:
	}
}
