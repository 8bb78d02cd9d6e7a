package fact

import "time"

// How long facts are kept.
const (
	// KeepRecord is for what the house decided and for whom: who let whom in, what went out under which name, who was
	// forgotten, how business went. A firm in France may be asked for its records for ten years (Code de commerce, article
	// L123-22), and that somebody was erased must be shown long after. Ten years is also the end: a fact names an account.
	KeepRecord = 10 * 365 * 24 * time.Hour
	// KeepTrace is for what follows from the rows anyway and is said thousands of times a day. It explains what happened
	// lately; the CNIL asks that traces of use go within a year (délibération 2021-122).
	KeepTrace = 365 * 24 * time.Hour
)

// traces are the kinds of which only the last year is kept.
var traces = map[string]bool{
	PostChanged{}.Kind(): true, TermsChanged{}.Kind(): true, CallChanged{}.Kind(): true, PostsShown{}.Kind(): true, PostsHidden{}.Kind(): true, MediaChanged{}.Kind(): true, MediaDeleted{}.Kind(): true,
	ContactCreated{}.Kind(): true, ContactsImported{}.Kind(): true, ContactChanged{}.Kind(): true, ConsentRecorded{}.Kind(): true, ConsentsRecorded{}.Kind(): true,
	MessageReceived{}.Kind(): true, MessageApproved{}.Kind(): true, MessageRejected{}.Kind(): true, MessageAnswered{}.Kind(): true,
	AnswerChanged{}.Kind(): true, MessageClosed{}.Kind(): true, MessagesDeleted{}.Kind(): true,
	SubscriptionAsked{}.Kind(): true, SubscriptionsFlooded{}.Kind(): true, SubscriptionAsksGone{}.Kind(): true, SubscriptionConfirmed{}.Kind(): true, SubscriptionChanged{}.Kind(): true, OwnDataAsked{}.Kind(): true,
	DeliverySettled{}.Kind(): true, MandateChanged{}.Kind(): true,
}

// Keep returns how long a fact of a kind is kept: as a record, unless it was said to be a trace. So it is with a kind that this
// program does not know.
func Keep(kind string) time.Duration {
	if traces[kind] {
		return KeepTrace
	}
	return KeepRecord
}
