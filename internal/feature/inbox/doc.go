// Package inbox is what people say to the house, and what it answers: comments, requests, pingbacks, from every channel in
// one list.
//
// A message is tied to a contact, through the handle that it came from, to a conversation (the thread of one contact about
// one thing) and, for a comment, to its post. It has two states that do not mix: moderation (held, visible, spam, removed:
// may others see it?) and attention (open, answered, closed: is something still to be done?); State is what lists filter
// by: spam, else held, else attention.
//
// What it protects. A comment appears by itself only when the same person was approved before and proved the address that
// they write from; what looks like spam is held and never refused, so that nobody learns what gives them away (rules.go).
// Nothing is mailed to an address before somebody of the house said yes to a message from it: the site cannot be used to
// write to strangers. The address of who comments is in no Message: only the contact has it.
//
// An answer appears under the comment in the name of the voice and, when its writer asked for it, leaves by mail; the
// answer to a request always leaves by mail. How it leaves is channel/mailbox's, which hears MessageAnswered and
// MessageApproved in the same transaction.
//
// It emits MessageReceived (held or not), MessageApproved, MessageRejected, MessageAnswered and MessageClosed. It hears
// ContactsMerged: what was said by the one is then the other's. The search space "message" holds every message that is
// not spam.
package inbox
