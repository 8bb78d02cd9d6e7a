// Package place makes every address of a house, and reads those that come in.
//
// An address is of the house (/app/..., /contact, /media/...), always on the host of --url, or of a voice, under the home
// where that voice lives: /claire/le-bois, /le-bois for the main voice, or the root of a host of its own. Nothing else
// joins a host, a voice and a path; what a request claims to be its Host never enters an address that is written.
//
// What it protects: an address leads, for ever, to what it was given for. At returns for an address every voice that it may
// be of: who lives there now, then those who did, the last one first. Whoever answers tries them in that order, and sends
// readers on (301) where what they find lives elsewhere now. So a page belongs to the present, and falls back on the past:
// after the main voice changed from Claire to the workshop, /bonjour is the workshop's if it has a post of that name, else
// it leads to /claire/bonjour.
//
// Feeds are the other way round, since a program that follows one cannot see that somebody else speaks now: the feeds at a
// root are those of the first voice that lived there, for ever (FeedsAt, FeedPath). A voice that came later has its feeds
// under its own name, also while its pages stand at the root. So /feed.xml never becomes another's.
//
// It reads what package voice keeps; it emits and hears nothing.
package place

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
)

// Places knows the homes of all voices as of one instant. It does not change, and may be shared.
type Places struct {
	base   *url.URL
	voices []voice.Voice
	byID   map[fact.VoiceID]voice.Voice
	heirs  map[fact.VoiceID]fact.VoiceID // of the voices that were removed: who has now what they said
	lived  map[fact.VoiceID]voice.Home
	at     map[spot][]voice.Home // who lives there now, then who did, the last one first
	homes  []voice.Home
	hosts  []string
}

// spot is where a home stands.
type spot struct{ host, root string }

// Of makes the places of a house whose public address is base. Homes on the host of base itself are the house's own. voices may
// hold some that were removed.
func Of(base *url.URL, voices []voice.Voice, homes []voice.Home) *Places {
	p := &Places{base: base, homes: homes, byID: map[fact.VoiceID]voice.Voice{}, heirs: map[fact.VoiceID]fact.VoiceID{}, lived: map[fact.VoiceID]voice.Home{}, at: map[spot][]voice.Home{},
		hosts: []string{hostname(base.Host)}}
	for _, v := range voices {
		if !v.RemovedAt.IsZero() {
			p.heirs[v.ID] = v.Heir
			continue
		}
		p.voices = append(p.voices, v)
		p.byID[v.ID] = v
	}
	for _, h := range homes {
		if h.Host == p.hosts[0] {
			continue // --url has become the host that a voice had: the house wins, the voice has its name
		}
		if h.Lived() {
			p.lived[h.Voice] = h
		}
		if h.Host != "" && !slices.Contains(p.hosts, h.Host) {
			p.hosts = append(p.hosts, h.Host)
		}
		p.at[spot{h.Host, h.Root}] = append(p.at[spot{h.Host, h.Root}], h)
	}
	for _, homes := range p.at {
		slices.SortFunc(homes, func(a, b voice.Home) int {
			switch {
			case a.Lived():
				return -1
			case b.Lived():
				return 1
			}
			return cmp.Or(b.Until.Compare(a.Until), b.Since.Compare(a.Since), cmp.Compare(b.Voice, a.Voice))
		})
	}
	for _, v := range p.voices {
		if _, ok := p.lived[v.ID]; !ok {
			p.lived[v.ID] = voice.Home{Root: v.Slug, Voice: v.ID, Since: v.CreatedAt}
		}
	}
	return p
}

// hostname returns a host as homes have it: in lower case, without its port and its last dot.
func hostname(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		hostport = h
	}
	return strings.TrimSuffix(strings.ToLower(hostport), ".")
}

// Private reports whether the address of a house is one to which no stranger comes: of this machine, or of a network at home.
func Private(base *url.URL) bool {
	host := hostname(base.Host)
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast()
	}
	labels := strings.Split(host, ".")
	switch labels[len(labels)-1] {
	case "localhost", "local", "lan", "home", "internal", "localdomain":
		return true
	}
	return len(labels) == 1
}

