// Package timeline is the thread of a relation: what somebody did (commented, asked, subscribed to a letter, left it), what the house did
// (answered), and what it came to (a mandate, won or lost).
//
// It is a read model. Every row of the table timeline is derived from a row of another package by the one SQL text that
// store.go or follows.go has for it; a projection derives what a fact speaks of, in the transaction of the fact, and Rebuild derives
// everything. So both give the same rows, which a test proves.
//
// An own act of a person is observed when it came from a handle that its owner proved, then or since; attribution
// counts on that. What was judged spam or removed leaves the thread. What was said under an alias belongs to the contact
// that was kept. Nothing here comes from counting readers: only what a person did by writing to the house, or by asking for its letters.
//
// A subscription is there from its confirmation. Who follows because somebody of the house or a list said that they agreed did nothing
// that could be told; once they choose for themselves, or leave, that is. Who came back subscribed twice; that they had left in between
// is not kept.
//
// It hears whatever changes these rows: of contacts (made, imported, merged, parted, erased; their handles proved, changed, removed; calls),
// of messages (received, approved, rejected, answered), of mandates (opened, moved, changed, deleted, restored), of subscriptions (confirmed,
// changed), of voices that are removed and of sections that go. docs/map.md has the list. It emits nothing.
package timeline
