// Package delivery is what leaves the house by mail, one row for each thing and each place it goes to, with a state that
// is true.
//
// Whoever has something to send calls EnqueueIn in the transaction of what is said, with a natural key; the same key a
// second time sends nothing. A job then takes it to the relay. The promise: nobody gets the same letter twice because the
// program was unsure, and nobody is told "sent" before the server took it. So the job first commits that it begins
// (sending), only then speaks to the relay, and then writes down what the relay said:
//
//	sent        the relay took it; its words are kept in ServerReply
//	deferred    not now (out of reach, 4xx): tried again, later each time, for five days (RFC 5321, 4.5.4.1)
//	refused     never (5xx), or five days have passed
//	uncertain   the connection broke, or the program died, when the message may have been taken (RFC 1047). It is not
//	            sent again by itself: a person says so, with Retry
//	held        no relay is set (no_relay), or all that leaves is held (hold_all), or the sender asked for it (review)
//	cancelled   somebody took it back before it left
//
// bounced, complained and answered are for what comes back by mail. A message that may still have to be sent is kept in
// the row; once the relay has it, the row forgets its text.
//
// The package does not compose: it has no words. It emits DeliverySettled and works the jobs mail.send.
package delivery
