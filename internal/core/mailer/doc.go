// Package mailer is the channel "mail" of the outbox: it carries what core/delivery sends by the relays of the house, and
// knows what the house writes from.
//
// Who has something to mail registers a kind with it (Register), which makes the message at the time it leaves, and hands
// a delivery.Outgoing of Channel to the outbox. Here the message gets its date and its Message-ID, goes to a relay over a
// connection that is kept for the next one, and what the relay said becomes the outcome:
//
//	sent        the relay took it, in these words
//	deferred    not now: out of reach, the wrong password, 4xx
//	refused     never: 5xx
//	uncertain   the connection broke when the message may have been taken (RFC 1047)
//
// Relays are several, in an order (Relays). A mail is begun for the first of its voice's own that is in reach, else for the first of
// everybody's; when that one is out of reach after all, the next is tried at once, since it is known that nobody has it. Each has bounds
// for a minute and a day: a row for each batch says what was handed to it, so that they hold over restarts and between processes. What
// has no room is left alone in the outbox. A tenth of each bound is kept from what goes to many; what an account waits for is counted
// and never waits.
//
// Keys sign for the relays that do not: those of the domain in From whose records were seen in the DNS.
//
// A relay is greeted with the public name of the house. Why mail does not leave is kept with each delivery and said in the log
// once for each cause (teller). The one mail of its own is the test from the settings, which is watched step by step (Trial) and never
// tried again by itself.
package mailer
