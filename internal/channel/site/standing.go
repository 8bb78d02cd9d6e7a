package site

import (
	"sync"

	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// standing is what all pages of one site version share. It is kept until the version moves, so that a page that no cache
// holds costs the queries of its own words only. Frames share it: nothing in it changes but what mu guards.
type standing struct {
	version int64
	house   house.House
	voices  []voice.Voice // public ones
	byID    map[fact.VoiceID]voice.Voice

	mu     sync.Mutex
	spoken map[fact.VoiceID]surround
}

// surround is what stands around the pages of one voice.
type surround struct {
	sections []post.Section
	pages    []post.Public
	hasNotes bool
}

// standing returns the house and its public voices as of the snapshot of tx.
func (h *Handler) standing(tx *db.Tx) (*standing, error) {
	version, err := h.o.House.VersionIn(tx)
	if err != nil {
		return nil, err
	}
	if s := h.kept.Load(); s != nil && s.version == version {
		return s, nil
	}
	hs, err := h.o.House.GetIn(tx)
	if fault.Is(err, fault.KindNotFound) {
		return nil, errNoHouse
	}
	if err != nil {
		return nil, err
	}
	all, err := h.o.Voices.ListIn(tx)
	if err != nil {
		return nil, err
	}
	s := &standing{version: version, house: hs, byID: map[fact.VoiceID]voice.Voice{}, spoken: map[fact.VoiceID]surround{}}
	for _, v := range all {
		if v.Public() {
			s.voices = append(s.voices, v)
			s.byID[v.ID] = v
		}
	}
	if hs.Public { // what a preview shows changes without the version
		h.kept.Store(s)
	}
	return s, nil
}

// surroundOf returns what stands around the pages of v, read once.
func (s *standing) surroundOf(tx *db.Tx, read *post.Reader, v fact.VoiceID) (a surround, err error) {
	s.mu.Lock()
	a, ok := s.spoken[v]
	s.mu.Unlock()
	if ok {
		return a, nil
	}
	if a.sections, err = read.Sections(tx, v); err != nil {
		return a, err
	}
	if a.pages, err = read.Pages(tx, v); err != nil {
		return a, err
	}
	some, _, err := read.List(tx, post.Query{Voice: v, Kinds: post.KindNames(post.IsShort), Limit: 1})
	if err != nil {
		return a, err
	}
	a.hasNotes = len(some) > 0
	s.mu.Lock()
	s.spoken[v] = a
	s.mu.Unlock()
	return a, nil
}
