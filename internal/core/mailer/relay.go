package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/net/idna"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
)

// Carrier knows who carries mail.
type Carrier interface {
	// Sender returns who carries mail now, nil when nobody does; seal.ErrSealed when the relay cannot be read.
	Sender(ctx context.Context) (mail.Sender, error)
	// Ready tells why nobody does, delivery.NoRelay or delivery.LostKey, "" when somebody does, inside a transaction.
	Ready(tx *db.Tx) (why string, err error)
}

// Fixed is the carrier that hands everything to s: the demo's and the tests'.
func Fixed(s mail.Sender) Carrier { return fixed{s} }

type fixed struct{ sender mail.Sender }

func (f fixed) Sender(context.Context) (mail.Sender, error) { return f.sender, nil }
func (f fixed) Ready(*db.Tx) (string, error) {
	if f.sender == nil {
		return delivery.NoRelay, nil
	}
	return "", nil
}

// RelayOptions are what HouseRelay needs.
type RelayOptions struct {
	House *house.Service
	Flag  string       // the relay of the command line; "" leaves it to the settings
	Host  string       // of the public address: what the relay is greeted with
	Log   *slog.Logger // nil discards
}

// HouseRelay is the carrier of a house: the relay of the command line when there is one, else what an owner set in
// Settings, else nobody. The sender is a *mail.Pool.
func HouseRelay(o RelayOptions) (Carrier, error) {
	if o.Flag != "" {
		if _, err := mail.ParseRelay(o.Flag); err != nil {
			return nil, fmt.Errorf("mailer: %w", err)
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &houseRelay{o: o}, nil
}

type houseRelay struct {
	o    RelayOptions
	told atomic.Bool // that the relay cannot be read

	mu   sync.Mutex
	as   string // the address and the name with which pool was made
	pool *mail.Pool
}

func (c *houseRelay) Sender(ctx context.Context) (mail.Sender, error) {
	address := c.o.Flag
	if address == "" {
		var err error
		if address, err = c.o.House.Relay(ctx); err != nil {
			return nil, err
		}
	}
	name, err := c.name(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if as := address + " " + name; as != c.as || address == "" {
		if c.pool != nil {
			c.pool.Close()
		}
		c.as, c.pool = as, nil
	}
	if address == "" {
		return nil, nil
	}
	if c.pool == nil {
		r, err := mail.ParseRelay(address)
		if err != nil {
			return nil, fmt.Errorf("mailer: the relay of the house: %w", err)
		}
		if r.Hello == "" {
			r.Hello = name
		}
		c.pool = mail.NewPool(r)
	}
	return c.pool, nil
}

func (c *houseRelay) Ready(tx *db.Tx) (string, error) {
	if c.o.Flag != "" {
		return "", nil
	}
	address, err := c.o.House.RelayIn(tx)
	switch lost := errors.Is(err, seal.ErrSealed); {
	case lost:
		if !c.told.Swap(true) {
			c.o.Log.Error("mail is held: the relay's password is sealed with another key than this one",
				"do", "give the password again at /app/settings/relay, or start with the secret.key or CAUSERIE_SECRET that it was given under")
		}
		return delivery.LostKey, nil
	case err != nil:
		return "", err
	case address == "":
		return delivery.NoRelay, nil
	}
	c.told.Store(false)
	return "", nil
}

// name is how we call ourselves to a relay (RFC 5321, 4.1.1.1): the public host, else the domain that the house writes from, else the
// name of the machine; "", which is our address on the connection, when none of these is a full name.
func (c *houseRelay) name(ctx context.Context) (string, error) {
	if name := fullName(c.o.Host); name != "" {
		return name, nil
	}
	h, err := c.o.House.Get(ctx)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return "", err
	}
	_, domain, _ := strings.Cut(h.Identity.ContactEmail, "@")
	if name := fullName(domain); name != "" {
		return name, nil
	}
	machine, _ := os.Hostname() // without one there is the address
	return fullName(machine), nil
}

// fullName returns a host as it is said to a server, "" when it is no name that others can look up.
func fullName(host string) string {
	name, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSuffix(host, ".")))
	if err != nil || !strings.Contains(name, ".") || len(name) > 253 {
		return ""
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return ""
	}
	for _, private := range []string{".localhost", ".localdomain", ".local", ".internal", ".lan", ".home"} {
		if strings.HasSuffix(name, private) {
			return ""
		}
	}
	return name
}
