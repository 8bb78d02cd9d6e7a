package mail

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	maxPerConnection = 100              // messages, then a new connection: relays count them, and close at some number
	idleClose        = 30 * time.Second // a connection unused for so long is closed
	idleProbe        = 5 * time.Second  // one unused for so long is asked whether it lives before a message is trusted to it
)

// Pool is a Sender that keeps connections to a relay between messages: as many as Send is called at once. It may be used
// from several goroutines. Close it when the relay is no longer used.
type Pool struct {
	Relay Relay // not to be changed

	mu     sync.Mutex
	idle   []*pooled // the one used last is at the end
	sweep  *time.Timer
	closed bool
}

type pooled struct {
	*Session
	sent int
	used time.Time
}

// NewPool returns a pool without connections.
func NewPool(r Relay) *Pool { return &Pool{Relay: r} }

// Send sends m by a connection that is free, or by a new one. When one that was kept turns out to be broken before the
// message can have been taken, a new connection is tried once. The error is a *SendError.
func (p *Pool) Send(ctx context.Context, m Message) (Receipt, error) {
	c := p.take()
	kept := c != nil
	for {
		if c == nil {
			s, err := p.Relay.Dial(ctx)
			if err != nil {
				return Receipt{}, err
			}
			c = &pooled{Session: s}
		}
		receipt, err := c.Send(ctx, m)
		c.sent++
		broken := c.closed
		p.give(c)
		failure, _ := errors.AsType[*SendError](err)
		if kept && broken && failure != nil && !failure.Ambiguous && failure.Stage != StageCompose && ctx.Err() == nil {
			c, kept = nil, false
			continue
		}
		return receipt, err
	}
}

// take returns a connection that lives, nil when there is none.
func (p *Pool) take() *pooled {
	for {
		p.mu.Lock()
		if len(p.idle) == 0 {
			p.mu.Unlock()
			return nil
		}
		c := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		p.mu.Unlock()
		if time.Since(c.used) < idleProbe || c.alive() {
			return c
		}
	}
}

// give keeps a connection for the next message, unless it is broken or has carried enough.
func (p *Pool) give(c *pooled) {
	if c.closed {
		return
	}
	c.used = time.Now()
	p.mu.Lock()
	keep := !p.closed && c.sent < maxPerConnection
	if keep {
		p.idle = append(p.idle, c)
		if p.sweep == nil {
			p.sweep = time.AfterFunc(idleClose, p.closeIdle)
		}
	}
	p.mu.Unlock()
	if !keep {
		_ = c.Close() // whether QUIT is answered changes nothing
	}
}

// closeIdle closes what has not been used for a while.
func (p *Pool) closeIdle() {
	p.mu.Lock()
	var old []*pooled
	for len(p.idle) > 0 && time.Since(p.idle[0].used) >= idleClose {
		old = append(old, p.idle[0])
		p.idle = p.idle[1:]
	}
	p.sweep = nil
	if len(p.idle) > 0 && !p.closed {
		p.sweep = time.AfterFunc(idleClose-time.Since(p.idle[0].used), p.closeIdle)
	}
	p.mu.Unlock()
	for _, c := range old {
		_ = c.Close()
	}
}

// Close says goodbye on every free connection. A message that is being sent goes on, and its connection is closed then.
func (p *Pool) Close() {
	p.mu.Lock()
	all := p.idle
	p.idle, p.closed = nil, true
	if p.sweep != nil {
		p.sweep.Stop()
	}
	p.mu.Unlock()
	for _, c := range all {
		_ = c.Close()
	}
}
