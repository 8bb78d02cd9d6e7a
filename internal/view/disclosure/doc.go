// Package disclosure gives what the house holds about one person: who they are, how they are reached, what they said and what was
// answered, their mandates, what was mailed to them, and how the relation went (GDPR, articles 15 and 20; Quebec's Law 25).
//
// It protects two things. Nothing of others is in it: of a thread only their own words and what the house answered them. And it
// holds what who asks may see by voice: an owner gives everything, an editor of one voice what was said to it, and the copy says
// whether something was left out (Complete).
//
// It is told in pieces of at most 200 rows, each read in a snapshot of its own, so that a slow reader holds nothing. What is only
// made of what is told here (the words as HTML, folded keys, the search, the thread's first words) is not told twice.
//
// It reads across contacts, messages, mandates and deliveries, and writes nothing. What a capability keeps of people must be told
// here as it must be erased: a test reads every text column that holds the person.
package disclosure
