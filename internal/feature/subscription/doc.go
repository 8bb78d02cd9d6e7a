// Package subscription is who asked to receive what is published: a subscriber is an address of a contact, what it follows (a voice,
// or a section of one), how often (at once, each week, each month), in which language, and until when it pauses.
//
// # Saying yes twice
//
// Whoever types an address into the form of the site may have typed somebody else's. Ask keeps what was asked for and has one mail
// sent there (SubscriptionAsked; channel/newsletter writes it); the page that its link opens has a button, and the button confirms.
// Opening the page changes nothing, since programs that look through mail open links. What nobody confirms within seven days is
// deleted, the address with it. Ask answers the same whether an address is known or not.
//
// Nobody's mailbox is flooded through us: an address gets one of these mails in ten minutes and three a day, the house sends five
// hundred an hour, and what is asked beyond is noted without its address, with the network that it came from (FloodIn), for an owner to see.
// SubscriptionsFlooded says so once a day at most (channel/notice mails the owners).
//
// Confirm is an own act: in one commit it makes the contact or finds them, proves their address, adds the agreement to the ledger of
// core/consent in the very words of the form, and follows.
//
// Who agreed to letters in another way (on paper, in the list of another program: a row of the ledger that somebody of the house or an
// import added) named no voice: from then on they follow all that strangers read, and can choose like anybody. What somebody asked for
// themselves is told from that by asked_at, which view/timeline stands on.
//
// # Leaving
//
// A link in each letter opens the choices of the address that it was sent to, without an account: change, pause, leave one voice or all.
// Leaving a voice is remembered, so that no other list writes there in its name; leaving the last one, or all, withdraws the agreement. Who
// changes from a section to another, or to the whole voice, leaves the one and not the voice.
// The gate of the letters asks Barred in the commit that says sending. What is held about somebody is not shown by a link that people
// forward: AskOwn mails another one, which works for a day.
//
// It emits SubscriptionAsked, SubscriptionsFlooded, SubscriptionConfirmed, SubscriptionChanged and OwnDataAsked, and hears ConsentRecorded, ConsentsRecorded, ContactsMerged, ContactErased,
// HandleRemoved, HandleChanged, VoiceRemoved and TermsChanged.
package subscription
