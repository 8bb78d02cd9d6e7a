package newsletter

import (
	"crypto/rand"
	"strings"
	"time"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// newAddress is a word that nobody guesses: what was written to some has a page for those who have its mail, and for nobody else.
func newAddress() string { return strings.ToLower(rand.Text()[:20]) }

// Web is a letter as its page on the web shows it: to nobody in particular.
type Web struct {
	Voice fact.VoiceID
	Title string
	At    time.Time // when it began to leave
	draft draft
}

// WebIn returns what was written for itself, by the word of its address, from when it begins to leave; letter.not_found before, and of
// every other. It asks nobody: whoever has the mail may pass it on.
func (s *Service) WebIn(tx *db.Tx, word string) (w Web, err error) {
	l, found, err := db.Maybe(tx, qByAddress, scanLetter, word)
	if err != nil {
		return w, err
	}
	if !found || !l.Post.IsZero() || l.Kind != Plain {
		return w, fault.NotFound("letter")
	}
	x, err := s.settingIn(tx, l.Voice)
	if err != nil {
		return w, err
	}
	w.Voice, w.At = l.Voice, l.BegunAt
	if err := s.written(tx, x, l, &w.draft); err != nil {
		return w, err
	}
	w.draft.Lang = w.draft.letter.Lang
	w.Title = edition.NeutralLine(w.draft.Lang, l.Subject)
	return w, nil
}

// HTML sets the text. It is slow for a transaction.
func (w Web) HTML() text.HTML {
	return edition.Neutral(w.draft.Lang, w.draft.body())
}
