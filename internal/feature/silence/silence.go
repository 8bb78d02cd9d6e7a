package silence

import (
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/clock"
)

const (
	// Months is how long somebody is kept after their last act, in calendar months.
	Months = 36
	// askBefore is how many days before the end of the term somebody is asked; and how many lie at least between a question, or what an owner
	// decided, and the erasure.
	askBefore = 30
	// askAgain is how many days lie between two tries to ask somebody, when the first came to nothing.
	askAgain = 7
)

// Why somebody keeps a person. The words are silence.reason.<reason>.
const (
	ForClient  = "client"  // a client, or soon one
	ForDispute = "dispute" // what is not settled yet: their data may be needed
	ForTalk    = "talk"    // one talks by other ways
)

// Reasons returns them in the order in which people read them.
func Reasons() []string { return []string{ForClient, ForDispute, ForTalk} }

// HeldWords is why somebody is not erased by itself: strangers read what they wrote.
const HeldWords = "words"

// Silence is somebody whose term ends soon, or is over.
type Silence struct {
	Contact fact.ContactID
	Name    string
	Term    clock.Day // the last day for which the house keeps them
	EraseOn clock.Day // when they are erased; zero when they are not, by itself
	Held    string    // HeldWords, "" mostly
	AskedAt time.Time // when the question left; zero when they were not asked
	Kept    string    // one of Reasons, "" when nobody keeps them
	KeptBy  fact.AccountID
	KeptAt  time.Time
	NotedAt time.Time // since when the house knows

	waits bool // the question did not leave yet
}

// signs are what is known of the life of somebody here.
type signs struct {
	Last    time.Time // their last act, or when they were taken down
	Law     string    // the country whose law holds
	Client  bool      // a mandate goes on
	Speaks  bool      // strangers read what they wrote
	Nowhere bool      // there is no such person any more
}

// due tells when the term of somebody ends, and whether it is about to, or over, at an instant.
func (s signs) due(now time.Time, zone *time.Location) (term clock.Day, due bool) {
	term = clock.DayOf(s.Last, zone).AddMonths(Months)
	if s.Nowhere || s.Client || s.Law == "CA" {
		return term, false
	}
	return term, !clock.DayOf(now, zone).Before(term.Add(-askBefore))
}

// learn takes in what became of the last question to somebody: they were asked when it left. While it waits nothing is counted and nobody is
// erased; what was refused, came back or was taken back asked nobody. A question of an earlier silence says nothing of this one.
func (s *Silence) learn(d delivery.Delivery, zone *time.Location) {
	if d.ID.IsZero() || clock.DayOf(d.CreatedAt, zone).Before(s.Term.Add(-askBefore)) {
		return
	}
	switch d.State {
	case delivery.Held, delivery.Queued, delivery.Sending, delivery.Deferred:
		s.AskedAt, s.waits = time.Time{}, true
	case delivery.Refused, delivery.Bounced, delivery.Cancelled:
		s.AskedAt = time.Time{}
	case delivery.Sent:
		s.AskedAt = d.At
	}
}

// mayTry reports whether the question may leave for an address, after what became of the last one: not twice within a week, and not again for an
// address that its server does not know.
func mayTry(last delivery.Delivery, email string, now time.Time) bool {
	if last.Recipient == email && (last.Reason == suppression.Reason ||
		suppression.Judge(delivery.Outcome{State: last.State, Reason: last.Reason, Reply: last.ServerReply}) == suppression.Hard) {
		return false
	}
	return last.ID.IsZero() || now.Sub(last.CreatedAt) >= askAgain*24*time.Hour
}

// eraseOn returns the day on which somebody is erased, in a house that erases since an instant.
func (s Silence) eraseOn(erases bool, since time.Time, zone *time.Location) clock.Day {
	if !erases || s.Held != "" || s.Kept != "" || s.waits {
		return clock.Day{}
	}
	day := s.Term.Add(1)
	for _, from := range []time.Time{since, s.AskedAt, s.NotedAt} {
		if from.IsZero() {
			continue
		}
		if later := clock.DayOf(from, zone).Add(askBefore); day.Before(later) {
			day = later
		}
	}
	return day
}
