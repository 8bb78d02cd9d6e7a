package mailer

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
)

// Relay is one mail server, as an owner set it.
type Relay struct {
	mail.Relay              // zero when Lost
	ID         fact.RelayID // 0 for the one of the command line
	Name       string       // as people call it; "" is its host
	Voice      fact.VoiceID // whose mail it carries; 0 everybody's
	PerMinute  int          // how many it takes in a minute; 0: no bound is known
	PerDay     int          // and in 24 hours
	Signs      bool         // signs by itself (DKIM)
	Lost       bool         // its address is sealed with another key than the one here
	Away       bool         // out of reach a moment ago: others are tried first
	Minute     int          // what was handed to it in the last minute; counted for relays with a bound
	Day        int          // and in the last 24 hours
	FreeAt     time.Time    // when it takes some more, zero when it does now
	sealed     string
}

// RelayInput is a relay as it is given. A nil field leaves what was.
type RelayInput struct {
	Name, Host, User, Password *string
	Port, PerMinute, PerDay    *int
	TLS                        *mail.TLSMode
	Voice                      *fact.VoiceID
	Signs                      *bool
}

// Filled returns in with what it does not say as a preset has it.
func (in RelayInput) Filled(p Preset) RelayInput {
	fill(&in.Host, p.Host)
	fill(&in.Port, p.Port)
	fill(&in.TLS, p.TLS)
	fill(&in.PerMinute, p.PerMinute)
	fill(&in.PerDay, p.PerDay)
	fill(&in.Signs, p.Signs)
	return in
}

func fill[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

// sealedRelay is the purpose for which addresses are sealed.
const sealedRelay = "relay"

// maxRelays is how many a house may have.
const maxRelays = 20

var (
	qRelays = db.Q("relay.all", `
		SELECT id, name, COALESCE(voice_id, 0), address, per_minute, per_day, signs FROM relays ORDER BY position, id`)
	qRelayAdd = db.Q("relay.add", `
		INSERT INTO relays (id, position, name, voice_id, address, per_minute, per_day, signs, created_at)
		SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM relays`)
	qRelayChange = db.Q("relay.change", `
		UPDATE relays SET name = $2, voice_id = $3, address = $4, per_minute = $5, per_day = $6, signs = $7 WHERE id = $1`)
	qRelayRemove = db.Q("relay.remove", `DELETE FROM relays WHERE id = $1`)
	qRelayPlace  = db.Q("relay.place", `UPDATE relays SET position = $2 WHERE id = $1`)
	qRelayHeir   = db.Q("relay.heir", `UPDATE relays SET voice_id = $2 WHERE voice_id = $1`)
)

func scanRelay(row db.Row) (r Relay, err error) {
	var voice int64
	err = row.Scan(&r.ID, &r.Name, &voice, &r.sealed, &r.PerMinute, &r.PerDay, &r.Signs)
	r.Voice = fact.VoiceID(voice)
	return r, err
}

// Title is how a relay is called.
func (r Relay) Title() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Host
}

// All returns the relays in the order in which they are tried, with what they were handed. Only an owner may.
func (r *Relays) All(ctx context.Context, by actor.Actor) (all []Relay, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return nil, err
	}
	err = r.o.DB.Read(ctx, func(tx *db.Tx) error {
		if all, err = r.allIn(tx); err != nil {
			return err
		}
		return r.countIn(tx, all)
	})
	for i := range all {
		all[i].Away = r.isAway(all[i].ID)
	}
	return all, err
}

// Get returns one relay. Only an owner may.
func (r *Relays) Get(ctx context.Context, by actor.Actor, id fact.RelayID) (Relay, error) {
	all, err := r.All(ctx, by)
	if err != nil {
		return Relay{}, err
	}
	return find(all, id)
}

func find(all []Relay, id fact.RelayID) (Relay, error) {
	for _, relay := range all {
		if relay.ID == id {
			return relay, nil
		}
	}
	return Relay{}, fault.NotFound("relay")
}

