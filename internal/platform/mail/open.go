package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"net/textproto"
	"slices"
	"strings"
)

// Step is one thing that went well in a conversation that is watched.
type Step struct {
	Stage Stage
	Words string // the server's, "250 2.1.0 Ok"; of StageConnect the address, of StageTLS what was agreed
}

// Dial connects, encrypts and signs in. The error is a *SendError of a stage up to StageAuth.
func (r Relay) Dial(ctx context.Context) (*Session, error) { return r.dial(ctx, nil) }

// Try is Send, and tells watch of each step that goes well before the next begins. It is for people who set the relay up: the steps
// come one by one, whatever the relay offers.
func (r Relay) Try(ctx context.Context, m Message, watch func(Step)) (Receipt, error) {
	s, err := r.dial(ctx, watch)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := s.Send(ctx, m)
	_ = s.Close() // whether QUIT is answered changes nothing
	return receipt, err
}

func (r Relay) dial(ctx context.Context, watch func(Step)) (*Session, error) {
	dialer := net.Dialer{Timeout: r.timeout()}
	raw, err := dialer.DialContext(ctx, "tcp", r.address())
	if err != nil {
		return nil, failed(StageConnect, contextual(ctx, err))
	}
	s := &Session{relay: r, conn: &boundedConn{Conn: raw}, watch: watch}
	s.passed(StageConnect, raw.RemoteAddr().String())
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if stage, err := s.open(); err != nil {
		_ = raw.Close()
		return nil, failed(stage, contextual(ctx, err))
	}
	return s, nil
}

// contextual adds the context's own error to what its end did to the connection.
func contextual(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// passed tells whoever watches that a step went well.
func (s *Session) passed(stage Stage, words string) {
	if s.watch != nil {
		s.watch(Step{stage, words})
	}
}

// open says what comes before the first message.
func (s *Session) open() (Stage, error) {
	s.text = newText(s.conn)
	if s.relay.TLS == TLSImplicit {
		if err := s.encrypt(); err != nil {
			return StageTLS, err
		}
	}
	s.step(1)
	if err := s.isSMTP(); err != nil {
		return StageGreet, err
	}
	code, msg, err := s.text.ReadResponse(220)
	if err != nil {
		return StageGreet, err
	}
	s.passed(StageGreet, oneLine(code, msg))
	if err := s.hello(); err != nil {
		return StageHello, err
	}
	if s.relay.TLS != TLSImplicit && s.relay.TLS != TLSOff {
		if err := s.startTLS(); err != nil {
			return StageTLS, err
		}
		if err := s.hello(); err != nil { // what was offered in the clear counts no more (RFC 3207, 4.2)
			return StageHello, err
		}
	}
	if s.relay.User == "" {
		return "", nil
	}
	return StageAuth, s.signIn()
}

// isSMTP looks at the first letters: what begins otherwise than with a code is no SMTP server, and may wait for us for ever.
func (s *Session) isSMTP() error {
	head, err := s.text.R.Peek(3)
	if err != nil || bytes.IndexFunc(head, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		return err
	}
	head, _ = s.text.R.Peek(min(s.text.R.Buffered(), 100))
	return textproto.ProtocolError("no SMTP: " + string(head))
}

// say says one line and returns the reply, on one line, that agrees with expect.
func (s *Session) say(expect int, line string) (string, error) {
	if err := s.text.PrintfLine("%s", line); err != nil {
		return "", err
	}
	code, msg, err := s.text.ReadResponse(expect)
	if err != nil {
		return "", err
	}
	return oneLine(code, msg), nil
}

// hello greets, and notes what the server offers. An old server that does not know EHLO is greeted with HELO (RFC 5321, 3.2);
// one that does not want us is left with what it said.
func (s *Session) hello() error {
	name := s.relay.Hello
	if name == "" {
		name = literal(s.conn.LocalAddr())
	}
	s.step(1)
	s.offers = map[string]string{}
	err := s.text.PrintfLine("EHLO %s", name)
	if err != nil {
		return err
	}
	_, msg, err := s.text.ReadResponse(250)
	refusal, refused := errors.AsType[*textproto.Error](err)
	if refused && refusal.Code/100 == 5 {
		s.step(1)
		if words, again := s.say(250, "HELO "+name); again == nil {
			s.passed(StageHello, words)
			return nil
		}
	}
	if err != nil {
		return err
	}
	first, rest, _ := strings.Cut(msg, "\n")
	for line := range strings.Lines(rest) {
		word, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.offers[strings.ToUpper(word)] = args
	}
	s.passed(StageHello, oneLine(250, first))
	return nil
}

// literal is how we call ourselves without a name (RFC 5321, 4.1.3).
func literal(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		host = "127.0.0.1"
	}
	if host, _, _ = strings.Cut(host, "%"); strings.Contains(host, ":") {
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}

func (s *Session) startTLS() error {
	if _, offered := s.offers["STARTTLS"]; !offered {
		return ErrNoTLS
	}
	s.step(1)
	if _, err := s.say(220, "STARTTLS"); err != nil {
		return err
	}
	return s.encrypt()
}

// encrypt goes on over TLS. What the server said before and was not read is forgotten with its reader.
func (s *Session) encrypt() error {
	s.step(1)
	encrypted := tls.Client(s.conn, &tls.Config{ServerName: s.relay.Host, RootCAs: s.relay.Roots, MinVersion: tls.VersionTLS12})
	if err := encrypted.Handshake(); err != nil {
		return err
	}
	s.text = newText(encrypted)
	s.passed(StageTLS, tls.VersionName(encrypted.ConnectionState().Version)+", "+s.relay.Host)
	return nil
}

// signIn is AUTH PLAIN (RFC 4616) or AUTH LOGIN. Without TLS it happens only where somebody chose tls=off.
func (s *Session) signIn() error {
	offered := strings.Fields(strings.ToUpper(s.offers["AUTH"]))
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	var words string
	var err error
	s.step(1)
	switch {
	case slices.Contains(offered, "PLAIN"):
		words, err = s.say(235, "AUTH PLAIN "+encode("\x00"+s.relay.User+"\x00"+s.relay.Password))
	case slices.Contains(offered, "LOGIN"):
		if _, err = s.say(334, "AUTH LOGIN"); err != nil {
			break
		}
		s.step(1)
		if _, err = s.say(334, encode(s.relay.User)); err != nil {
			break
		}
		s.step(1)
		words, err = s.say(235, encode(s.relay.Password))
	default:
		return ErrNoAuth
	}
	if err == nil {
		s.passed(StageAuth, words)
	}
	return err
}
