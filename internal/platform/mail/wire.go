package mail

import (
	"errors"
	"net"
	"net/smtp"
)

// maxReply bounds what one step of the conversation may read, in bytes: certificates and the longest EHLO fit well.
const maxReply = 256 << 10

var errTooMuch = errors.New("mail: the relay says too much")

// boundedConn counts: what a talkative server may still say, and what really left.
type boundedConn struct {
	net.Conn
	left    int
	written int64
}

func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

func (c *boundedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written += int64(n)
	return n, err
}

// signIn is AUTH PLAIN (RFC 4616) and AUTH LOGIN. That of net/smtp refuses to work without TLS; here tls=off is
// already somebody's explicit choice, and without it no connection comes this far unencrypted.
type signIn struct {
	mechanism, user, password string
	asked                     int
}

func (a *signIn) Start(*smtp.ServerInfo) (string, []byte, error) {
	if a.mechanism == "PLAIN" {
		return "PLAIN", []byte("\x00" + a.user + "\x00" + a.password), nil
	}
	return "LOGIN", nil, nil
}

func (a *signIn) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	a.asked++
	switch {
	case a.mechanism == "LOGIN" && a.asked == 1:
		return []byte(a.user), nil
	case a.mechanism == "LOGIN" && a.asked == 2:
		return []byte(a.password), nil
	}
	return nil, errors.New("mail: the relay asks for something else than a name and a password")
}