// Private reports whether no stranger comes to the address of the house.
func (p *Places) Private() bool { return Private(p.base) }

// Voices returns every voice, in the order that the house chose.
func (p *Places) Voices() []voice.Voice { return p.voices }

// Voice returns a voice by its id.
func (p *Places) Voice(v fact.VoiceID) (voice.Voice, bool) {
	found, ok := p.byID[v]
	return found, ok
}

// Main returns the voice that lives at the root of the house's host; ok is false before there is one.
func (p *Places) Main() (v voice.Voice, ok bool) {
	if homes := p.at[spot{}]; len(homes) > 0 && homes[0].Lived() {
		v, ok = p.byID[homes[0].Voice]
	}
	return v, ok
}

// Home returns where a voice lives.
func (p *Places) Home(v fact.VoiceID) voice.Home { return p.lived[v] }

// Hosts returns the names at which the house answers, without ports: its own first, then those that voices have or had.
func (p *Places) Hosts() []string { return p.hosts }

// Host reads the Host of a request: "" is the house's own and any that is unknown, else it is a voice's.
func (p *Places) Host(claimed string) string {
	if len(p.hosts) < 2 { // asked at each request: most houses have one host
		return ""
	}
	if h := hostname(claimed); slices.Contains(p.hosts[1:], h) {
		return h
	}
	return ""
}

// House returns the absolute address of a path of the house itself: /contact, /app/today, /media/...
func (p *Places) House(path string) string { return p.origin("") + path }

// origin returns the scheme and host of a home, with the port of --url.
func (p *Places) origin(host string) string {
	if host == "" {
		return strings.TrimSuffix(p.base.String(), "/")
	}
	if port := p.base.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return p.base.Scheme + "://" + host
}

// Absolute returns what a link on a page of host leads to: a path gets the host's scheme and name.
func (p *Places) Absolute(host, link string) string {
	if strings.HasPrefix(link, "/") {
		return p.origin(host) + link
	}
	return link
}

// WithoutHosts returns the places as they would be if no voice had a host of its own: its owner reads a house that is not
// public yet under the host where they are signed in.
func (p *Places) WithoutHosts() *Places {
	return p.with(slices.DeleteFunc(slices.Clone(p.homes), func(h voice.Home) bool { return h.Host != "" }))
}

// with returns the places of the same voices in other homes.
func (p *Places) with(homes []voice.Home) *Places {
	all := slices.Clone(p.voices)
	for gone, heir := range p.heirs {
		all = append(all, voice.Voice{ID: gone, Heir: heir, RemovedAt: time.Unix(0, 0)})
	}
	return Of(p.base, all, homes)
}

// Heir returns who has now what a voice said: the voice itself, or for one that was removed the voice that took over, or the one
// that took over from that. It is zero when nobody did.
func (p *Places) Heir(v fact.VoiceID) fact.VoiceID {
	for range len(p.heirs) + 1 {
		heir, removed := p.heirs[v]
		if !removed {
			return v
		}
		v = heir
	}
	return 0
}

// AddressOf returns the address of a home, whether the voice lives there or left.
func (p *Places) AddressOf(h voice.Home) string { return p.origin(h.Host) + path(h, "/") }

// path puts rest under a home. rest begins with a slash; "/" is the front.
func path(h voice.Home, rest string) string {
	if h.Root == "" {
		return rest
	}
	return "/" + h.Root + rest
}

// inside is where the pages of an internal voice are, among those who may sign in.
const inside = "/app/in/"

// Path returns the path, on the host of its home, of what stands at rest under a voice: "/" is its front, "/le-bois" a post.
// The pages of an internal voice are on the work side.
func (p *Places) Path(v fact.VoiceID, rest string) string {
	if of, known := p.byID[v]; known && !of.Public() {
		return inside + of.Slug + rest
	}
	return path(p.lived[v], rest)
}

