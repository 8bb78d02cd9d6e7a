package delivery

import (
	"context"
	"fmt"

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
// Settings, else nobody.
func HouseRelay(h *house.Service, flag string) (Carrier, error) {
	if flag == "" {
		return houseRelay{h}, nil
	}
	r, err := mail.ParseRelay(flag)
	if err != nil {
		return nil, fmt.Errorf("delivery: %w", err)
	}
	return Fixed(r), nil
}

type houseRelay struct{ house *house.Service }

func (c houseRelay) Sender(ctx context.Context) (mail.Sender, error) {
	address, err := c.house.Relay(ctx)
	if err != nil || address == "" {
		return nil, err
	}
	r, err := mail.ParseRelay(address)
	if err != nil {
		return nil, fmt.Errorf("delivery: the relay of the house: %w", err)
	}
	return r, nil
}

func (c houseRelay) Ready(tx *db.Tx) (bool, error) {
	set, err := c.house.SettingIn(tx, house.SettingRelay)
	return set != "", err
}
