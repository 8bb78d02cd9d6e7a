// Package deliverytest is a way out for tests: what leaves by it is kept, or becomes what the test says.
package deliverytest

import (
	"context"
	"slices"
	"sync"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// The channel and its one kind. Notes have the person lane.
const (
	Paper = "paper"
	Note  = "note"
)

// Channel is the channel Paper of one Service. It may be used from several goroutines.
type Channel struct {
	mu     sync.Mutex
	left   []delivery.Delivery
	carry  delivery.Carry
	nobody bool
	gate   delivery.Gate
}

// Register adds the channel to s.
func Register(s *delivery.Service) *Channel {
	c := &Channel{}
	s.Register(delivery.Channel{
		Name: Paper,
		Ready: func(*db.Tx) (string, error) {
			if c.isNobody() {
				return delivery.NoRelay, nil
			}
			return "", nil
		},
		Open: func(context.Context) (delivery.Carry, error) {
			if c.isNobody() {
				return nil, nil
			}
			return c.take, nil
		},
		Gate:  c.ask,
		Kinds: []delivery.Kind{{Name: Note, Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson}},
	})
	return c
}

// Out returns a note under a key.
func Out(key string) delivery.Outgoing {
	return delivery.Outgoing{Channel: Paper, Kind: Note, Key: key, Recipient: key + "@paper.example", Subject: "Note " + key}
}

// Left returns what left, in its order.
func (c *Channel) Left() []delivery.Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.left)
}

// Carry has fn carry from now on; nil keeps everything, as at first.
func (c *Channel) Carry(fn delivery.Carry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carry = fn
}

// Nobody says whether nobody carries the channel.
func (c *Channel) Nobody(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nobody = yes
}

// Gate sets the gate; nil lets everything pass.
func (c *Channel) Gate(g delivery.Gate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gate = g
}

func (c *Channel) isNobody() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nobody
}

func (c *Channel) take(ctx context.Context, d delivery.Delivery, parcel any) delivery.Outcome {
	c.mu.Lock()
	carry := c.carry
	c.mu.Unlock()
	o := delivery.Outcome{State: delivery.Sent, Reply: "taken"}
	if carry != nil {
		o = carry(ctx, d, parcel)
	}
	if o.State == delivery.Sent {
		c.mu.Lock()
		c.left = append(c.left, d)
		c.mu.Unlock()
	}
	return o
}

func (c *Channel) ask(tx *db.Tx, batch []delivery.Delivery) (refused map[fact.DeliveryID]string, err error) {
	c.mu.Lock()
	gate := c.gate
	c.mu.Unlock()
	if gate == nil {
		return nil, nil
	}
	return gate(tx, batch)
}
