// Package mandate follows what somebody asks of the house until it becomes work, or does not.
//
// A mandate goes through stages: interest, request, talk, proposal, then won, lost or postponed. Nothing is final: what
// was won or lost can be reopened, and every move is kept. It carries an amount in the currency that was current when it
// was opened, one next act with its civil day, and what the client declared of the way that led here. Two rules keep the
// list honest: what is lost says why, what is postponed says until when (and comes back by itself on that day, because its
// next act is set to it).
//
// What was opened by mistake is deleted: it leaves lists, sums and threads at once, and may come back whole for thirty days (delete.go).
//
// It emits MandateOpened, MandateMoved, MandateChanged, MandateDeleted and MandateRestored, and hears ContactsMerged, so that a mandate follows its client
// into the contact that was kept. What led to a mandate (declared, observed, presumed) is told by view/attribution.
//
// A mandate belongs to the voice that was asked: whoever may write in it sees the mandate and changes it, and nobody of
// another voice does, though they share its client. One without a voice is seen by who writes in every voice.
package mandate
