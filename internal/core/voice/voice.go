// Package voice is a name one speaks under: personal, corporate or internal.
//
// Each voice has its home, its readers, its tone, its look: a portrait, a few lines about itself, one accent colour. An
// internal voice is never public: its posts stay among those who may sign in.
//
// A home is where a voice lives: /{slug}/ on the house's host, the root of that host for the main voice, or a host of its
// own. Every home that a voice ever had is kept (voice_homes), since an address is a promise: renamed, moved to another
// host or followed by another main voice, it is still found where it was. So no voice takes what was the home of another,
// unless an owner frees it (FreeHome), and none takes the address of a post; the first segments of the site's own
// addresses are nobody's (Reserved). Package place makes addresses of homes, and reads them.
//
// A voice that is given up (Remove) leaves all that it said to an heir. Its row stays, and nothing finds it any more but
// whoever reads addresses: those that it had lead to where its posts are now.
//
// It emits VoiceCreated, VoiceChanged, VoiceMoved and VoiceRemoved, and hears nothing.
package voice

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
)

// The kinds of voices.
const (
	Personal  = "personal"
	Corporate = "corporate"
	Internal  = "internal"
)

// Voice is a name one speaks under.
type Voice struct {
	ID        fact.VoiceID
	Slug      string
	Name      string
	Kind      string // Personal, Corporate or Internal
	Lang      string // of what it says, unless a post says otherwise
	Role      string // « dirigeante des Ateliers Aubin »
	Bio       string // Markdown, a few lines
	Ask       string // what one may ask of it: a sentence under its articles
	Accent    string // #rrggbb
	Portrait  fact.MediaID
	Logo      fact.MediaID // beside its name; without one it has a monogram
	Email     string       // what its answers leave from; "" is the house's
	Receipts  bool         // who asks for something is told by mail that it came
	Receipt   string       // in these words, plain paragraphs; "" is the program's
	Links     []string     // its pages elsewhere, for rel=me
	Position  int
	CreatedAt time.Time
	UpdatedAt time.Time
	Heir      fact.VoiceID // of one that was removed: who took over what it said, 0 for none
	RemovedAt time.Time    // zero while one may speak under it
}

// Public reports whether strangers may read v once the house is public.
func (v Voice) Public() bool { return v.Kind != Internal }

// DefaultAccent is the accent of a voice that chose none.
const DefaultAccent = "#8a2f2a"

var (
	slugShape   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	accentShape = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	yearShape   = regexp.MustCompile(`^(19|20|21)\d\d$`)
)

// reserved are the first segments of the site's own addresses.
var reserved = map[string]bool{
	"app": true, "api": true, "media": true, "assets": true, "setup": true, "search": true, "subscribe": true, "contact": true,
	"legal": true, "l": true, "n": true, "section": true, "tag": true, "column": true, "feed": true, "rss": true, "atom": true, "comments": true,
	"healthz": true, "readyz": true, "metrics": true, "robots": true, "sitemap": true, "favicon": true, "in": true, "event": true,
	"confirm": true, "unsubscribe": true, "webmention": true, "micropub": true, "actor": true, "users": true, "inbox": true,
	"outbox": true, "oauth": true, "dossier": true, "question": true, "share": true, "archive": true, "page": true, "static": true,
	"wp-admin": true, "wp-login": true, "wp-content": true, "apple-touch-icon": true, "admin": true,
}

// Reserved reports whether slug is taken by the site itself: neither a voice nor a post of the main voice may have it.
func Reserved(slug string) bool { return reserved[slug] || yearShape.MatchString(slug) }

// ValidSlug reports whether slug may be part of an address: lower-case letters, digits and single hyphens.
func ValidSlug(slug string) bool { return len(slug) <= 80 && slugShape.MatchString(slug) }

// check returns what is wrong with v.
func (v Voice) check() error {
	var p fault.Problems
	length := func(field, s string, max int) {
		if len([]rune(s)) > max {
			p.Add(field, "too_long", max)
		}
	}
	if v.Name == "" {
		p.Add("name", "required")
	}
	length("name", v.Name, 120)
	length("role", v.Role, 200)
	length("bio", v.Bio, 2000)
	length("ask", v.Ask, 300)
	length("receipt", v.Receipt, 2000)
	switch {
	case !ValidSlug(v.Slug):
		p.Add("slug", "slug")
	case Reserved(v.Slug):
		p.Add("slug", "reserved")
	}
	if v.Kind != Personal && v.Kind != Corporate && v.Kind != Internal {
		p.Add("kind", "unknown")
	}
	if !i18n.Known(v.Lang) {
		p.Add("lang", "unknown")
	}
	if !accentShape.MatchString(v.Accent) {
		p.Add("accent", "colour")
	}
	if v.Email != "" {
		if !mail.Carries(v.Email) { // answers leave in its name
			p.Add("email", "email")
		}
	}
	if len(v.Links) > 20 {
		p.Add("links", "too_many", 20)
	}
	for _, l := range v.Links {
		u, err := url.Parse(l)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto") || strings.ContainsAny(l, " \"<>") || len(l) > 500 {
			p.Add("links", "url")
			break
		}
	}
	return p.Err()
}
