// Package notice tells people of what was said, by mail: those of the house of what waits for them, and readers of what was
// answered under what they wrote; and owners of that somebody tries to flood mailboxes through the form to subscribe (flood.go), once a day
// at most and behind their quiet hours. (The answer of the house to somebody, and the mail that says that a request came, are
// channel/mailbox's.)
//
// # Who is told
//
// Of the house: the accounts that may act. Of a request those who write in its voice, of what is held the editors, who let it
// through; and of a comment that appeared by itself the authors who want it. Each account says for itself what it is told as it
// comes, what once a day, what never, and which hours are quiet (Choice). Of what a program plainly wrote nobody is told.
//
// Of the readers: whoever ticked the box and has a comment above what now appears, at whatever distance; never of their own
// words, and never before somebody of the house, or the rules, let their comment appear (docs/decisions/0005). Each mail carries
// the link by which they want no more of them about that post, for a person and for a mail program (RFC 8058).
//
// # When
//
// It hears MessageReceived, MessageApproved and MessageAnswered as projections, and notes in the same commit whom to tell of
// what (notices) and that somebody is to look (the job notice.look). A look decides by rules that know no database (pace.go):
// what comes together leaves together, what is answered within seconds is not told, what comes in numbers leaves in fewer and
// fewer mails, what comes at night leaves in the morning. What is told is marked in the commit that hands it to the outbox, so it
// is told once, whatever dies and however many processes look; what was answered, let through or taken away meanwhile is
// dropped, then and once more when the mail is made.
// Whoever asked for a push would be told from the same plan (lookHouse).
//
// What is said of somebody to readers is the name that they signed with and their first words: never an address. The subject of
// a mail to the house says how much waits, and nothing of it. A reply to such a mail comes back to who wrote it.
package notice