// Add is AddIn in a transaction of its own.
func (r *Relays) Add(ctx context.Context, by actor.Actor, in RelayInput) (id fact.RelayID, err error) {
	err = r.o.DB.Write(ctx, func(tx *db.Tx) error {
		id, err = r.AddIn(tx, by, in)
		return err
	})
	return id, err
}

// AddIn adds a relay behind the others. Only an owner may. Problems are at the fields of RelayInput, in snake case. What it does not say
// of a known provider is as its Preset has it.
func (r *Relays) AddIn(tx *db.Tx, by actor.Actor, in RelayInput) (fact.RelayID, error) {
	all, err := r.mayIn(tx, by)
	if err != nil {
		return 0, err
	}
	if len(all) >= maxRelays {
		return 0, fault.Conflict("relay.too_many", maxRelays)
	}
	if in.Host != nil {
		if p := PresetOf("", strings.TrimSpace(*in.Host)); p != nil {
			in = in.Filled(*p)
		}
	}
	relay, err := r.apply(Relay{ID: fact.New[fact.RelayID](tx.Now())}, in)
	if err != nil {
		return 0, err
	}
	if err := keepsOneForAll(append(all, relay)); err != nil {
		return 0, err
	}
	_, err = db.Exec(tx, qRelayAdd, relay.ID, relay.Name, relay.Voice, relay.sealed, relay.PerMinute, relay.PerDay, relay.Signs, db.At(tx.Now()))
	return relay.ID, err
}

// Change is ChangeIn in a transaction of its own.
func (r *Relays) Change(ctx context.Context, by actor.Actor, id fact.RelayID, in RelayInput) error {
	return r.o.DB.Write(ctx, func(tx *db.Tx) error { return r.ChangeIn(tx, by, id, in) })
}

// ChangeIn changes a relay. Only an owner may. The password stays when none is given and it is for the same user of the same server.
func (r *Relays) ChangeIn(tx *db.Tx, by actor.Actor, id fact.RelayID, in RelayInput) error {
	all, err := r.mayIn(tx, by)
	if err != nil {
		return err
	}
	was, err := find(all, id)
	if err != nil {
		return err
	}
	relay, err := r.apply(was, in)
	if err != nil {
		return err
	}
	if err := keepsOneForAll(without(all, id, relay)); err != nil {
		return err
	}
	_, err = db.Exec(tx, qRelayChange, id, relay.Name, relay.Voice, relay.sealed, relay.PerMinute, relay.PerDay, relay.Signs)
	return err
}

// Remove forgets a relay. Only an owner may. The last one for everybody stays while there are some for one voice.
func (r *Relays) Remove(ctx context.Context, by actor.Actor, id fact.RelayID) error {
	return r.o.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := r.mayIn(tx, by)
		if err != nil {
			return err
		}
		if _, err := find(all, id); err != nil {
			return err
		}
		if err := keepsOneForAll(without(all, id)); err != nil {
			return err
		}
		_, err = db.Exec(tx, qRelayRemove, id)
		return err
	})
}

