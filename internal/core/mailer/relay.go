package mailer

import (
	"context"
	"fmt"
	"sync"

	"causerie/internal/core/house"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
)

// Carrier knows who carries mail.
type Carrier interface {
	// Sender returns who carries mail now, nil when nobody does.
	Sender(ctx context.Context) (mail.Sender, error)
	// Ready reports whether somebody does, inside a transaction.
	Ready(tx *db.Tx) (bool, error)
}

// Fixed is the carrier that hands everything to s: the demo's and the tests'.
func Fixed(s mail.Sender) Carrier { return fixed{s} }

type fixed struct{ sender mail.Sender }

func (f fixed) Sender(context.Context) (mail.Sender, error) { return f.sender, nil }
func (f fixed) Ready(*db.Tx) (bool, error)                  { return f.sender != nil, nil }

// HouseRelay is the carrier of a house: the relay of the command line when there is one, else what an owner set in
// Settings, else nobody. The sender is a *mail.Pool.
func HouseRelay(h *house.Service, flag string) (Carrier, error) {
	if flag == "" {
		return &houseRelay{house: h}, nil
	}
	r, err := mail.ParseRelay(flag)
	if err != nil {
		return nil, fmt.Errorf("mailer: %w", err)
	}
	return Fixed(mail.NewPool(r)), nil
}

type houseRelay struct {
	house *house.Service

	mu      sync.Mutex
	address string // of pool
	pool    *mail.Pool
}

func (c *houseRelay) Sender(ctx context.Context) (mail.Sender, error) {
	address, err := c.house.Relay(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if address != c.address {
		if c.pool != nil {
			c.pool.Close()
		}
		c.address, c.pool = "", nil
	}
	if address == "" {
		return nil, nil
	}
	if c.pool == nil {
		r, err := mail.ParseRelay(address)
		if err != nil {
			return nil, fmt.Errorf("mailer: the relay of the house: %w", err)
		}
		c.address, c.pool = address, mail.NewPool(r)
	}
	return c.pool, nil
}

func (c *houseRelay) Ready(tx *db.Tx) (bool, error) {
	set, err := c.house.SettingIn(tx, house.SettingRelay)
	return set != "", err
}
