package delivery

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// Channel is a way out: a medium and who carries it. Name and Open are needed.
type Channel struct {
	Name    string
	Workers int           // how many are carried at once in each lane, 4 when 0
	GiveUp  time.Duration // how long after its making a deferred one is tried, 5 days when 0
	// Ready tells why nobody carries the channel now (NoRelay, LostKey), "" when somebody does, inside the transaction that
	// asks. While nobody does, what leaves by it is held for that reason. nil is always.
	Ready func(tx *db.Tx) (why string, err error)
	// Open returns who carries the next batch, nil when there is nobody. It may ask the database or a server. An error says
	// nothing of what would leave: nothing is begun, and the channel is opened again later.
	Open func(ctx context.Context) (Carry, error)
	Gate Gate // may be nil
	// Room tells how much may leave now, in the read that looks and, with begins, in the commit that says sending; nil is without
	// bounds. What has no room stays queued, and is looked at again when there is some.
	Room func(tx *db.Tx, lane string, begins bool) (Room, error)
	// Begin hears what is about to leave, after the gates and in the same commit, and may set each one's Route. nil hears nothing.
	Begin func(tx *db.Tx, lane string, batch []Delivery) error
	// Ended hears what became of those that were begun, in the commit that writes it down. nil hears nothing.
	Ended func(tx *db.Tx, ended []Ended) error
	Kinds []Kind
}

// Ended is a delivery and what became of it.
type Ended struct {
	Delivery
	Outcome
}

// Room is how much may leave by a channel now: Most at once, of all voices but some, or of some alone.
type Room struct {
	Most   int
	Only   bool           // Voices alone may leave; else all but Voices
	Voices []fact.VoiceID // 0 is what belongs to no voice
}

// list writes the voices as a text in which a query finds one: ",1,2,", or "" for none.
func (r Room) list() string {
	var b strings.Builder
	for _, v := range r.Voices {
		fmt.Fprintf(&b, ",%d", int64(v))
	}
	if b.Len() > 0 {
		b.WriteByte(',')
	}
	return b.String()
}

// room is Channel.Room.
func (c *channel) room(tx *db.Tx, lane string, begins bool) (Room, error) {
	if c.Room == nil {
		return Room{Most: maxBatch}, nil
	}
	return c.Room(tx, lane, begins)
}

// Carry takes one delivery out of the house and tells what became of it. parcel is what the kind's Compose made, or the
// Delivery's own Parcel for a kind without one. It is called from several goroutines. The context ends after two minutes.
//
// Whoever cannot tell whether it left answers Uncertain, as a panic does: it is not sent again by itself.
type Carry func(ctx context.Context, d Delivery, parcel any) Outcome

// Gate looks at what is about to leave, in the very commit that says that it is sending, and names those that must not,
// each with the reason: they become Refused and never leave. It may set the Ground and the Origin of those that may, in their places of batch. An error
// stops the whole batch, which is tried again.
type Gate func(tx *db.Tx, batch []Delivery) (refused map[fact.DeliveryID]string, err error)

// Gates is the gate that asks several, each of what those before it let through.
func Gates(all ...Gate) Gate {
	return func(tx *db.Tx, batch []Delivery) (map[fact.DeliveryID]string, error) {
		refused := map[fact.DeliveryID]string{}
		left := batch
		for _, g := range all {
			no, err := g(tx, left)
			if err != nil {
				return nil, err
			}
			said(left, batch)
			if len(no) == 0 {
				continue
			}
			maps.Copy(refused, no)
			left = slices.DeleteFunc(slices.Clone(left), func(d Delivery) bool { _, is := no[d.ID]; return is })
		}
		return refused, nil
	}
}

// said takes what a gate set in some over to all.
func said(some, all []Delivery) {
	i := 0
	for _, d := range some { // some are in the order of all
		for all[i].ID != d.ID {
			i++
		}
		all[i].Ground, all[i].Origin = d.Ground, d.Origin
	}
}

