package delivery

import (
	"encoding/json"
	"time"

	"causerie/internal/fact"
)

// The states of a delivery.
const (
	Held       = "held"
	Queued     = "queued"
	Sending    = "sending"
	Sent       = "sent"
	Deferred   = "deferred"
	Refused    = "refused"
	Uncertain  = "uncertain"
	Bounced    = "bounced"
	Complained = "complained"
	Answered   = "answered"
	Cancelled  = "cancelled"
)

// States lists every state, in the order in which a page offers them.
func States() []string {
	return []string{Held, Queued, Sending, Deferred, Sent, Refused, Uncertain, Bounced, Complained, Answered, Cancelled}
}

// Reasons why a delivery is where it is, besides what a channel says ("connect", "rcpt"...) and what a gate says. Each
// has its words in the catalog under delivery.reason.<reason>.
const (
	NoRelay     = "no_relay"    // held: nobody carries its channel yet
	LostKey     = "lost_key"    // held: how to carry its channel is sealed with a key that is not here
	AllHeld     = "hold_all"    // held: the switch that stops all that leaves
	ForReview   = "review"      // held: a person looks at it first
	Interrupted = "interrupted" // uncertain: the program ended before the server's answer was written down
	NoAnswer    = "no_answer"   // uncertain: it left and the server did not say
	GaveUp      = "gave_up"     // refused: tried for as long as the channel tries
	NotComposed = "compose"     // deferred or refused: it could not be made
	Gone        = "gone"        // refused: what it was about is no longer there
	Erased      = "erased"      // cancelled: the person asked to be forgotten
)

// The lanes, in the order of their haste. Each lane of each channel has workers of its own, so that a password mail does
// not wait behind twenty thousand letters.
const (
	LaneAccount = "account" // somebody waits in front of a screen
	LanePerson  = "person"  // what one person says to another
	LaneBulk    = "bulk"    // the same to many
)

// Lanes lists the lanes, the most urgent first.
func Lanes() []string { return []string{LaneAccount, LanePerson, LaneBulk} }

// The purposes that need no consent: what somebody asked for.
const (
	PurposeAccount      = "account"
	PurposeConversation = "conversation"
)

// Ref names a row of another package: what a delivery is about. The zero Ref names nothing.
type Ref struct {
	Kind string // RefMessage...
	ID   int64
}

// The kinds of what deliveries are about.
const (
	RefMessage = "message"
	RefAccount = "account"
	RefAsk     = "subscription_ask"
	RefLetter  = "letter"
)

// Delivery is one thing leaving to one place.
type Delivery struct {
	ID          fact.DeliveryID
	Channel     string // by which way: "mail"
	Kind        string // what it is, as registered with the channel: "answer", "reset"
	Purpose     string // for what it may be sent: PurposeAccount, or what a consent names
	Lane        string // LaneAccount...
	Voice       fact.VoiceID
	Contact     fact.ContactID
	Handle      fact.HandleID // of Contact, where it goes
	About       Ref
	Recipient   string // where it goes, as a person reads it: an address; "" once it was erased
	Subject     string // what a list shows of it
	External    string // what the other side calls it, if that is not made of ID: a Message-ID without <>
	State       string
	Reason      string // a key: NoRelay..., or the stage at which the channel said no; "" for none
	ServerReply string // the server's words, "250 2.0.0 Ok: queued as 4F1B2", or the machine's on why there are none
	Attempts    int    // how often it was begun, never set back
	CreatedAt   time.Time
	At          time.Time       // of the state
	DueAt       time.Time       // when the outbox looks at it again; zero when it does not by itself
	Parcel      json.RawMessage // what Outgoing.Parcel was; only what is being sent has it
	Origin      string          // where its address comes from, when it is the one to say so, as a gate said; only what is being sent has it
	Ground      string          // why it may leave, as a gate said: the basis of a consent; only what is being sent has it
	Route       int64           // by which of the ways of its channel, as Channel.Begin said; only what is being sent has it
}

// Message returns the message that d is about, zero when it is about something else.
func (d Delivery) Message() fact.MessageID {
	if d.About.Kind == RefMessage {
		return fact.MessageID(d.About.ID)
	}
	return 0
}

// LeavesAt is where d stands in the order of leaving: when it is looked at again, or since when it waits for a person.
func (d Delivery) LeavesAt() time.Time {
	if d.DueAt.IsZero() {
		return d.At
	}
	return d.DueAt
}

// Outgoing is what somebody wants sent. Only Channel, Kind and Key are always needed.
type Outgoing struct {
	Channel, Kind string
	Purpose       string // "" is the kind's own
	Key           string // natural and unique for ever: "answer/<message id>"
	Voice         fact.VoiceID
	Contact       fact.ContactID
	Handle        fact.HandleID
	About         Ref
	Recipient     string
	Subject       string
	External      string
	Parcel        any  // what Compose needs besides the ids; kept as JSON of at most MaxParcel bytes, so give it tags
	Review        bool // hold it until a person releases it
}

// MaxParcel bounds Outgoing.Parcel, in bytes of JSON: what is large is composed at the time of sending.
const MaxParcel = 4 << 10

// CanRelease reports whether a person may let d go.
func (d Delivery) CanRelease() bool { return d.State == Held }

// CanRetry reports whether a person may have d tried again, now: whoever does so for an uncertain one accepts that it may
// arrive twice.
func (d Delivery) CanRetry() bool {
	switch d.State {
	case Uncertain, Refused, Deferred:
		return d.Recipient != ""
	}
	return false
}

// CanCancel reports whether d can still be taken back.
func (d Delivery) CanCancel() bool {
	switch d.State {
	case Held, Queued, Deferred, Uncertain, Refused:
		return true
	}
	return false
}

// Outcome is what became of one attempt.
type Outcome struct {
	State  string        // Sent, Deferred, Refused or Uncertain
	Reason string        // a key, "" when Sent
	Reply  string        // the server's words, or else the machine's on why there are none; kept, at most 500 characters
	Again  time.Duration // when Deferred: how long to wait; 0 waits longer at each attempt
}

// wait is how long after the attempt-th attempt the next one comes: a minute, doubled each time, four hours at most.
func wait(attempt int) time.Duration {
	return min(time.Minute<<min(max(attempt-1, 0), 12), 4*time.Hour)
}

// leastAttempts is how often something is tried before the channel gives up, however long it waited for its turn: behind a mailbox that
// takes five hundred a day a letter to many waits for more than five days. By wait, these span two hours.
const leastAttempts = 8

// judge tells what an attempt means for d: a channel that has tried for giveUp tries no longer.
func judge(d Delivery, o Outcome, giveUp time.Duration, now time.Time) Outcome {
	if o.State != Deferred {
		return o
	}
	if now.Sub(d.CreatedAt) >= giveUp && d.Attempts >= leastAttempts {
		return Outcome{State: Refused, Reason: GaveUp, Reply: o.Reply}
	}
	if o.Again <= 0 {
		o.Again = wait(d.Attempts)
	}
	return o
}
