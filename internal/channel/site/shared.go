package site

import (
	"context"
	"slices"
	"strings"
	"sync"

	"causerie/internal/core/house"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/live"
	"causerie/internal/platform/web/pagecache"
)

// shared is what public pages have in common: the house, where its voices live, and what stands around the pages of each. It
// is read once and kept until a topic says that it changed, so that a page that no cache holds costs the queries of its own
// words only. A house that is not public keeps nothing. Posts are never kept: their reader asks in the snapshot of the page
// whether strangers may see them.
type shared struct {
	mu     sync.Mutex
	turn   int64 // counts the changes: what was read in a snapshot of before one is not kept
	house  *house.House
	places *place.Places
	around map[fact.VoiceID]surround
}

// now returns the present turn; ask it before the snapshot begins from which something is to be kept.
func (s *shared) now() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.turn
}

// forget drops what the topics say has changed. It is woken before the page cache is, so a page that is rendered again is
// rendered with what holds.
func (s *shared) forget(topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	if slices.Contains(topics, pagecache.Site) || slices.Contains(topics, live.Everything) {
		s.house, s.places, s.around = nil, nil, nil
		return
	}
	for _, topic := range topics {
		if kind, name, _ := strings.Cut(topic, ":"); kind == "voice" {
			if id, err := fact.Parse[fact.VoiceID](name); err == nil {
				delete(s.around, id)
			}
		}
	}
}

// doubt forgets everything: what changed cannot be heard.
func (s *shared) doubt() { s.forget([]string{live.Everything}) }

// houseIn returns the house and its places.
func (h *Handler) houseIn(tx *db.Tx, turn int64) (house.House, *place.Places, error) {
	s := &h.shared
	s.mu.Lock()
	hs, places := s.house, s.places
	s.mu.Unlock()
	if hs != nil {
		return *hs, places, nil
	}
	read, err := h.o.House.GetIn(tx)
	if err != nil {
		return read, nil, err
	}
	if places, err = h.o.Places.GetIn(tx); err != nil {
		return read, nil, err
	}
	if read.Public {
		s.mu.Lock()
		if s.turn == turn {
			s.house, s.places = &read, places
		}
		s.mu.Unlock()
	}
	return read, places, nil
}

// isOpen reports whether strangers may read.
func (h *Handler) isOpen(ctx context.Context) (open bool, err error) {
	s := &h.shared
	s.mu.Lock()
	known := s.house != nil // kept only of a house that is public
	s.mu.Unlock()
	if known {
		return true, nil
	}
	turn := s.now()
	err = h.o.DB.Read(ctx, func(tx *db.Tx) error {
		hs, _, err := h.houseIn(tx, turn)
		open = hs.Public
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return open, err
}

// aroundIn returns what stands around the pages of a voice.
func (h *Handler) aroundIn(tx *db.Tx, f *frame, v voice.Voice) (surround, error) {
	if f.preview {
		return marked(tx, f.read, v)
	}
	s := &h.shared
	s.mu.Lock()
	a, ok := s.around[v.ID]
	s.mu.Unlock()
	if ok {
		return a, nil
	}
	a, err := marked(tx, f.read, v)
	if err != nil {
		return a, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == f.turn {
		if s.around == nil {
			s.around = map[fact.VoiceID]surround{}
		}
		s.around[v.ID] = a
	}
	return a, nil
}

// marked reads what stands around the pages of v, its mark included.
func marked(tx *db.Tx, read *post.Reader, v voice.Voice) (surround, error) {
	a, err := surroundOf(tx, read, v.ID)
	if err == nil {
		a.wideLogo, err = isWide(tx, v.Logo)
	}
	return a, err
}

// surroundOf reads what stands around the pages of v.
func surroundOf(tx *db.Tx, read *post.Reader, v fact.VoiceID) (a surround, err error) {
	if a.sections, err = read.Sections(tx, v); err != nil {
		return a, err
	}
	if a.pages, err = read.Pages(tx, v); err != nil {
		return a, err
	}
	some, _, err := read.List(tx, post.Query{Voice: v, Kinds: []string{post.Note}, Limit: 1})
	a.hasNotes = len(some) > 0
	if err != nil {
		return a, err
	}
	a.menu, err = a.menuOf(tx, read, v)
	return a, err
}
