// Package timeline is the thread of a relation: what somebody did (commented, asked), what the house did (answered), and
// what it came to (a mandate, won or lost).
//
// It is a read model. Every row of the table timeline is derived from a row of another package by the one SQL text that
// store.go has for it; a projection derives what a fact speaks of, in the transaction of the fact, and Rebuild derives
// everything. So both give the same rows, which a test proves.
//
// An own act of a person is observed when it came from a handle that its owner proved, then or since; attribution
// counts on that. What was judged spam or removed leaves the thread. What was said under an alias belongs to the contact
// that was kept. Nothing here comes from counting readers: only what a person did by writing to the house.
//
// It hears MessageReceived, MessageApproved, MessageRejected, MessageAnswered, ContactCreated, ContactsMerged,
// HandleVerified, MandateOpened, MandateMoved and MandateChanged. It emits nothing.
package timeline