// URL is Path with scheme and host.
func (p *Places) URL(v fact.VoiceID, rest string) string {
	return p.origin(p.hostOf(v)) + p.Path(v, rest)
}

// LetterPath is where a letter stands under the root of its voice.
func LetterPath(word string) string { return "/l/" + word }

// hostOf returns the host of the pages of a voice.
func (p *Places) hostOf(v fact.VoiceID) string {
	if of, known := p.byID[v]; known && !of.Public() {
		return ""
	}
	return p.lived[v].Host
}

// Link is Path for a page on host, and URL where the voice lives on another.
func (p *Places) Link(host string, v fact.VoiceID, rest string) string {
	if p.hostOf(v) == host {
		return p.Path(v, rest)
	}
	return p.URL(v, rest)
}

// HouseLink is a path of the house for a page on host: the path there, an absolute address elsewhere.
func (p *Places) HouseLink(host, path string) string {
	if host == "" {
		return path
	}
	return p.House(path)
}

// feeds returns the home under which the feeds of a voice stand: where it lives, unless another lived there before.
func (p *Places) feeds(v fact.VoiceID) voice.Home {
	h := p.lived[v]
	if came := p.inOrder(spot{h.Host, h.Root}); len(came) > 0 && came[0].Voice != v {
		return voice.Home{Root: p.byID[v].Slug, Voice: v}
	}
	return h
}

// inOrder returns the homes at a place in the order in which voices first came there.
func (p *Places) inOrder(at spot) []voice.Home {
	homes := slices.Clone(p.at[at])
	slices.Reverse(homes) // of two that came in one instant, the one that left is the first
	slices.SortStableFunc(homes, func(a, b voice.Home) int { return a.Since.Compare(b.Since) })
	return homes
}

// FeedPath returns the path, on the host of FeedURL, of a feed that stands at rest under a voice.
func (p *Places) FeedPath(v fact.VoiceID, rest string) string { return path(p.feeds(v), rest) }

// FeedURL is FeedPath with scheme and host.
func (p *Places) FeedURL(v fact.VoiceID, rest string) string {
	h := p.feeds(v)
	return p.origin(h.Host) + path(h, rest)
}

// FeedLink is FeedPath for a page on host, and FeedURL where the feeds are on another.
func (p *Places) FeedLink(host string, v fact.VoiceID, rest string) string {
	if p.feeds(v).Host == host {
		return p.FeedPath(v, rest)
	}
	return p.FeedURL(v, rest)
}

// Spot is an address that came in: whose it may be, and what it names there.
type Spot struct {
	Host   string         // "" is the house's own
	Rest   string         // the path under the root: "/" is the front, "/le-bois" a post, "" the front without its slash (/claire)
	Voices []fact.VoiceID // whose page it may be: who lives there now, then who did, the last one first; Heir tells of one that was removed
	Feeds  []fact.VoiceID // whose feed it may be: who came first, then the others
}

// At reads the host that a request claims, and its path. The voices are public ones.
func (p *Places) At(claimed, path string) Spot {
	s := Spot{Host: p.Host(claimed), Rest: path}
	at := spot{host: s.Host}
	first, rest, slash := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if under := (spot{s.Host, first}); first != "" && len(p.public(p.at[under])) > 0 {
		at, s.Rest = under, ""
		if slash {
			s.Rest = "/" + rest
		}
	}
	s.Voices = p.public(p.at[at])
	if came := p.inOrder(at); len(came) > 0 && p.byID[p.Heir(came[0].Voice)].Public() { // the feeds of a voice that went inside are nobody's
		s.Feeds = p.public(came)
	}
	return s
}

func (p *Places) public(homes []voice.Home) []fact.VoiceID {
	var ids []fact.VoiceID
	for _, h := range homes {
		if v, known := p.byID[p.Heir(h.Voice)]; known && v.Public() {
			ids = append(ids, h.Voice)
		}
	}
	return ids
}
