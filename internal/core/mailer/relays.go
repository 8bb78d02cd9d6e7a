package mailer

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
)

// RelayOptions are what Relays need; all but Flag, Host and Log.
type RelayOptions struct {
	DB    *db.DB
	Bus   *bus.Bus
	House *house.Service
	Box   *seal.Box
	Flag  string       // the relay of the command line, which carries everything; "" leaves it to the settings
	Host  string       // of the public address: what a relay is greeted with
	Log   *slog.Logger // nil discards
}

// Relays are the mail servers of a house: the one of the command line when there is one, else those that an owner set in Settings. It is
// a Carrier whose senders are a *mail.Pool each.
type Relays struct {
	o    RelayOptions
	flag *mail.Relay
	told atomic.Bool // that none can be read

	mu    sync.Mutex
	pools map[fact.RelayID]pooled
	away  map[fact.RelayID]outage
}

// pooled are the connections to a relay, and what they were made for.
type pooled struct {
	relay mail.Relay
	pool  *mail.Pool
}

// outage is since when a relay is out of reach, by this process's clock.
type outage struct {
	until time.Time
	pause time.Duration
}

// NewRelays returns the relays. The error is a Flag that does not read.
func NewRelays(o RelayOptions) (*Relays, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Relays{o: o, pools: map[fact.RelayID]pooled{}, away: map[fact.RelayID]outage{}}
	if o.Flag != "" {
		relay, err := mail.ParseRelay(o.Flag)
		if err != nil {
			return nil, fmt.Errorf("mailer: %w", err)
		}
		r.flag = &relay
	}
	bus.Project(o.Bus, "mailer", r.voiceRemoved)
	return r, nil
}

// Fixed names the relay of the command line, without its password; "" when there is none.
func (r *Relays) Fixed() string {
	if r.flag == nil {
		return ""
	}
	return r.flag.String()
}

// allIn returns the relays in their order. Those whose address cannot be read are Lost.
func (r *Relays) allIn(tx *db.Tx) ([]Relay, error) {
	if r.flag != nil {
		relay := Relay{Relay: *r.flag}
		if p := PresetOf("", relay.Host); p != nil {
			relay.PerMinute, relay.PerDay, relay.Signs = p.PerMinute, p.PerDay, p.Signs
		}
		return []Relay{relay}, nil
	}
	all, err := db.All(tx, qRelays, scanRelay)
	for i := range all {
		plain, err := r.o.Box.Unseal(sealedRelay, all[i].sealed)
		if err == nil {
			all[i].Relay, err = mail.ParseRelay(string(plain))
		}
		all[i].Lost = err != nil
	}
	return all, err
}

// Ready is Carrier.Ready.
func (r *Relays) Ready(tx *db.Tx) (string, error) {
	all, err := r.allIn(tx)
	if err != nil || len(all) == 0 {
		return delivery.NoRelay, err
	}
	for _, relay := range all {
		if !relay.Lost {
			r.told.Store(false)
			return "", nil
		}
	}
	if !r.told.Swap(true) {
		r.o.Log.Error("mail is held: the relay's password is sealed with another key than this one",
			"do", "give the password again at /app/settings/relays, or start with the secret.key or CAUSERIE_SECRET that it was given under")
	}
	return delivery.LostKey, nil
}

// Ways is Carrier.Ways.
func (r *Relays) Ways(ctx context.Context) (ways []Way, err error) {
	var all []Relay
	err = r.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = r.allIn(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	name, err := helloName(ctx, r.o.House, r.o.Host)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := map[fact.RelayID]bool{}
	for _, relay := range all {
		if relay.Lost {
			continue
		}
		if relay.Hello == "" {
			relay.Hello = name
		}
		if p := r.pools[relay.ID]; p.pool == nil || !sameServer(p.relay, relay.Relay) {
			if p.pool != nil {
				p.pool.Close()
			}
			r.pools[relay.ID] = pooled{relay.Relay, mail.NewPool(relay.Relay)}
			delete(r.away, relay.ID)
		}
		kept[relay.ID] = true
		ways = append(ways, Way{ID: relay.ID, Voice: relay.Voice, Signs: relay.Signs, Sender: r.pools[relay.ID].pool})
	}
	for id, p := range r.pools {
		if !kept[id] {
			p.pool.Close()
			delete(r.pools, id)
		}
	}
	if len(ways) == 0 && len(all) > 0 {
		return nil, seal.ErrSealed
	}
	return ways, nil
}

func sameServer(a, b mail.Relay) bool {
	return a.Host == b.Host && a.Port == b.Port && a.User == b.User && a.Password == b.Password && a.TLS == b.TLS && a.Hello == b.Hello
}

// The pauses in which a relay that is out of reach is not tried while there is another.
const (
	awayFirst = 15 * time.Second
	awayMost  = 5 * time.Minute
)

// Away is Carrier.Away.
func (r *Relays) Away(id fact.RelayID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.away[id]
	if time.Now().Before(o.until) {
		return // others of the same batch
	}
	o.pause = min(max(2*o.pause, awayFirst), awayMost)
	o.until = time.Now().Add(o.pause)
	r.away[id] = o
}

// Back is Carrier.Back.
func (r *Relays) Back(id fact.RelayID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.away, id)
}

func (r *Relays) isAway(id fact.RelayID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Before(r.away[id].until)
}

// voiceRemoved gives the relays of a voice that goes to whoever takes over, or to all.
func (r *Relays) voiceRemoved(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
	_, err := db.Exec(tx, qRelayHeir, f.Voice, f.Heir)
	return err
}

// mayIn returns the relays for an owner who changes one of them.
func (r *Relays) mayIn(tx *db.Tx, by actor.Actor) ([]Relay, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return nil, err
	}
	if r.flag != nil {
		return nil, fault.Conflict("relay.fixed")
	}
	return r.allIn(tx)
}
