// Package delivery is the outbox: what leaves the house, by whatever channel, one row for each thing and each place it
// goes to, with a state that is true.
//
// Whoever has something to send calls EnqueueIn in the transaction of what is said, with a natural key; the same key a
// second time, even years later, sends nothing. Thousands go through Enqueue, which takes the database in slices. The row
// says by which channel it goes, what kind of thing it is, for what purpose, in whose voice, to which handle and what it is
// about, and little else: what is carried is composed when it leaves, from the rows as they are then.
//
// The promise: nobody gets the same thing twice because the program was unsure, and nobody is told "sent" before the other
// side took it. So there are three commits: that it is to leave; that it is being sent; what was said. What dies between the
// second and the third is uncertain, and a person decides. The commits are made for many at once; what happens to each in between
// stands in a journal of the process beside the database (journal.go), so that of two hundred that were begun when it was killed only
// the few are uncertain that were under way.
//
//	held        nobody carries its channel (no_relay, or lost_key: how to is sealed with another key), or all that leaves is
//	            held (hold_all), or the sender asked (review)
//	queued      leaves as soon as a worker is free
//	sending     somebody speaks to the other side now
//	sent        the other side took it; its words are kept in ServerReply
//	deferred    not now: tried again, later each time, until the channel gives up (for mail five days: RFC 5321, 4.5.4.1)
//	refused     never: the other side, or the gate, or what it was about said no; or the channel gave up
//	uncertain   the connection broke, or the program died, when it may have been taken (RFC 1047). It is not sent again by
//	            itself: a person says so, with Retry
//	cancelled   somebody took it back before it left
//
// bounced, complained and answered are for what comes back, later.
//
// # Channels and kinds
//
// A Channel says who carries; a Kind says how one kind of thing is made (Compose), whether it may leave (Gate) and in which
// lane it stands. Both register before Run. A new way out is a package with one call of Register:
//
//	deliveries.Register(delivery.Channel{Name: "fax", Open: delivery.Always(dial), Kinds: []delivery.Kind{{Name: "order", Compose: page}}})
//
// The gates are asked in the very commit that says sending, so that a consent withdrawn before it is heeded. What a gate
// refuses is refused, with its reason, and never leaves. The words of a reason are in the catalog: delivery.reason.<reason>.
//
// # Lanes, batches, processes
//
// The row is the job: there is no other. Each lane of each channel (a line) has workers of its own, so a password mail
// does not wait behind twenty thousand letters. A line claims a few at first and up to two hundred as long as they leave
// quickly, and writes down what became of the last together with what it begins next, in one commit. What was begun and not
// carried within a second is given back. due_at is when a row is looked at again: to be sent, or because the lease of the
// process that sends it ends; then it is uncertain. On PostgreSQL any number of processes share the work; SQLite has one, so
// whatever is being sent when Run begins was left by a crash.
//
// A channel that may not carry everything at once says how much it has room for (Room), and hears what is begun (Begin): what does not
// fit stays queued and is not touched until it does.
//
// One switch holds all that leaves (HoldAll), by every channel and by none: feature/post asks the same switch in the commit that
// publishes (queue.PassingHeld). It is thrown in one commit, after which nothing is begun; Release lets one go, by whoever edits in
// its voice. The rows follow in slices of five hundred (slices.go), READ COMMITTED and past the rows that others have locked: on PostgreSQL
// a slice and a line that waited for each other's rows were a deadlock, which PostgreSQL looks for after a second. What was passed over is
// come back to until none is left. Whether all is held is asked with PassingHeld wherever rows are marked for it, so that none stays held
// that was let go meanwhile.
//
// # Who sees what, and for how long
//
// Authors see and touch what leaves in their voices; what belongs to no voice, the mails to accounts, only owners. A row
// keeps its key, state and ids for ever, and what was composed not at all; the parcel goes when it has left, and after
// KeepNames the recipient, the subject and the server's words. EraseIn forgets one person at once.
//
// It emits DeliverySettled when a person takes one back, which the audit asks for; what the machine did is in the rows, and
// no fact for each letter. It hears ContactsMerged, ContactsParted and ContactErased. It knows the engine, because only PostgreSQL needs FOR
// UPDATE SKIP LOCKED.
package delivery
