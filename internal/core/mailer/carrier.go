package mailer

import (
	"context"
	"net/netip"
	"os"
	"strings"

	"golang.org/x/net/idna"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
)

// Carrier knows who carries mail, and how much of it.
type Carrier interface {
	// Ready tells why nobody does, delivery.NoRelay or delivery.LostKey, "" when somebody does, inside a transaction.
	Ready(tx *db.Tx) (why string, err error)
	// Ways returns who carries mail now, in the order in which they are tried; none when nobody does, seal.ErrSealed when none can
	// be read.
	Ways(ctx context.Context) ([]Way, error)
	// Room and Begin are those of a delivery.Channel.
	Room(tx *db.Tx, lane string, begins bool) (delivery.Room, error)
	Begin(tx *db.Tx, lane string, batch []delivery.Delivery) error
	// Take counts one mail that goes another way than it was begun for. It reports whether there is room for it.
	Take(ctx context.Context, way fact.RelayID) (bool, error)
	// Away hears that a way is out of reach, and Back that it is not.
	Away(way fact.RelayID)
	Back(way fact.RelayID)
}

// Way is one of those who carry mail.
type Way struct {
	ID     fact.RelayID // 0 for the relay of the command line, and for what is none
	Voice  fact.VoiceID // whose mail it carries; 0 everybody's
	Signs  bool         // signs by itself
	Sender mail.Sender
}

// waysOf returns the ways by which a voice's mail may leave, the one of id first, then those of the voice, then those of all.
func waysOf(all []Way, voice fact.VoiceID, id fact.RelayID) (ways []Way) {
	for _, fits := range []func(w Way) bool{
		func(w Way) bool { return w.ID == id },
		func(w Way) bool { return w.ID != id && w.Voice == voice && voice != 0 },
		func(w Way) bool { return w.ID != id && w.Voice == 0 },
	} {
		for _, w := range all {
			if fits(w) {
				ways = append(ways, w)
			}
		}
	}
	return ways
}

// Fixed is the carrier that hands everything to s: the demo's and the tests'.
func Fixed(s mail.Sender) Carrier { return fixed{s} }

type fixed struct{ sender mail.Sender }

func (f fixed) Ways(context.Context) ([]Way, error) {
	if f.sender == nil {
		return nil, nil
	}
	return []Way{{Sender: f.sender}}, nil
}

func (f fixed) Ready(*db.Tx) (string, error) {
	if f.sender == nil {
		return delivery.NoRelay, nil
	}
	return "", nil
}

func (fixed) Room(*db.Tx, string, bool) (delivery.Room, error) {
	return delivery.Room{Most: unbounded}, nil
}
func (fixed) Begin(*db.Tx, string, []delivery.Delivery) error  { return nil }
func (fixed) Take(context.Context, fact.RelayID) (bool, error) { return true, nil }
func (fixed) Away(fact.RelayID)                                {}
func (fixed) Back(fact.RelayID)                                {}

// helloName is how we call ourselves to a relay (RFC 5321, 4.1.1.1): the public host, else the domain that the house writes from, else the
// name of the machine; "", which is our address on the connection, when none of these is a full name.
func helloName(ctx context.Context, houses *house.Service, host string) (string, error) {
	if name := fullName(host); name != "" {
		return name, nil
	}
	h, err := houses.Get(ctx)
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
