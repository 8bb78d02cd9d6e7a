package timeline

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
)

// The kinds of items.
const (
	Met           = "met"            // somebody of the house, an import or a program wrote them down
	Commented     = "commented"      // their own act
	Asked         = "asked"          // their own act
	Subscribed    = "subscribed"     // their own act: they follow a voice, or a section of it, by mail
	Unsubscribed  = "unsubscribed"   // their own act: they left a voice
	Answered      = "answered"       // the house answered
	Called        = "called"         // a call that the house noted
	Visited       = "visited"        // a visit that it noted
	MandateOpened = "mandate_opened" // a request became business
	MandateWon    = "mandate_won"
	MandateLost   = "mandate_lost"
)

// Item is one thing that happened between a contact and the house.
type Item struct {
	At          time.Time
	Kind        string // Met, Commented...
	RefKind     string // "message", "mandate", "call", "contact", or "voice" or "section" for what is followed
	Ref         int64
	Label       string // what it is about: the title of a post or of a mandate, what is followed; "" for none
	Words       string // the first words of what was said
	Observed    bool   // an own act of the person, from a handle that they proved
	AmountCents *int64 // of a mandate, nil when it is not known
	Currency    string
}

// Own reports whether it is something that the person did, rather than the house.
func (it Item) Own() bool {
	return it.Kind == Commented || it.Kind == Asked || it.Kind == Subscribed || it.Kind == Unsubscribed
}

// CallID names the call or the visit that it is, "" for anything else.
func (it Item) CallID() string {
	if it.RefKind != "call" {
		return ""
	}
	return fact.CallID(it.Ref).String()
}

// Path returns the page of the work side where it is read, "" when there is none.
func (it Item) Path() string {
	switch it.RefKind {
	case "message":
		return "/app/inbox/" + fact.MessageID(it.Ref).String()
	case "mandate":
		return "/app/mandates/" + fact.MandateID(it.Ref).String()
	}
	return ""
}

// Told is an answer to « How did you come to us? ».
type Told struct {
	Message fact.MessageID // the request that carried it
	Words   string
	At      time.Time
}

// Story is a page of what happened with somebody, the last first, and what it came to.
type Story struct {
	Items    []Item
	Next     string            // the cursor of the items before; "" at the beginning of the story
	Mandates []mandate.Mandate // at most 20, the last changed first
	Told     []Told            // at most 5, the last first
}
