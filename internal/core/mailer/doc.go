// Package mailer is the channel "mail" of the outbox: it carries what core/delivery sends by the relay of the house, and
// knows what the house writes from.
//
// Who has something to mail registers a kind with it (Register), which makes the message at the time it leaves, and hands
// a delivery.Outgoing of Channel to the outbox. Here the message gets its date and its Message-ID, goes to the relay over a
// connection that is kept for the next one, and what the relay said becomes the outcome:
//
//	sent        the relay took it, in these words
//	deferred    not now: out of reach, the wrong password, 4xx
//	refused     never: 5xx
//	uncertain   the connection broke when the message may have been taken (RFC 1047)
//
// A relay is greeted with the public name of the house. Why mail does not leave is kept with each delivery and said in the log
// once for each cause (teller). The one mail of its own is the test from the settings, which is watched step by step (Trial) and never
// tried again by itself.
package mailer
