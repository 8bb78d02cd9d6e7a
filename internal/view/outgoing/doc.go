// Package outgoing reads all that is to leave the house, by whatever way, in the order in which it leaves: posts that go out by
// themselves, answers that can still be taken back or wait, letters, each once however many get it, and what else waits in the outbox. What is held waits
// for a person and stands where its hour put it, mostly in the past, so that it comes first.
//
// It keeps nothing and decides nothing. Each source is one query by an index, of the voices in which who looks may write; the two are merged
// by the instant and the id, which also says where the next page begins. A new way out that is not in the outbox is one source more.
package outgoing
