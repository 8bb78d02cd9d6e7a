// Package queue keeps what is still to be done: durable jobs, written in the transaction of whoever asks for them.
//
// A job is put into the queue with Enqueue inside db.Write, beside the rows and facts that call for it. Either all of
// it is there after the commit or nothing is, so no letter leaves for a post that was rolled back, and no post is
// published whose letters were forgotten. Reactions to facts, deliveries, imports and periodic work all pass here.
//
// # At least once
//
// A handler runs at least once, and almost always exactly once. The "almost" is the crash: a process that dies between
// the act and the note that it was done leaves a job that looks unfinished, and somebody runs it again. So a handler
// must be written to run twice:
//
//   - work on the database is done in one db.Write, and looks first whether it is already done;
//   - an outward act (a mail, a request) notes in its own rows that it begins before it begins, so that a second run
//     finds the note and asks a person rather than sending again;
//   - it heeds its context, which ends when the program stops or when another process took the job over;
//   - it returns an error for what may pass (the job comes back, later each time, until MaxAttempts), Later for what is
//     merely not yet, and Give for what no repetition will cure.
//
// # Keys
//
// A job may have a natural key ("mail/letter:42/contact:7"). A key is taken while its job waits, runs, is held or is
// dead, and stays taken when it is done: Enqueue with the same key adds nothing. Only Cancel frees a key, and Prune after
// four hundred days. Whoever must do a thing once gives it a key, and then may ask for it as often as he likes.
//
// # States
//
//	held      waits for a person, who calls Release
//	due       waits for its time and for a worker
//	running   somebody works on it, and says so by extending a lease
//	dead      failed for good; a person calls Retry or Cancel
//	done      moved to jobs_done, which keeps the key
//
// # Lanes and holds
//
// A lane is a line of jobs with its own workers, so that ten thousand letters do not stand before one password mail.
// HoldLane stops a lane; HoldLane(tx, Everything) stops every kind that is Outward, in whatever lane: the switch "hold all
// that leaves". Jobs already begun go on to their end. One job of a held lane leaves alone after Release.
//
// # Several processes
//
// Any number of processes may serve one PostgreSQL database; claims skip what others have locked. A claim is a lease: a
// process that dies stops extending it, and after Options.Lease another takes the job (the run counts as an attempt).
// A process that comes back from a long sleep finds that its lease is gone and cannot complete the other's run. On
// SQLite one process serves a file, so whatever is running when Run begins was left by a crash and is due at once;
// the command line beside it may work with RunDue.
//
// Jobs of a kind that nobody here handles are left alone: an older process does not kill what a newer one has put.
//
// The package knows which engine answers, because only PostgreSQL needs FOR UPDATE SKIP LOCKED.
package queue
