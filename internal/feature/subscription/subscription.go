package subscription

import (
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// How often somebody hears from a voice.
const (
	Each    = "each"    // each time it publishes
	Weekly  = "weekly"  // a digest on Monday morning
	Monthly = "monthly" // a digest on the first of the month
)

// Rhythms returns how often one may hear from a voice, in the order in which a form offers them.
func Rhythms() []string { return []string{Each, Weekly, Monthly} }

// MaxFollows is how many voices and sections one may follow.
const MaxFollows = 100

// Follow is what somebody follows: a voice, or one of its sections.
type Follow struct {
	Voice   fact.VoiceID   `json:"voice"`
	Section fact.SectionID `json:"section,omitzero"`
}

// Wish is what somebody wants to receive.
type Wish struct {
	Follows []Follow
	Rhythm  string // one of Rhythms
	Lang    string // of what the house itself says; a letter has that of its voice
}

// Ask is a wish that waits for its confirmation.
type Ask struct {
	ID    fact.AskID
	Email string
	Wish
	Wording, Version string // what was agreed to by pressing the button, and which version of it
	Page             string // the address of the form
	At               time.Time
	ConfirmedAt      time.Time // zero until then
}

// Subscriber is an address to which what is published goes.
type Subscriber struct {
	ID      fact.SubscriberID
	Contact fact.ContactID
	Handle  fact.HandleID
	Wish
	Left        []fact.VoiceID // voices that they left
	PausedUntil clock.Day      // nothing leaves before that day; zero: no pause
	CreatedAt   time.Time
}

// Has reports whether f is among what is followed.
func (w Wish) Has(f Follow) bool { return slices.Contains(w.Follows, f) }

// read returns w as it is kept, and what is wrong with it, at follows, rhythm and lang.
func (w Wish) read() (Wish, fault.Problems) {
	var p fault.Problems
	if w.Rhythm == "" {
		w.Rhythm = Each
	}
	if !slices.Contains(Rhythms(), w.Rhythm) {
		p.Add("rhythm", "unknown")
	}
	if l, ok := i18n.Parse(w.Lang); ok {
		w.Lang = string(l)
	} else {
		p.Add("lang", "unknown")
	}
	w.Follows = tidy(w.Follows)
	if len(w.Follows) > MaxFollows {
		p.Add("follows", "too_many", MaxFollows)
	}
	return w, p
}

// tidy leaves out what is said twice, and the sections of a voice that is followed whole.
func tidy(all []Follow) (kept []Follow) {
	for _, f := range all {
		if !slices.Contains(kept, f) && (f.Section.IsZero() || !slices.Contains(all, Follow{Voice: f.Voice})) {
			kept = append(kept, f)
		}
	}
	return kept
}
