package attribution

import (
	"causerie/internal/fact"
	"causerie/internal/platform/money"
	"causerie/internal/view/timeline"
)

// Enough is how many mandates must have been won before a share of them may be written as a percentage.
const Enough = 20

// Why an act is only presumed to have led to a mandate.
const (
	Unverified = "unverified" // the client's own, as far as one can tell: the address was never proved
	Colleague  = "colleague"  // of somebody else with an address of the same company
)

// Journey is what is known of the way that led to a mandate; acts are in order of time.
type Journey struct {
	Declared string // in the client's words
	Observed []timeline.Item
	Presumed []Presumed
}

// Presumed is an act that may have led to a mandate.
type Presumed struct {
	timeline.Item
	Why         string // Unverified or Colleague
	Contact     fact.ContactID
	ContactName string
}

// Case is a mandate with its journey.
type Case struct {
	ID          fact.MandateID
	Title       string
	Contact     fact.ContactID
	ContactName string
	Voice       fact.VoiceID // 0: none
	Stage       string
	AmountCents *int64
	Currency    string
	Journey
}

// Tally counts mandates and what is known of them.
type Tally struct {
	Count      int
	Declared   int // of them: the client said how they came
	Observed   int // of them: the client had written or subscribed before, from a handle that they proved
	Subscribed int // of the observed: by a subscription alone, without a word
	Presumed   int // of them: not observed, but somebody had who may well be the client or a colleague
	Amounts    money.Sum
}

// Report is where things stand, and a page of cases, the last opened first.
type Report struct {
	All   Tally
	Won   Tally
	Open  Tally
	Lost  Tally
	Cases []Case
	Next  string // the cursor of the cases before; "" at the end
}

// Share returns how many of the won mandates were observed, as a percentage; ok is false below Enough won mandates, when
// no percentage may be shown.
func (r Report) Share() (percent int, ok bool) {
	if r.Won.Count < Enough {
		return 0, false
	}
	return (r.Won.Observed*100 + r.Won.Count/2) / r.Won.Count, true
}
