// Package inbox is what people say to the house, and what it answers: comments, requests, pingbacks, from every channel in
// one list.
//
// # What comes in
//
// There is one door, Service.ReceiveIn, for whatever a channel brings: the forms of the site (Comment and Request check what
// was typed, then call it), an importer (ImportIn), and every channel that comes later. What comes through is rendered before
// the transaction, by Prepare; Receive does both. What is said has a channel and may
// have a key that names it there (External): the same a second time is the same message. It comes from a handle, claimed or
// proved by its channel, and may answer something said before (InReplyTo), whose conversation it then joins.
//
// A new channel is a folder of its own. It calls RegisterChannel with what the pages need to name it, ReceiveIn for each
// thing, and, when answers can go back, RegisterWay; contact.RegisterHandles too when its people have handles of a new kind.
// One line of wiring builds it.
//
// # Where it stands
//
// A message is tied to a contact, through the handle that it came from, to a conversation (the thread of one contact about
// one thing) and, for a comment, to its post. It has two states that do not mix: moderation (held, visible, spam, removed:
// may others see it?) and attention (open, answered, closed: is something still to be done?); State is what lists filter
// by: spam, else held, else attention.
//
// # What it protects
//
// A comment appears by itself only when the same person was approved before, and whoever owns the address that they write from
// proved to write under that very name (proof.go); each time that owner is told, by a mail with a link that takes it back
// (Disown). A name that may be taken for the house, a voice or somebody of the house always waits (names.go). What looks like
// spam is held and never refused, so that nobody learns what gives them away (rules.go). Nothing is mailed to an address
// before somebody of the house said yes to a message from it: the site cannot be used to write to strangers.
//
// What is spam, or looks like it, makes nobody known: no contact, no handle, no place in the search (sender.go). Such a
// message keeps who says to have sent it; the contact is made when somebody of the house says yes, and goes again when
// they say that it is spam after all and nothing else hangs on it. Any other message holds no address: only the contact has
// it.
//
// What is said to one voice is read and answered by those who write in it, and moderated by its editors: every list asks the database for their scope.
//
// # What goes back
//
// An answer to what is about a post appears under it in the name of the voice. Whether it also leaves, and how, the Way of
// the message's channel says (ReachIn); it hears MessageAnswered in the same transaction. channel/mailbox is the way of
// whoever left an e-mail address.
//
// What is typed is kept as a draft, one of a person in a conversation. Send, which the pages use, lets an answer leave after UndoFor, by
// a job; until then it is a draft that leaves, which UndoSend takes back. Answer, which programs use, answers at once. What would
// appear under a post waits while all that leaves is held, or is refused to a program.
//
// # What goes for good
//
// When somebody is erased, their words go with them (erase.go). Spam goes whole KeepSpam after it was judged so (Prune, each
// night), with the fact MessagesDeleted for who names a message. Only these two delete rows; what is removed by hand stays in
// its conversation.
//
// It emits MessageReceived (held or not), MessageApproved, MessageRejected, MessageAnswered, MessageClosed and MessagesDeleted.
// It hears ContactsMerged (what was said by the one is then the other's), ContactErased, HandleRemoved and HandleChanged. The search space "message" holds every message that makes
// somebody known. Whether readers may comment where a post says nothing is its Policy.
package inbox
