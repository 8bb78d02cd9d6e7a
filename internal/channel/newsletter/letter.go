package newsletter

import (
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// The states of a letter.
const (
	Draft     = "draft"
	WithPost  = "with_post" // it leaves when its post appears
	Scheduled = "scheduled"
	Sending   = "sending"
	Paused    = "paused"
	Sent      = "sent" // nothing of it waits any more
	Cancelled = "cancelled"
)

// The kinds of letters.
const (
	Plain  = "letter"
	Digest = "digest" // it made itself
)

// Followers is the audience of who follows the voice; any other is the id of a segment.
const Followers = "letter"

const (
	maxSubject = 200
	maxBody    = text.MaxSource
)

// Letter is one text that leaves by mail to many.
type Letter struct {
	ID        fact.LetterID
	Voice     fact.VoiceID
	Post      fact.PostID // what it carries; zero when it was written for itself
	Kind      string      // Plain or Digest
	Subject   string      // may hold merge fields; "" is the title of the post
	Title     string      // what lists call it: the subject, else the title of the post; "" when that is seen no more
	Body      string      // Markdown with merge fields, of what was written for itself
	Excerpt   bool        // of a post: its beginning, and where the rest stands
	Audience  string      // Followers, or the id of a segment
	State     string
	SendAt    time.Time // when it leaves, or left; zero while nobody said
	PostAt    time.Time // of one that waits for its post: when that appears by itself, zero while nobody said
	Account   fact.AccountID
	CreatedAt time.Time
	UpdatedAt time.Time
	BegunAt   time.Time // when the first left for the outbox
	HandedAt  time.Time // when the last did
	Address   string    // the word of its page on the web, of what was written for itself and began to leave

	reached int64
}

// Editable reports whether l can still be changed.
func (l Letter) Editable() bool {
	return l.State == Draft || l.State == WithPost || l.State == Scheduled
}

// CanSend, CanPause, CanResume and CanCancel report what may be done with l.
func (l Letter) CanSend() bool {
	return l.State == Draft || l.State == WithPost || l.State == Scheduled
}
func (l Letter) CanPause() bool  { return l.State == Sending || l.State == Scheduled }
func (l Letter) CanResume() bool { return l.State == Paused }
func (l Letter) CanCancel() bool {
	return l.State == Scheduled || l.State == WithPost || l.State == Sending || l.State == Paused
}

// MayChange reports whether by may write and change the letters of its voice, MaySend whether they may let them leave.
func (l Letter) MayChange(by actor.Actor) bool {
	return by.Require(actor.Author, int64(l.Voice)) == nil
}
func (l Letter) MaySend(by actor.Actor) bool { return by.Require(actor.Editor, int64(l.Voice)) == nil }

// Input is what the writer of a letter fills in.
type Input struct {
	Voice    fact.VoiceID
	Post     fact.PostID
	Subject  string
	Body     string
	Excerpt  bool
	Audience string // "" is Followers
}

// check returns what is wrong with a letter in itself. lang is that of its voice.
func (l Letter) check(lang string) error {
	var p fault.Problems
	if utf8.RuneCountInString(l.Subject) > maxSubject {
		p.Add("subject", "too_long", maxSubject)
	}
	if len(l.Body) > maxBody {
		p.Add("body", "too_long", maxBody)
	}
	if l.Post.IsZero() {
		if strings.TrimSpace(l.Subject) == "" {
			p.Add("subject", "required")
		}
		if strings.TrimSpace(l.Body) == "" {
			p.Add("body", "required")
		}
	}
	addFields(&p, "subject", edition.Problems(lang, l.Subject))
	return p.Err()
}

// addFields says which merge fields are none, and which may be meant.
func addFields(p *fault.Problems, field string, all []edition.Problem) {
	if len(all) > 0 {
		p.Add(field, all[0].Code, all[0].Field, all[0].Suggestion)
	}
}
