// Package newsletter is the way out by which what a voice publishes reaches the mailboxes of those who asked for it, and the mails that
// asking takes.
//
// # A letter
//
// A letter carries a post, or was written for itself. It leaves once: Send schedules it, and at its hour a job keeps how it is set
// (package edition) and hands its recipients to the outbox by the hundred, each a small row with a key of the letter and the person, so
// that a crash, a second process or two subscriptions of one person send nothing twice. What everybody gets is stored and encoded once;
// what is their own (a name, the links to leave) is put into its places when it leaves.
//
// Its audience is who follows the voice at that hour, or the people of a segment (Segments). Whether one may write to them is not asked
// then but in the commit that says sending: the ledger of core/consent is, and here who left the voice or pauses (gate).
//
// A post that is not out yet takes a letter along (Accompany), which leaves when strangers first see it. It waits again while the post is
// taken back, is dropped with it, and what is changed in a post sends nothing.
//
// A letter that is paused is held in the outbox, one that is cancelled is taken back there; nothing more of it is handed over. What became
// of it is in the rows of the outbox, and no reader is counted.
//
// # Digests
//
// A digest is a letter that makes itself when its hour comes (period), for those who chose its rhythm. What it tells is gathered once for
// all who follow the same in the same language (variantOf), set outside of transactions and kept as one more edition of its letter. Who
// has nothing new is not handed over.
//
// # The web
//
// What was written for itself has a page on the web (WebIn), once it begins to leave: for whoever has its mail, under a word that nobody
// guesses, and with no person's name.
//
// # What asking takes
//
// The mail that asks for confirmation says nothing else (SubscriptionAsked); the link to what is held about somebody goes to their address
// alone (OwnDataAsked). Who follows for the first time is welcomed once, in the words of the voice (Welcome) or of the program.
//
// It emits nothing. It hears SubscriptionAsked, SubscriptionConfirmed, which a letter of welcome answers once, OwnDataAsked, VoiceRemoved, and
// PostsShown, PostsHidden and PostDeleted, by which the letters that go along with a post leave, wait again and are dropped.
package newsletter
