// Package consent is the ledger of why the house may write to somebody, and the gate that asks it.
//
// Consent is evidence, not a flag. A row says who (a contact and a keyed hash of the address), by which channel and for what purpose,
// on which basis under whose law, in which words it was asked, where it came from, when it was asked and given, and who entered it. Rows
// are added and never changed or deleted: triggers of both engines refuse it, and each row holds the hash of the one before, so that
// Verify, which the doctor runs, finds what was done behind their back. Somebody who is erased leaves rows about nobody, and hashes of
// their addresses by which IsErasedIn knows them again.
//
// # What holds
//
// Weigh is the rule: pure, from the rows of one person, their last own act and a day. The bases of Canada's anti-spam law (LCAP, L.C.
// 2010, ch. 23, art. 10) end by its calendar: two years after a purchase, six months after an inquiry, one message after a referral.
// Elsewhere the European rule holds (GDPR art. 6, 7 and 21; in France CPCE art. L34-5): an agreement, or what a client bought, fades
// three years after the last act of the person (the CNIL's référentiel « gestion commerciale »), an inquiry or a referral is no basis,
// and somebody may be written to on the ground of their function once four conditions hold: their function, the source, a subject that
// concerns it, and that they were told where their address comes from and that they may object (CNIL, 17 February 2005; GDPR art. 14 and
// 21(4)). Who withdrew or objected is written to again only when they agree again.
//
// # The first message
//
// Whoever was not told when they were entered is told by the first message, within thirty days; that is why it may leave. The gate says so in
// the delivery (Delivery.Origin), the mail says it, and when it was sent, not before, a row Told notes it. On the thirty-first day without any
// of that nothing leaves any more, and to enter somebody once more begins no new month: only the day on which they were told in another way
// does. The one message of a referral tells too: it names who referred them. Kinds of mail that cannot say it (mailer.Kind.Tells) do not leave.
//
// # Days
//
// A term runs in calendar months of the house's zone, and its last day is a day on which one may still write: « within the two-year
// period immediately before the day on which the message was sent » holds the anniversary itself. From the end of a long month it goes to
// the end of a short one.
//
// # The gate
//
// Gate is asked by the outbox in the commit that says sending, for all that leaves by mail but what an account asked for
// (delivery.PurposeAccount) and answers (delivery.PurposeConversation). What it refuses does not leave, with the reason
// delivery.reason.consent_<why>.
//
// # Many at once
//
// Where everybody stands is kept in consent_standings, written in the same commits (settle.go): lists and counts of thousands ask it, and nothing
// is sent by it.
//
// It emits ConsentRecorded and ConsentsRecorded, and hears ContactErased.
package consent
