package mail

import (
	"bufio"
	"errors"
	"net"
	"net/textproto"
)

// maxReply bounds what one step of the conversation may read, in bytes: certificates and the longest EHLO fit well.
const maxReply = 256 << 10

// writeAtOnce is how much of a message leaves in one write, in bytes: nearly all of them whole.
const writeAtOnce = 32 << 10

// newText speaks in lines over a connection.
func newText(conn net.Conn) *textproto.Conn {
	t := textproto.NewConn(conn)
	t.W = bufio.NewWriterSize(conn, writeAtOnce)
	return t
}

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
