package web

import (
	"crypto/sha256"
	"math"
	"net/netip"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// Rate is how often one client network, not one account, may do something: Burst times at once, then once every Every. A
// network is an address of IPv4 or a /64 of IPv6.
type Rate struct {
	Burst int
	Every time.Duration
}

// maxBuckets bounds the memory that a flood from many networks can take; the rarest seen are forgotten first.
const maxBuckets = 100_000

type bucketKey struct {
	rate  string
	net   netip.Prefix
	token [sha256.Size]byte // of the bearer, where each token has its bucket
}

// limits keeps one bucket for each rate and client network, or token. Buckets are forgotten by a restart, which is cheap.
type limits struct {
	rates   map[string]Rate
	clock   clock.Clock
	buckets *otter.Cache[bucketKey, *rate.Limiter]
}

func newLimits(rates map[string]Rate, c clock.Clock) *limits {
	return &limits{rates: rates, clock: c, buckets: otter.Must(&otter.Options[bucketKey, *rate.Limiter]{
		MaximumSize: maxBuckets,
	})}
}

func (l *limits) has(name string) bool { _, ok := l.rates[name]; return ok }

// take takes one token, or says in how many seconds there will be one. An IPv6 client is its /64, since that is
// what one customer of a provider gets.
func (l *limits) take(name string, ip netip.Addr) error {
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	net, err := ip.Prefix(bits)
	if err != nil {
		net = netip.Prefix{} // no address: one bucket for all of them
	}
	return l.from(bucketKey{rate: name, net: net})
}

// takeToken is take for the bearer of a token, from wherever it asks.
func (l *limits) takeToken(name, bearer string) error {
	return l.from(bucketKey{rate: name, token: sha256.Sum256([]byte(bearer))})
}

func (l *limits) from(key bucketKey) error {
	r, ok := l.rates[key.rate]
	if !ok {
		return fault.Unavailable("rate.unknown", nil)
	}
	b, ok := l.buckets.GetIfPresent(key)
	if !ok {
		b, _ = l.buckets.SetIfAbsent(key, rate.NewLimiter(rate.Every(r.Every), max(r.Burst, 1)))
	}
	now := l.clock.Now()
	res := b.ReserveN(now, 1)
	if wait := res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return fault.TooMany(int(math.Ceil(wait.Seconds())))
	}
	return nil
}
