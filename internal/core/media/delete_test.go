package media_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

var qLeftovers = db.Q("mediatest.leftovers", `SELECT (SELECT COUNT(*) FROM media_gone) + (SELECT COUNT(*) FROM media_variants)`)

// shelf is the package with a bus, a queue and a disk that can be looked at.
type shelf struct {
	*media.Service
	t     *testing.T
	d     *db.DB
	blobs blob.Store
	queue *queue.Queue
	clock *clock.Manual
}

func eachShelf(t *testing.T, fn func(t *testing.T, s *shelf)) {
	t.Helper()
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		s := &shelf{t: t, d: d, blobs: blob.Dir(t.TempDir()), queue: queue.New(d, queue.Options{}), clock: d.Clock().(*clock.Manual)}
		s.Service = media.New(d, s.blobs)
		s.Listen(bus.New(s.queue), s.queue)
		fn(t, s)
	}, dbtest.ClockAt(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)))
}

// files returns how many blobs there are.
func (s *shelf) files() (n int) {
	s.t.Helper()
	must(s.t, s.blobs.Walk(s.t.Context(), func(blob.Ref, int64) error { n++; return nil }))
	return n
}

func (s *shelf) put(data string) fact.MediaID {
	s.t.Helper()
	m, err := s.Upload(s.t.Context(), author, "a.pdf", bytes.NewReader([]byte("%PDF-1.7 "+data)), "")
	must(s.t, err)
	return m.ID
}

func (s *shelf) show(subject int64, ids ...fact.MediaID) {
	s.t.Helper()
	must(s.t, s.d.Write(s.t.Context(), func(tx *db.Tx) error {
		return s.ReferIn(tx, author, media.Use{Kind: "post", Subject: subject, Voice: 1}, ids)
	}))
}

func (s *shelf) react() {
	s.t.Helper()
	_, err := s.queue.RunDue(s.t.Context())
	must(s.t, err)
}

func (s *shelf) there(id fact.MediaID) (yes bool) {
	s.t.Helper()
	must(s.t, s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		found, err := s.ByIDs(tx, []fact.MediaID{id})
		yes = len(found) == 1
		return err
	}))
	return yes
}

func TestAFileThatNothingShowsIsDeletedWithItsBlobs(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m, err := s.Upload(t.Context(), author, "a.jpg", bytes.NewReader(photo(t, 700, 1100)), "")
		must(t, err)
		s.react()
		if s.files() != 4 {
			t.Fatalf("%d blobs of one picture", s.files())
		}
		s.show(1, m.ID)
		stranger := actor.Actor{Account: 6, Grants: []actor.Grant{{Voice: 2, Role: actor.Editor}}}
		for name, c := range map[string]struct {
			by   actor.Actor
			want fault.Kind
		}{"uploader": {author, fault.KindConflict}, "another voice": {stranger, fault.KindNotFound}, "visitor": {actor.Visitor(), fault.KindUnauthenticated}} {
			if err := s.Delete(t.Context(), c.by, m.ID); !fault.Is(err, c.want) {
				t.Errorf("while something shows it, the %s gets %v", name, err)
			}
		}
		s.show(1)
		if err := s.Delete(t.Context(), stranger, m.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else deletes it: %v", err)
		}
		must(t, s.Delete(t.Context(), author, m.ID))
		if s.there(m.ID) || s.files() != 4 {
			t.Errorf("after the commit: row %v, %d blobs, want none and all", s.there(m.ID), s.files())
		}
		s.react()
		if s.files() != 0 {
			t.Errorf("after the reaction %d blobs stay", s.files())
		}
		must(t, s.d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(tx, qLeftovers, db.Scalar[int])
			if n != 0 {
				t.Errorf("%d rows stay of what was deleted", n)
			}
			return err
		}))
		if err := s.Delete(t.Context(), author, m.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("once more: %v", err)
		}
		other := s.put("of an owner's colleague")
		must(t, s.Delete(t.Context(), actor.Actor{Account: 9, Grants: []actor.Grant{{Role: actor.Owner}}}, other))
	})
}

func TestABlobOfTwoFilesStaysUntilBothAreGone(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		first, second := s.put("twice"), s.put("twice")
		must(t, s.Delete(t.Context(), author, first))
		s.react()
		read(t, s.Service, author, second, media.Original)
		must(t, s.Delete(t.Context(), author, second))
		third := s.put("twice") // before the reaction ran
		s.react()
		read(t, s.Service, author, third, media.Original)
		must(t, s.Delete(t.Context(), author, third))
		s.react()
		if s.files() != 0 {
			t.Errorf("%d blobs stay", s.files())
		}
	})
}

func TestWhatNothingShowsForAMonthIsPruned(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		var held fact.MediaID
		s.GuardFiles(func(_ *db.Tx, id fact.MediaID) (bool, error) { return id == held, nil })
		var never []fact.MediaID
		for i := range 120 {
			never = append(never, s.put(fmt.Sprint(i)))
		}
		used, left := s.put("used"), s.put("left")
		held = s.put("in a kept draft")
		old, err := s.Bring(t.Context(), actor.Importer(), "old.pdf", bytes.NewReader([]byte("%PDF-1.7 old")), "", s.clock.Now().AddDate(-9, 0, 0))
		must(t, err)
		s.show(1, used, left)
		prune := func(want int) {
			t.Helper()
			n, err := s.Prune(t.Context())
			must(t, err)
			if n != want {
				t.Errorf("%d pruned, want %d", n, want)
			}
		}
		prune(0) // what an importer dates back came in today
		s.clock.Advance(20 * 24 * time.Hour)
		s.show(1, used) // left is taken out now
		s.clock.Advance(media.KeepUnused - 20*24*time.Hour + time.Minute)
		prune(121)
		if !s.there(used) || !s.there(left) || !s.there(held) || s.there(old.ID) || slices.ContainsFunc(never, s.there) {
			t.Error("the wrong ones are pruned")
		}
		held = 0
		s.clock.Advance(20 * 24 * time.Hour)
		prune(1) // left
		s.clock.Advance(10 * 24 * time.Hour)
		prune(1) // what was held
		if !s.there(used) {
			t.Error("what is shown is pruned")
		}
		s.react()
		if s.files() != 1 {
			t.Errorf("%d blobs stay, want one", s.files())
		}
	})
}

// TestAnUploadNeverLosesItsBlobToADeletion has the same bytes uploaded while the reaction to their deletion runs, in whatever
// order the engine lets them: a row that was made has its file.
func TestAnUploadNeverLosesItsBlobToADeletion(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		last := s.put("the same")
		for range 20 {
			must(t, s.Delete(t.Context(), author, last))
			reacted := make(chan error)
			go func() {
				_, err := s.queue.RunDue(t.Context())
				reacted <- err
			}()
			m, err := s.Upload(t.Context(), author, "a.pdf", strings.NewReader("%PDF-1.7 the same"), "")
			must(t, <-reacted)
			if fault.Is(err, fault.KindConflict) { // it was told, and sends it again
				last = s.put("the same")
			} else {
				must(t, err)
				last = m.ID
			}
			s.react()
			read(t, s.Service, author, last, media.Original)
		}
	})
}
