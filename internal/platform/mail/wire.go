package mail

import (
	"errors"
	"net"
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
