// Package suppression knows which addresses take no mail any more, and when something that goes to many must stop.
//
// A server that says "there is nobody of that name" says so for good, and whoever goes on writing there is taken for a sender of spam.
// So an address that was refused for its own sake gets nothing more that goes to many, at once; so does one that failed three times in a
// row for lesser reasons (a full mailbox, five days without an answer). A refusal that is about us (5.7.x: our domain, our address on the
// network, what we wrote) blames no reader: Judge tells the two apart, and the owner is told.
//
// A row holds a keyed hash of the address and no address, so that it says nothing of anybody, stays when somebody is erased, and holds
// when they come back in a list. A person lifts it on the page of whom it concerns.
//
// The gate stands behind that of consents: what goes unasked is refused with the reason delivery.reason.suppressed. Answers and the
// mails of accounts are let through: a person sees what becomes of them.
//
// # The brake
//
// A letter of which two in a hundred find nobody is a list that was not kept, and costs the name of the house with everybody else; one in a
// thousand complaints costs it with Gmail and Yahoo (their published bound is three, and the harm begins at one). So a letter stops when its
// refused addresses reach BrakeRefused, or its complaints BrakeComplained. A share of few says nothing: the first counts from a hundred
// that were tried, the second from a thousand. What waits is held, and a person who has looked lets it go on; it does not stop twice for
// the same reason.
package suppression
