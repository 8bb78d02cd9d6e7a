package voice

import (
	"cmp"
	"context"
	"slices"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Held is how much of one kind hangs on a voice.
type Held struct {
	Name string // "posts", "comments", "requests", "mandates", "accounts"
	N    int
}

type hanging struct {
	name  string
	count func(tx *db.Tx, v fact.VoiceID) (int, error)
}

// CountHeld has count asked how many things of that name hang on a voice. Register before serving.
func (s *Service) CountHeld(name string, count func(tx *db.Tx, v fact.VoiceID) (int, error)) {
	s.hangs = append(s.hangs, hanging{name, count})
}

// HeldIn returns what hangs on a voice, each kind once, without those of which there is nothing.
func (s *Service) HeldIn(tx *db.Tx, id fact.VoiceID) (all []Held, err error) {
	for _, h := range s.hangs { // a handful
		n, err := h.count(tx, id)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			all = append(all, Held{h.name, n})
		}
	}
	return all, nil
}

// Held is HeldIn outside a transaction.
func (s *Service) Held(ctx context.Context, id fact.VoiceID) (all []Held, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = s.HeldIn(tx, id)
		return err
	})
	return all, err
}

// Removal is how a voice is given up.
type Removal struct {
	// Heir takes over what was said to the voice and by it: another voice that is public when the voice is.
	Heir fact.VoiceID
	// Withdraw takes the posts of the voice from readers first: their addresses answer 410, and the heir keeps them among what
	// was deleted for as long as a post can be brought back. Else they are the heir's, and their addresses lead there.
	Withdraw bool
}

// Heirs returns the voices that may take over from a voice, in their order.
func Heirs(all []Voice, v Voice) []Voice {
	return slices.DeleteFunc(slices.Clone(all), func(o Voice) bool { return o.ID == v.ID || o.Public() != v.Public() })
}

// Remove gives a voice up. What was said to it and by it goes to the heir, its addresses lead on, and whoever worked in it
// alone has no right left. Only an owner may. The main voice stays until another is (voice.is_main). Problems are at heir:
// "required", "unknown", and "internal" for one that is internal where the voice is not, or the other way round. An
// internal voice on which nothing hangs needs none.
func (s *Service) Remove(ctx context.Context, by actor.Actor, id fact.VoiceID, how Removal) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, home, err := s.withHomeIn(tx, id)
		if err != nil {
			return err
		}
		if home.Main() {
			return fault.Conflict("voice.is_main")
		}
		if err := s.checkHeirIn(tx, v, how.Heir); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qLeave, id, db.At(tx.Now())); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qRemove, id, db.At(tx.Now()), how.Heir); err != nil {
			return err
		}
		if err := s.pictures.ReferIn(tx, by, media.Use{Kind: "voice", Subject: int64(id), Voice: id}, nil); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.VoiceRemoved{Voice: id, Heir: how.Heir, Withdrawn: how.Withdraw})
	})
}

func (s *Service) checkHeirIn(tx *db.Tx, v Voice, heir fact.VoiceID) error {
	if heir.IsZero() {
		held, err := s.HeldIn(tx, v.ID)
		if err == nil && (v.Public() || len(held) > 0) {
			err = fault.Invalid("heir", "required")
		}
		return err
	}
	h, err := s.GetIn(tx, heir)
	switch {
	case fault.Is(err, fault.KindNotFound), err == nil && heir == v.ID:
		return fault.Invalid("heir", "unknown")
	case err != nil:
		return err
	case h.Public() != v.Public():
		return fault.Invalid("heir", "internal")
	}
	return nil
}

// Shift moves a voice up (by -1) or down (by 1) among the voices; the first and the last stay where they are. The order is that
// of menus and of every list of voices. Only an owner may.
func (s *Service) Shift(ctx context.Context, by actor.Actor, id fact.VoiceID, step int) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := s.ListIn(tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(v Voice) bool { return v.ID == id })
		if at < 0 {
			return fault.NotFound("voice")
		}
		to := min(max(at+cmp.Compare(step, 0), 0), len(all)-1)
		if to == at {
			return nil
		}
		all[at], all[to] = all[to], all[at]
		for i, v := range all { // a handful
			if v.Position == i {
				continue
			}
			if _, err := db.Exec(tx, qPlace, v.ID, i, db.At(tx.Now())); err != nil {
				return err
			}
		}
		return s.bus.Emit(tx, by, fact.VoiceChanged{Voice: id})
	})
}

// EverIn returns every voice that there is or was, in the order that the house chose: for reading addresses.
func (s *Service) EverIn(tx *db.Tx) ([]Voice, error) { return db.All(tx, qEver, scan) }
