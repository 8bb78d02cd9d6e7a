package mailtest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	number int
	user   string
	fault  Fault
	from   string
	to     string
}

func (s *Server) newSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// STARTTLS begins a new session on the same connection.
	peer := c.Conn().RemoteAddr().String()
	if s.conns[peer] == 0 {
		s.conns[peer] = len(s.conns) + 1
	}
	return &session{server: s, conn: c, number: s.conns[peer]}, nil
}

func reply(code int, class, subject, detail int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

var errDropped = errors.New("mailtest: dropped")

// drop ends the connection as a crash would, before any reply.
func (c *session) drop() error {
	_ = c.conn.Conn().Close()
	return errDropped
}

func (c *session) AuthMechanisms() []string { return c.server.options.mechanisms }

func (c *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != c.server.options.user || password != c.server.options.password {
			return reply(535, 5, 7, 8, "Authentication credentials invalid")
		}
		c.user = user
		return nil
	}
	if mechanism == "PLAIN" {
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	}
	return &loginServer{check: check}, nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.server.options.user != "" && c.user == "" {
		return reply(530, 5, 7, 0, "Authentication required")
	}
	c.from = from
	if c.fault = c.server.nextFault(); c.fault == RefuseMail {
		return reply(550, 5, 7, 1, "Sender not permitted")
	}
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	switch c.fault {
	case RefuseRcpt:
		return reply(550, 5, 1, 1, "No such user here")
	case DeferRcpt:
		return reply(451, 4, 7, 1, "Greylisted, come back later")
	case DropBeforeData:
		return c.drop()
	}
	return nil
}

func (c *session) Data(r io.Reader) error {
	if c.fault == DropInBody {
		_, _ = io.ReadFull(r, make([]byte, 10))
		return c.drop()
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, encrypted := c.conn.Conn().(*tls.Conn)
	got := Received{From: c.from, To: c.to, Data: data, User: c.user, TLS: encrypted, Conn: c.number}
	switch c.fault {
	case RefuseBody:
		return reply(554, 5, 6, 0, "Message refused")
	case DeferBody:
		return reply(452, 4, 3, 1, "Out of room")
	case ShutDown:
		return reply(421, 4, 3, 2, "Shutting down")
	case DropAfterDot:
		c.server.keep(got)
		return c.drop()
	case Babble:
		c.server.keep(got)
		_, _ = io.WriteString(c.conn.Conn(), "hello there\r\n")
		return c.drop()
	case Silent:
		c.server.keep(got)
		<-c.server.release
		return c.drop()
	}
	c.server.keep(got)
	return reply(250, 2, 0, 0, fmt.Sprintf("Ok: queued as %X", len(c.server.Messages())))
}

func (c *session) Reset()        { c.from, c.to, c.fault = "", "", None }
func (c *session) Logout() error { return nil }

// loginServer is AUTH LOGIN, which go-sasl no longer has on the server's side.
type loginServer struct {
	check func(user, password string) error
	user  *string
	asked bool
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}
