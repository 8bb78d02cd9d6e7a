package contact

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
)

// The kinds of moments.
const (
	Met           = "met"            // somebody of the house, an import or a program wrote them down
	Commented     = "commented"      // their own act
	Asked         = "asked"          // their own act
	Answered      = "answered"       // the house answered
	MandateOpened = "mandate_opened" // a request became business
	MandateWon    = "mandate_won"
	MandateLost   = "mandate_lost"
)

// Moment is one thing that happened between a contact and the house. It is a shape only: view/timeline fills it, and
// pages and API show it.
type Moment struct {
	At          time.Time
	Kind        string // Met, Commented...
	RefKind     string // "message", "mandate" or "contact"
	Ref         int64
	Label       string // what it is about: the title of a post or of a mandate; "" for none
	Words       string // the first words of what was said
	Observed    bool   // an own act of the person, from a handle that they proved
	AmountCents *int64 // of a mandate, nil when it is not known
	Currency    string
}

// Own reports whether m is something that the person did, rather than the house.
func (m Moment) Own() bool { return m.Kind == Commented || m.Kind == Asked }

// Path returns the page of the work side where m is read, "" when there is none.
func (m Moment) Path() string {
	switch m.RefKind {
	case "message":
		return "/app/inbox/" + fact.MessageID(m.Ref).String()
	case "mandate":
		return "/app/mandates/" + fact.MandateID(m.Ref).String()
	}
	return ""
}

// Affair is a mandate as the page of its client shows it.
type Affair struct {
	ID          fact.MandateID
	Title       string
	Stage       string
	AmountCents *int64
	Currency    string
	NextAct     string
	NextOn      clock.Day
}

// Told is an answer to « How did you come to us? ».
type Told struct {
	Message fact.MessageID // the request that carried it
	Words   string
	At      time.Time
}

// Story is a page of what happened with somebody, the last first, and what it came to.
type Story struct {
	Moments []Moment
	Next    string // the cursor of the moments before; "" at the beginning of the story
	Affairs []Affair
	Told    []Told
}
