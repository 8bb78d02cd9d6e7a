package contact

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// The channels of handles that every house knows. A channel that comes later registers its own.
const (
	Email     = "email"
	Phone     = "phone"
	Web       = "web"       // a page that somebody calls theirs
	Fediverse = "fediverse" // an account of a server of the fediverse, @user@host
)

// Handle is one way to reach a contact.
type Handle struct {
	ID         fact.HandleID
	Contact    fact.ContactID
	Channel    string // Email, Phone, Web, Fediverse, or one that was registered
	Value      string // as it is shown
	Key        string // folded: unique within the channel
	Domain     string // of an e-mail address, "" for those of public providers
	VerifiedAt time.Time
	CreatedAt  time.Time
}

// Verified reports whether its owner proved that the handle is theirs.
func (h Handle) Verified() bool { return !h.VerifiedAt.IsZero() }

// NewHandle is a handle as somebody claims it, or as the channel that brought it proved it. The zero NewHandle is none.
type NewHandle struct {
	Channel  string
	Value    string // as written
	Verified bool   // the channel proved whose it is: a signed mail, an HTTP signature; never a form
}

// IsZero reports whether there is no handle.
func (h NewHandle) IsZero() bool { return h.Value == "" }

// Address returns the NewHandle of an e-mail address that somebody wrote down, the zero one of "".
func Address(email string) NewHandle { return NewHandle{Channel: Email, Value: email} }

// HandleChannel is what one channel of handles differs in.
type HandleChannel struct {
	Name string // stored in handles.channel, for ever; its name for people is the text contact.channel_<name>
	// Read returns a value as it is shown and the key by which two spellings of it are the same; false when it cannot be a
	// handle of the channel. country is that of the house when the channel is National, else "".
	Read     func(value, country string) (shown, key string, ok bool)
	National bool // a value may be meant within a country
	// Link returns where a press on the handle leads; nil when it leads nowhere.
	Link func(h Handle) string
}

// handleChannels are those that every house knows.
var handleChannels = []HandleChannel{
	{Name: Email, Read: readEmail, Link: func(h Handle) string { return "mailto:" + h.Value }},
	{Name: Phone, National: true, Read: readPhone, Link: func(h Handle) string { return "tel:" + h.Key }},
	{Name: Web, Read: readWeb, Link: func(h Handle) string { return h.Value }},
	{Name: Fediverse, Read: readFediverse, Link: linkFediverse},
}

// RegisterHandles makes a channel of handles known. Call it while the program is wired; a second one of a name is a
// programmer's mistake.
func (s *Service) RegisterHandles(c HandleChannel) {
	if _, known := s.channels[c.Name]; known || c.Name == "" || c.Read == nil {
		panic("contact: the channel of handles " + c.Name + " is registered twice, or cannot be read")
	}
	s.channels[c.Name] = c
}

// Link returns where a press on h leads, "" when it leads nowhere.
func (s *Service) Link(h Handle) string {
	if c, ok := s.channels[h.Channel]; ok && c.Link != nil {
		return c.Link(h)
	}
	return ""
}

// ReadIn returns in as it would be kept, without looking whether somebody has it. A value that cannot be a handle is a problem
// of the field that bears the name of the channel, and an unknown channel one of "channel".
func (s *Service) ReadIn(tx *db.Tx, in NewHandle) (Handle, error) {
	country := ""
	if s.channels[in.Channel].National {
		var err error
		if country, err = house.CountryIn(tx); err != nil {
			return Handle{}, err
		}
	}
	return s.read(in, country)
}

// ReaderIn returns what reads handles as ReadIn does, many of them, with the house as it is now.
func (s *Service) ReaderIn(tx *db.Tx) (func(NewHandle) (Handle, error), error) {
	country, err := house.CountryIn(tx)
	return func(in NewHandle) (Handle, error) { return s.read(in, country) }, err
}

func (s *Service) read(in NewHandle, country string) (Handle, error) {
	h := Handle{Channel: in.Channel, Value: strings.TrimSpace(in.Value)}
	c, ok := s.channels[in.Channel]
	if !ok {
		return h, fault.Invalid("channel", "unknown")
	}
	shown, key, ok := c.Read(h.Value, country)
	switch {
	case ok:
		h.Value, h.Key = shown, key
	case c.Name == Email:
		_, err := text.ParseEmail(h.Value) // which says why
		return h, err
	case c.Name == Phone:
		return h, fault.Invalid(c.Name, c.Name) // it has a sentence of its own
	default:
		return h, fault.Invalid(c.Name, "malformed")
	}
	if h.Channel == Email {
		h.Domain = domainOf(h.Key)
	}
	return h, nil
}

func readEmail(value, _ string) (shown, key string, ok bool) {
	address, err := text.ParseEmail(value)
	return address, text.FoldEmail(address), err == nil
}

func readPhone(value, country string) (shown, key string, ok bool) {
	key, ok = text.FoldPhone(value, country)
	return value, key, ok
}

// maxURL is the longest address of a page, in bytes.
const maxURL = 2000

// readWeb folds the address of a page: scheme, letters of the host, its default port, the last slash and the fragment make no
// difference.
func readWeb(value, _ string) (shown, key string, ok bool) {
	u, err := url.Parse(value)
	if err != nil || len(value) > maxURL || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.ContainsAny(value, " \"<>") {
		return "", "", false
	}
	host, ok := foldHost(u.Hostname())
	if !ok {
		return "", "", false
	}
	key = host
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		key += ":" + port
	}
	key += strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return u.String(), key, true
}

// readFediverse reads @user@host, user@host or acct:user@host (RFC 7565), as people and WebFinger write it.
func readFediverse(value, _ string) (shown, key string, ok bool) {
	user, host, found := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(value, "acct:"), "@"), "@")
	user = strings.ToLower(user)
	host, valid := foldHost(host)
	if !found || !valid || user == "" || len(user) > 64 || strings.Trim(user, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
		return "", "", false
	}
	key = user + "@" + host
	return "@" + key, key, true
}

func linkFediverse(h Handle) string {
	user, host, _ := strings.Cut(h.Key, "@")
	return "https://" + host + "/@" + user
}

// foldHost returns the name of a host as it stands in the DNS; it needs a dot.
func foldHost(host string) (string, bool) {
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(host), "."))
	return host, err == nil && strings.Contains(host, ".") && len(host) <= 253
}

// public are providers whose domain says nothing about somebody's company.
var public = []string{
	"gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "hotmail.ca", "live.com", "live.fr", "live.ca", "msn.com",
	"yahoo.com", "yahoo.fr", "yahoo.ca", "ymail.com", "icloud.com", "me.com", "mac.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr",
	"neuf.fr", "laposte.net", "bbox.fr", "numericable.fr", "aol.com", "gmx.com", "gmx.fr", "gmx.net", "proton.me", "protonmail.com", "pm.me",
	"tutanota.com", "videotron.ca", "sympatico.ca", "bell.net", "rogers.com", "cogeco.ca", "telus.net", "shaw.ca", "bluewin.ch", "skynet.be",
	"mailo.com", "zoho.com", "fastmail.com", "hey.com", "mail.com", "yandex.com",
}

// domainOf returns the domain of a folded address, "" when it is that of a public provider.
func domainOf(key string) string {
	_, domain, _ := strings.Cut(key, "@")
	if slices.Contains(public, domain) {
		return ""
	}
	return domain
}
