// Package mail composes messages, hands them to a relay, and tells exactly what became of them.
//
// The promise it protects: nobody gets the same letter twice because the program was unsure, and nobody is told
// "sent" when it was not. An SMTP conversation (RFC 5321) has one point of no return, the line with a single dot that
// ends the message. Before that line left, whatever broke, the relay has nothing: trying again is safe. Once the
// relay has answered it, the answer is the truth, and is kept word for word in the Receipt. In between, when the dot
// may have left and no answer came (RFC 1047), nobody can know; such a SendError is Ambiguous, and its caller must
// record it as uncertain and not send again by itself.
//
// A failure tells its Why, so that a person knows what to mend: nobody listens, a certificate that vouches for itself, a password made
// for applications is wanted; and the Words of the server, or of this machine when there are none. Relay.Try shows a conversation
// step by step. The relay is wherever the owner says, on a private address too: it is theirs, and fetch's refusal of private
// networks, which is about addresses that strangers give, does not apply.
//
// A Message becomes bytes by Compose: RFC 5322 headers that no name, subject or header of hostile making can break
// out of, RFC 2047 words for accents, RFC 2045 quoted-printable bodies, so that everything is plain ASCII with short
// lines on the wire and no relay needs SMTPUTF8 or 8BITMIME. The same Message always composes to the same bytes.
//
// A Body is the text and the HTML of a message to many, encoded once: each message fills its slots, and costs a few copies. A message
// with Signers is signed as it leaves (dkim), for the relays that do not sign.
//
// Four things send: a Relay (one connection per message), the Session of a relay (one connection for a batch), a Pool (as
// many connections as are busy at once, kept between messages), and Captured, which keeps messages in memory for the demo
// and for tests. core/mailer calls them for the outbox; the rules about consent and holding are not here. What a mail says
// is put together by the package compose beside this one.
package mail

import "context"

// Sender hands one message to somebody who carries it.
type Sender interface {
	// Send returns the receipt, or a *SendError.
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Receipt is the proof that a message was taken.
type Receipt struct {
	ServerReply string // the whole reply to the final dot on one line: "250 2.0.0 Ok: queued as 4F1B2"
}