// Raise puts a relay before the one that stands before it. Only an owner may.
func (r *Relays) Raise(ctx context.Context, by actor.Actor, id fact.RelayID) error {
	return r.o.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := r.mayIn(tx, by)
		if err != nil {
			return err
		}
		if _, err := find(all, id); err != nil {
			return err
		}
		for i := range all {
			if i > 0 && all[i].ID == id {
				all[i-1], all[i] = all[i], all[i-1]
				break
			}
		}
		for i, relay := range all {
			if _, err := db.Exec(tx, qRelayPlace, relay.ID, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// without returns all but the relay of id, in whose place come others.
func without(all []Relay, id fact.RelayID, instead ...Relay) (rest []Relay) {
	for _, relay := range all {
		if relay.ID != id {
			rest = append(rest, relay)
		}
	}
	return append(rest, instead...)
}

// keepsOneForAll refuses relays that all carry one voice each: the house itself, and other voices, would have none.
func keepsOneForAll(all []Relay) error {
	for _, relay := range all {
		if relay.Voice == 0 {
			return nil
		}
	}
	if len(all) == 0 {
		return nil
	}
	return fault.Invalid("voice", "relay_for_all")
}

// apply returns a relay as it will be, sealed, or the problems of what was given.
func (r *Relays) apply(was Relay, in RelayInput) (Relay, error) {
	now := was
	var bad fault.Problems
	set(&now.Host, trimmed(in.Host))
	set(&now.User, trimmed(in.User))
	set(&now.Name, trimmed(in.Name))
	set(&now.Port, in.Port)
	set(&now.TLS, in.TLS)
	set(&now.Voice, in.Voice)
	set(&now.PerMinute, in.PerMinute)
	set(&now.PerDay, in.PerDay)
	set(&now.Signs, in.Signs)
	if now.TLS == "" {
		now.TLS = mail.TLSStart
	}
	if now.Port == 0 {
		now.Port = map[mail.TLSMode]int{mail.TLSImplicit: 465, mail.TLSOff: 25}[now.TLS]
		if now.Port == 0 {
			now.Port = 587
		}
	}
	switch {
	case in.Password != nil && *in.Password != "":
		now.Password = *in.Password
	case now.Host != was.Host || now.User != was.User: // a password goes nowhere but where it was first given for
		now.Password = ""
	}
	now.Lost = false
	checkRelay(now, &bad)
	if err := bad.Err(); err != nil {
		return now, err
	}
	address := urlOf(now.Relay)
	if _, err := mail.ParseRelay(address); err != nil {
		return now, fault.Invalid("host", "invalid")
	}
	var err error
	now.sealed, err = r.o.Box.Seal(sealedRelay, []byte(address))
	return now, err
}

func checkRelay(relay Relay, bad *fault.Problems) {
	switch {
	case relay.Host == "":
		bad.Add("host", "required")
	case strings.ContainsAny(relay.Host, "/@?#: ") && !isIP(relay.Host), strings.ContainsFunc(relay.Host, unicode.IsSpace), len(relay.Host) > 253:
		bad.Add("host", "invalid")
	}
	if relay.Port < 1 || relay.Port > 65535 {
		bad.Add("port", "number")
	}
	if relay.User != "" && relay.Password == "" {
		bad.Add("password", "required")
	}
	if len(relay.User) > 320 || len(relay.Password) > 1000 || strings.ContainsFunc(relay.User, unicode.IsControl) {
		bad.Add("user", "invalid")
	}
	if len([]rune(relay.Name)) > 80 {
		bad.Add("name", "too_long", 80)
	}
	switch relay.TLS {
	case mail.TLSStart, mail.TLSImplicit, mail.TLSOff:
	default:
		bad.Add("tls", "unknown")
	}
	if relay.PerMinute < 0 || relay.PerMinute > 1_000_000 {
		bad.Add("per_minute", "number")
	}
	if relay.PerDay < 0 || relay.PerDay > 100_000_000 {
		bad.Add("per_day", "number")
	}
}

// urlOf writes a relay as ParseRelay reads it.
func urlOf(relay mail.Relay) string {
	u := url.URL{Scheme: "smtp", Host: net.JoinHostPort(relay.Host, strconv.Itoa(relay.Port))}
	query := url.Values{}
	switch relay.TLS {
	case mail.TLSImplicit:
		u.Scheme = "smtps"
	case mail.TLSOff:
		query.Set("tls", "off")
	}
	if relay.Hello != "" {
		query.Set("hello", relay.Hello)
	}
	if relay.User != "" {
		u.User = url.UserPassword(relay.User, relay.Password)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// isIP reports whether host is an address, which alone may hold colons.
func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

func trimmed(s *string) *string {
	if s == nil {
		return nil
	}
	t := strings.TrimSpace(*s)
	return &t
}
