package contact

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// Where a contact came from.
const (
	FromComment      = "comment"
	FromRequest      = "request"
	ByHand           = "manual"
	FromImport       = "import"
	FromAPI          = "api"
	FromSubscription = "subscription"
)

// Contact is somebody outside.
type Contact struct {
	ID         fact.ContactID
	Name       string
	Company    string
	Role       string
	Place      string // the town where they are
	Lang       string // of what is written to them
	Note       string
	Origin     string         // FromComment, FromRequest, ByHand, FromImport, FromAPI or FromSubscription
	MergedInto fact.ContactID // set on an alias
	LastAt     time.Time      // the last word from them or to them
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Handles    []Handle
	Values     []Value // in the fields of the house
}

// Email returns the address to write to, the verified one first; "" when there is none.
func (c Contact) Email() string { return c.Address(0).Value }

// Address returns the handle to write to: the address that is meant when it is theirs, else the proved one, else the first; the zero Handle when
// there is none.
func (c Contact) Address(meant fact.HandleID) Handle { return addressOf(c.Handles, meant) }

func addressOf(all []Handle, meant fact.HandleID) (best Handle) {
	for _, h := range all {
		switch {
		case h.Channel != Email:
		case h.ID == meant:
			return h
		case best.ID.IsZero(), h.Verified() && !best.Verified():
			best = h
		}
	}
	return best
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

// The bounds of what is known of somebody, in characters.
const (
	maxWords = 120 // a name, a company, a role, a place
	maxNote  = 5000
)

func (c Contact) check() error {
	var p fault.Problems
	max := func(field, s string, n int) {
		if len([]rune(s)) > n {
			p.Add(field, "too_long", n)
		}
	}
	max("name", c.Name, maxWords)
	max("company", c.Company, maxWords)
	max("role", c.Role, maxWords)
	max("place", c.Place, maxWords)
	max("note", c.Note, maxNote)
	if !i18n.Known(c.Lang) {
		p.Add("lang", "unknown")
	}
	return p.Err()
}
