package contact

import (
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Where a contact came from.
const (
	FromComment = "comment"
	FromRequest = "request"
	ByHand      = "manual"
	FromImport  = "import"
	FromAPI     = "api"
)

// The channels of handles.
const (
	Email = "email"
	Phone = "phone"
	Web   = "web"
)

// Contact is somebody outside.
type Contact struct {
	ID         fact.ContactID
	Name       string
	Company    string
	Role       string
	Lang       string // of what is written to them
	Note       string
	Origin     string         // FromComment, FromRequest, ByHand, FromImport or FromAPI
	MergedInto fact.ContactID // set on an alias
	LastAt     time.Time      // the last word from them or to them
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Handles    []Handle
}

// Handle is one way to reach a contact.
type Handle struct {
	ID         fact.HandleID
	Contact    fact.ContactID
	Channel    string // Email, Phone or Web
	Value      string // as it was written
	Key        string // folded: unique within the channel
	Domain     string // of an e-mail address, "" for those of public providers
	VerifiedAt time.Time
	CreatedAt  time.Time
}

// Verified reports whether its owner proved that the handle is theirs.
func (h Handle) Verified() bool { return !h.VerifiedAt.IsZero() }

// Email returns the address to write to, the verified one first; "" when there is none.
func (c Contact) Email() string {
	found := ""
	for _, h := range c.Handles {
		if h.Channel == Email && (found == "" || h.Verified()) {
			if found = h.Value; h.Verified() {
				break
			}
		}
	}
	return found
}

// Label is what to call c where a name is needed.
func (c Contact) Label() string {
	if c.Name != "" {
		return c.Name
	}
	if e := c.Email(); e != "" {
		return e
	}
	return c.Company
}

// public are providers whose domain says nothing about somebody's company.
var public = []string{
	"gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "hotmail.ca", "live.com", "live.fr", "live.ca", "msn.com",
	"yahoo.com", "yahoo.fr", "yahoo.ca", "ymail.com", "icloud.com", "me.com", "mac.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr",
	"neuf.fr", "laposte.net", "bbox.fr", "numericable.fr", "aol.com", "gmx.com", "gmx.fr", "gmx.net", "proton.me", "protonmail.com", "pm.me",
	"tutanota.com", "videotron.ca", "sympatico.ca", "bell.net", "rogers.com", "cogeco.ca", "telus.net", "shaw.ca", "bluewin.ch", "skynet.be",
	"mailo.com", "zoho.com", "fastmail.com", "hey.com", "mail.com", "yandex.com",
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(text.FoldEmail(email), "@")
	if slices.Contains(public, domain) {
		return ""
	}
	return domain
}

// newHandle checks a value and makes the handle of it.
func newHandle(channel, value string) (Handle, error) {
	h := Handle{Channel: channel, Value: strings.TrimSpace(value)}
	switch channel {
	case Email:
		address, err := text.ParseEmail(h.Value)
		if err != nil {
			return h, fault.Invalid("email", "email")
		}
		h.Value, h.Key, h.Domain = address, text.FoldEmail(address), domainOf(address)
	case Phone:
		h.Key = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '+' {
				return r
			}
			return -1
		}, h.Value)
		if n := len(strings.TrimPrefix(h.Key, "+")); n < 4 || n > 15 { // ITU-T E.164: at most 15 digits
			return h, fault.Invalid("phone", "phone")
		}
	default:
		return h, fault.Invalid("channel", "unknown")
	}
	return h, nil
}

func (c Contact) check() error {
	var p fault.Problems
	max := func(field, s string, n int) {
		if len([]rune(s)) > n {
			p.Add(field, "too_long", n)
		}
	}
	max("name", c.Name, 120)
	max("company", c.Company, 120)
	max("role", c.Role, 120)
	max("note", c.Note, 5000)
	if !i18n.Known(c.Lang) {
		p.Add("lang", "unknown")
	}
	return p.Err()
}
