// Package mailbox is the mail that leaves for one person: the answer to what they said, and the link that proves their
// address. (Letters to many are another channel; mails to accounts are core/account's.)
//
// It hears MessageAnswered and MessageApproved as projections, in the transaction of the act, and hands to the outbox, under
// a natural key, what is to leave; so an answer that was saved is an answer that leaves, once. The mail itself is composed
// when it leaves, from the messages as they are then. What an import brings is heard by nobody here.
//
// Who may be written to. Somebody who asked (a request, a comment with "mail me the answer") is written to when they are
// answered. Somebody whose comment was approved gets one mail, ever, that lets them confirm their address; before a person
// of the house approved something nothing leaves, so that nobody can use the site to write to strangers.
//
// A mail speaks the language in which its reader wrote, in the name of the voice. It threads (RFC 5322, 3.6.4) through the
// Message-IDs that inbox gives to everything said; a person's answer is marked Auto-Submitted: no, what the program writes
// by itself auto-generated (RFC 3834). It carries no picture, no link through a counter, nothing that tells who opened it.
// Its texts are in the catalogs beside this file, which the package reads for itself.
package mailbox