// Kind is one kind of thing that leaves by a channel.
type Kind struct {
	Name    string // "answer": unique in its channel
	Purpose string // PurposeAccount... when Outgoing does not say
	Lane    string // LaneAccount...; "" is LaneBulk
	// Compose makes what Carry gets, when it leaves, from the ids of d and its Parcel, in a read that sees the database
	// after the commit that says sending. fault.KindNotFound means that what it is about is Gone; a Refusal refuses it;
	// with any other error it is composed again later.
	Compose func(tx *db.Tx, d Delivery) (any, error)
	Gate    Gate // may be nil; asked after the channel's
}

// Refusal is the error of a Compose that will never succeed. Reason is a key.
type Refusal struct{ Reason string }

func (r Refusal) Error() string { return "delivery: refused: " + r.Reason }

// Always is the Open of a channel that the same function carries for ever.
func Always(c Carry) func(context.Context) (Carry, error) {
	return func(context.Context) (Carry, error) { return c, nil }
}

const (
	defaultWorkers = 4
	// keepTrying is how long a channel is asked again when it does not say (RFC 5321, 4.5.4.1: the give-up time is at
	// least 4 to 5 days).
	keepTrying = 5 * 24 * time.Hour
)

type channel struct {
	Channel
	kinds map[string]Kind
	shut  atomic.Value // why it could not be opened the last time, "" when it could
}

type lineKey struct{ channel, lane string }

// Register adds a way out. It panics on a second channel of a name, and once Run has begun.
func (s *Service) Register(c Channel) {
	s.mu.Lock()
	if c.Name == "" || c.Open == nil || s.channels[c.Name] != nil || s.started {
		panic(fmt.Sprintf("delivery: the channel %q has no Open, comes twice, or comes after Run", c.Name))
	}
	if c.Workers <= 0 {
		c.Workers = defaultWorkers
	}
	c.Workers = min(c.Workers, maxBatch)
	if c.GiveUp <= 0 {
		c.GiveUp = keepTrying
	}
	s.channels[c.Name] = &channel{Channel: c, kinds: map[string]Kind{}}
	s.mu.Unlock()
	s.RegisterKinds(c.Name, c.Kinds...)
}

// RegisterKinds adds kinds to a channel that is registered. It panics where there is none, on a second kind of a name, on
// a lane that is none, and once Run has begun.
func (s *Service) RegisterKinds(channel string, kinds ...Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	for _, k := range kinds {
		if k.Lane == "" {
			k.Lane = LaneBulk
		}
		if c == nil || k.Name == "" || !slices.Contains(Lanes(), k.Lane) || s.started {
			panic(fmt.Sprintf("delivery: the kind %q of channel %q has no channel, no lane, or comes after Run", k.Name, channel))
		}
		if _, twice := c.kinds[k.Name]; twice {
			panic(fmt.Sprintf("delivery: two kinds %s of channel %s", k.Name, channel))
		}
		c.kinds[k.Name] = k
		key := lineKey{channel, k.Lane}
		if s.lines[key] == nil {
			s.lines[key] = newLine(s, c, k.Lane)
		}
		s.lines[key].kinds = append(s.lines[key].kinds, k.Name)
	}
}

// Kinds returns the names of what leaves by a channel, in their order; none for a channel that there is not.
func (s *Service) Kinds(channel string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channel]; c != nil {
		return slices.Sorted(maps.Keys(c.kinds))
	}
	return nil
}

// kind returns a registered kind and its channel.
func (s *Service) kind(channelName, name string) (*channel, Kind, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelName]
	if c == nil {
		return nil, Kind{}, fmt.Errorf("delivery: no channel %q", channelName)
	}
	k, ok := c.kinds[name]
	if !ok {
		return nil, Kind{}, fmt.Errorf("delivery: no kind %q of channel %q", name, channelName)
	}
	return c, k, nil
}

// linesInOrder returns every line, the most urgent lane first.
func (s *Service) linesInOrder() []*line {
	s.mu.Lock()
	defer s.mu.Unlock()
	haste := Lanes()
	all := slices.Collect(maps.Values(s.lines))
	slices.SortFunc(all, func(a, b *line) int {
		return cmp.Or(slices.Index(haste, a.lane)-slices.Index(haste, b.lane), strings.Compare(a.channel.Name, b.channel.Name))
	})
	return all
}
