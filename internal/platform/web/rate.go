package web

import (
	"crypto/sha256"
	"math"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// Rate is how often one client network, not one account, may do something: Burst times at once, then once every Every. A
// network is an address of IPv4 or a /64 of IPv6. The networks around it may do so somewhat more often together (see steps), so that
// who holds many addresses gains little.
type Rate struct {
	Burst int
	Every time.Duration
}

// maxBuckets bounds the memory that a flood from many networks can take; the rarest seen are forgotten first.
const maxBuckets = 100_000

type bucketKey struct {
	rate  string
	net   netip.Prefix      // its length tells the step
	token [sha256.Size]byte // of the bearer, where each token has its bucket
}

// limits keeps one bucket for each rate and client network, or token. Buckets are forgotten by a restart, which is cheap.
type limits struct {
	rates   map[string]Rate
	clock   clock.Clock
	buckets *otter.Cache[bucketKey, *rate.Limiter]
	strikes map[string]*strike // by rate
}

// strike counts how often a rate said no.
type strike struct {
	n     atomic.Int64
	told  atomic.Int64 // how many the log knows of
	until atomic.Int64 // nothing is told before, in Unix seconds
}

func newLimits(rates map[string]Rate, c clock.Clock) *limits {
	l := &limits{rates: rates, clock: c, strikes: map[string]*strike{}, buckets: otter.Must(&otter.Options[bucketKey, *rate.Limiter]{
		MaximumSize: maxBuckets,
	})}
	for name := range rates {
		l.strikes[name] = &strike{}
	}
	return l
}

// Strikes returns how often each rate made somebody wait.
func (ro *Router) Strikes() map[string]int64 {
	all := map[string]int64{}
	for name, s := range ro.limits.strikes {
		all[name] = s.n.Load()
	}
	return all
}

// struck counts err, when it is the refusal of a rate, and has each rate told once a minute at most. It returns err.
func (ro *Router) struck(rate string, err error) error {
	if !fault.Is(err, fault.KindTooMany) {
		return err
	}
	s := ro.limits.strikes[rate]
	n, now, until := s.n.Add(1), ro.limits.clock.Now().Unix(), s.until.Load()
	if now >= until && s.until.CompareAndSwap(until, now+60) {
		ro.o.Log.Info("limit reached", "rate", rate, "refused", n-s.told.Swap(n))
	}
	return err
}

func (l *limits) has(name string) bool { _, ok := l.rates[name]; return ok }

// step is a network around a client, by the length of its prefix, and how many clients' worth it may do.
type step struct{ bits, worth int }

// A /64 is what one customer of a provider gets, a /48 what one company does, a /32 what one provider has. An address of IPv4 is a
// customer, or an office; a /24 is a street or a small host.
var (
	steps4 = []step{{32, 1}, {24, 4}}
	steps6 = []step{{64, 1}, {48, 4}, {32, 16}}
)

// take takes one token of the client and of every network around it, or says in how many seconds there will be one.
func (l *limits) take(name string, ip netip.Addr) error {
	steps := steps4
	if ip.Is6() {
		steps = steps6
	}
	var taken []func()
	for _, s := range steps {
		net, err := ip.Prefix(s.bits)
		if err != nil {
			return l.from(bucketKey{rate: name}, 1, nil) // no address: one bucket for all of them
		}
		if err := l.from(bucketKey{rate: name, net: net}, s.worth, &taken); err != nil {
			for _, giveBack := range taken {
				giveBack()
			}
			return err
		}
	}
	return nil
}

// takeToken is take for the bearer of a token, from wherever it asks.
func (l *limits) takeToken(name, bearer string) error {
	return l.from(bucketKey{rate: name, token: sha256.Sum256([]byte(bearer))}, 1, nil)
}

// from takes one token of a bucket, worth times as large as the rate says; giving it back is added to taken.
func (l *limits) from(key bucketKey, worth int, taken *[]func()) error {
	r, ok := l.rates[key.rate]
	if !ok {
		return fault.Unavailable("rate.unknown", nil)
	}
	b, ok := l.buckets.GetIfPresent(key)
	if !ok {
		b, _ = l.buckets.SetIfAbsent(key, rate.NewLimiter(rate.Every(r.Every/time.Duration(worth)), worth*max(r.Burst, 1)))
	}
	now := l.clockOf(key.rate).Now()
	res := b.ReserveN(now, 1)
	if wait := res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return fault.TooMany(int(math.Ceil(wait.Seconds())))
	}
	if taken != nil {
		*taken = append(*taken, func() { res.CancelAt(now) })
	}
	return nil
}
