// Package queue keeps what is still to be done: durable jobs, written in the transaction of whoever asks for them.
//
// A job is put into the queue with Enqueue inside db.Write, beside the rows and facts that call for it. Either all of
// it is there after the commit or nothing is, so no letter leaves for a post that was rolled back, and no post is
// published whose letters were forgotten. Reactions to facts, imports and periodic work all pass here.
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
// dead: Enqueue with the same key adds nothing. When the job is done its key stays taken for as long as its kind says
// (KindOptions.KeepKey, four hundred days when it says nothing), in a row of jobs_done that Prune removes. Whoever must do a
// thing once gives it a key, and may ask for it as often as he likes during that time. Cancel frees a key at once. A job
// without a key leaves nothing behind, nor does a reaction to a fact, which cannot happen twice.
//
// # What comes again
//
// Every puts a job at each instant of a schedule; there is never more than one of it, and no row of it remains. A job that
// is about one thing and comes back to it (a feed that is watched) has that thing as its key and returns Later each time: it
// stays one row.
//
// # States
//
//	held      waits for a person, who calls Release
//	due       waits for its time and for a worker
//	running   somebody works on it, and says so by extending a lease
//	dead      failed for good; a person calls Retry or Cancel
//	done      gone; jobs_done keeps its key, if it had one
//
// # Lanes, groups and holds
//
// A lane is a line of jobs with its own workers, so that what may be slow or many does not stand before what must leave now:
// whoever puts ten thousand letters gives them another lane than a password's mail. Inside a lane the jobs of a kind may be in
// groups (KindOptions.Group: the host of a request, a relay, a feed). Groups take turns, and a group never runs more jobs at
// once than PerGroup, all processes together: a host that hangs, with ten thousand jobs waiting for it, costs the others
// nothing but the workers it may hold. A claim walks from group to group in an index and never through the jobs of one,
// so its price is in the groups that it passes. Bounds cost throughput: a group gets PerGroup jobs per claim, while
// jobs of no group are claimed by hundreds.
//
// HoldLane stops a lane; HoldLane(tx, Everything) stops every kind that is Outward, in whatever lane: the switch "hold all
// that leaves". What leaves by a commit of its own, without a job, asks PassingHeld in it. Jobs already begun go on to their end. One job of a held lane leaves alone after Release.
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
// The package knows which engine answers, because only PostgreSQL needs FOR UPDATE SKIP LOCKED, and a lock for the groups.
package queue
