package today

import (
	"time"

	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/silence"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/money"
)

// Waiting is a message that awaits an answer.
type Waiting struct {
	Message   fact.MessageID
	Contact   fact.ContactID
	Name      string // as they signed
	Kind      string // "comment" or "request"
	PostTitle string // of what they commented
	Words     string // the first of them
	At        time.Time
}

// Late reports whether somebody has waited for more than a day at now.
func (w Waiting) Late(now time.Time) bool { return now.Sub(w.At) > 24*time.Hour }

// NextAct is the next act of a mandate.
type NextAct struct {
	Mandate fact.MandateID
	Title   string
	Contact fact.ContactID
	Name    string // of the client, "" when nobody is named
	What    string
	On      clock.Day
	Late    bool // its day has passed
}

// Going is a post that will go out by itself.
type Going struct {
	Post  fact.PostID
	Title string // the first words of a note
	Kind  string
	Voice string
	At    time.Time
}

// Leaving is what became of today's deliveries, counted to 1000. Held and Uncertain are counted to 100, whatever their
// day: they wait for a person.
type Leaving struct {
	Sent      int
	Queued    int // or deferred, or on their way
	Refused   int
	Held      int
	Uncertain int
	NoMail    string            // why nobody carries mail, "" when somebody does
	Blame     suppression.Blame // others refuse what the house sends, for its own sake; zero when they do not
	All       bool              // the switch that holds everything is on
}

// Any reports whether there is anything to say.
func (l Leaving) Any() bool { return l.Sent+l.Queued+l.Held+l.Refused+l.Uncertain > 0 }

// Month is what the present month of the house has brought.
type Month struct {
	Requests int       // counted to 1000
	Readers  int       // of them: by people who had commented, asked or subscribed before
	Since    time.Time // when the first of these did so for the first time
	Won      int
	Amounts  money.Sum // of the won ones, by currency
}

// Today is what matters now.
type Today struct {
	Now       time.Time
	Local     clock.Local // now in the zone of the house
	Waiting   []Waiting   // the five oldest
	Answers   int         // how many await an answer, counted to 100
	Held      int         // messages that wait for a yes, counted to 100
	Acts      []NextAct   // due in two days or before, at most ten
	Concerned Concerned
	Scheduled []Going // of the next seven days, at most ten
	Leaving   Leaving
	Month     Month
	Begin     Begin
	Flood     subscription.Flood // an owner's: somebody tries to flood mailboxes through the house
	Silence   silence.Outlook    // an owner's: who said nothing for three years
}

// Load is how many things wait for a person.
func (t Today) Load() int {
	return t.Answers + t.Held + len(t.Acts) + t.Leaving.Refused + t.Leaving.Uncertain
}

// Begin is how far a new house has come.
type Begin struct {
	Published  bool        // something was published once
	Draft      fact.PostID // while nothing is: what one writes at, the text that changed last
	DraftTitle string
	Main       fact.VoiceID // the voice at the root
	Portrait   bool         // it has one
	Identified bool         // the law's questions are answered
	Open       bool         // strangers may read
	Mail       bool         // somebody carries mail
	Accounts   int          // who may sign in, counted to 2
	Away       []string     // steps that an owner put away
}

// Is reports whether a step of begin.Steps is done.
func (b Begin) Is(step string) bool {
	switch step {
	case begin.Write:
		return b.Published
	case begin.Look:
		return b.Portrait
	case begin.Identity:
		return b.Identified
	case begin.Open:
		return b.Open
	case begin.Mail:
		return b.Mail
	case begin.Invite:
		return b.Accounts > 1
	}
	return false
}

// Done reports whether a house is past its beginning.
func (b Begin) Done() bool { return b.Published && b.Identified }
