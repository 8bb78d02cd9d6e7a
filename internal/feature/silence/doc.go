// Package silence is about people who said nothing for three years. The CNIL's référentiel « gestion commerciale » has a house keep somebody
// who is no client for three years after the last act of their own, ask once whether they wish to stay in touch, and forget them.
//
// # Whom it is about
//
// The term runs in calendar months of the house's zone from the last of: what they said, what they agreed to or bought (a row of the ledger of
// core/consent), the end of a mandate, the day on which the house took them down. A mail that was opened, or that left for them, is no act.
// Who has a mandate that goes on is a client and not looked at; nor is anybody under the law of Canada, which knows no such term.
//
// # What the house does
//
// By itself it erases nobody: it proposes. Whom it would erase, and when, is on a page and on Today. That is the default because erasing cannot
// be undone, and because a house that brings in its old list should see what is in it before it goes. Once an owner turns it on (Turn), who is
// about to end their term and may still be written to is asked, once, thirty days before (KindStay): the question leaves while the agreement
// that allows it holds, through the same gate as everything else. Only who was reached counts as asked: while the question waits nobody is erased,
// and what came to nothing is tried again a week later, unless the address is no good. Who may not be written to is not asked. A page has two
// buttons, to stay and to be erased at once; opening it changes nothing. To stay is an agreement, in the words of the button, for what the question
// was sent for.
//
// Who did nothing is erased on the day behind the term, thirty days at the earliest after the question, after it was turned on, and after the
// house knew of them. In the very commit that erases it looks once more: who spoke in between stays. Nobody is erased whose comments strangers
// read, since their words would go with them, nor whom somebody keeps with a reason (Keep): a person decides about these, one by one.
//
// Erasing is contact.Erase, so the hash of the address stays, and a list that brings it back is seen. It emits nothing of its own, and hears
// ContactErased and ContactsMerged.
package silence
