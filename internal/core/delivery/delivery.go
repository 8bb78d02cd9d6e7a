package delivery

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/mail"
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

// Reasons why a delivery is where it is, besides the stages of the conversation with the relay ("connect", "auth",
// "rcpt"...).
const (
	NoRelay     = "no_relay"    // held: nobody carries mail yet
	AllHeld     = "hold_all"    // held: the switch that stops all that leaves
	ForReview   = "review"      // held: a person looks at it first
	Interrupted = "interrupted" // uncertain: the program ended before the server's answer was written down
	NoAnswer    = "no_answer"   // uncertain: the message left and the server did not say
	GaveUp      = "gave_up"     // refused: five days of trying
)

// The kinds of deliveries.
const (
	KindAnswer       = "answer"
	KindConfirmation = "confirmation"
	KindReset        = "reset"
	KindNotice       = "notice"
	KindTest         = "test"
)

// ChannelMail is the channel of everything here so far.
const ChannelMail = "mail"

// Delivery is one thing leaving to one place.
type Delivery struct {
	ID          fact.DeliveryID
	Channel     string // ChannelMail
	Kind        string // KindAnswer...
	Recipient   string // the address
	Contact     fact.ContactID
	Message     fact.MessageID // what it carries, or is about
	Subject     string
	MailID      string // Message-ID without <>
	State       string
	Reason      string // a key: NoRelay..., or the stage at which the relay said no; "" for none
	ServerReply string // the server's words, "250 2.0.0 Ok: queued as 4F1B2"
	Attempts    int    // how often it was begun
	CreatedAt   time.Time
	At          time.Time // of the state
}

// Outgoing is what somebody wants sent. Mail.Date is set when it leaves; an empty Mail.ID is made from the delivery's.
type Outgoing struct {
	Kind    string
	Key     string // natural and unique for ever: "answer/<message id>"
	Mail    mail.Message
	Contact fact.ContactID // may be zero
	Message fact.MessageID // may be zero
	Review  bool           // hold it until a person releases it
}

// CanRelease reports whether a person may let d go.
func (d Delivery) CanRelease() bool { return d.State == Held }

// CanRetry reports whether a person may have d tried again, now: whoever does so for an uncertain one accepts that it may
// arrive twice.
func (d Delivery) CanRetry() bool {
	return d.State == Uncertain || d.State == Refused || d.State == Deferred
}

// CanCancel reports whether d can still be taken back.
func (d Delivery) CanCancel() bool {
	switch d.State {
	case Held, Queued, Deferred, Uncertain, Refused:
		return true
	}
	return false
}

// Settled reports whether nothing more will happen to d by itself.
func (d Delivery) Settled() bool {
	switch d.State {
	case Held, Queued, Sending, Deferred:
		return false
	}
	return true
}

// keepTrying is how long the relay is asked again (RFC 5321, 4.5.4.1: the give-up time is at least 4 to 5 days).
const keepTrying = 5 * 24 * time.Hour

// wait is how long after the attempt-th attempt the next one comes: a minute, doubled each time, four hours at most.
func wait(attempt int) time.Duration {
	return min(time.Minute<<min(max(attempt-1, 0), 12), 4*time.Hour)
}

// outcome is what a conversation with the relay means for a delivery.
type outcome struct {
	state, reason, reply string
	again                time.Duration // when Deferred
}

// judge tells what became of a message, from what Send returned.
func judge(receipt mail.Receipt, failure *mail.SendError, attempt int, created, now time.Time) outcome {
	switch {
	case failure == nil:
		return outcome{state: Sent, reply: receipt.ServerReply}
	case failure.Ambiguous:
		return outcome{state: Uncertain, reason: NoAnswer, reply: failure.Reply}
	case failure.Temporary || failure.OfRelay():
		if now.Sub(created) >= keepTrying {
			return outcome{state: Refused, reason: GaveUp, reply: failure.Reply}
		}
		return outcome{state: Deferred, reason: string(failure.Stage), reply: failure.Reply, again: wait(attempt)}
	}
	return outcome{state: Refused, reason: string(failure.Stage), reply: failure.Reply}
}
