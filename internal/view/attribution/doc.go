// Package attribution says what a mandate owes to the writing, and how sure one can be.
//
// Three kinds of evidence, never mixed:
//
//   - declared: what the client said, in their own words, of the way that led here;
//   - observed: the client's own acts before the mandate was opened (a comment, a request, a subscription to a letter), from a
//     handle that they proved to be theirs;
//   - presumed: such acts from a handle that nobody proved, and acts of somebody else at the same company. They are
//     always shown as such, with the reason.
//
// A subscription says less than words: that they wished to be written to, and not that they read. So those who only subscribed are
// counted among the observed and also apart (Tally.Subscribed), and a letter itself is evidence of nothing.
//
// Nothing comes from counting readers: audience and contacts share no key. Below Enough won mandates there are
// only counts and journeys, and no percentage: a share of seven mandates says nothing.
//
// It reads across mandates, contacts and the timeline, and writes nothing.
package attribution
