package delivery

import (
	"bytes"
	"cmp"
	"context"
	"slices"
)

// BeginAndDie does what a process does that is killed between the commit that says sending and the first word to whoever
// carries: it begins what is due in every lane, and is gone.
func (s *Service) BeginAndDie(ctx context.Context, n int) (begun int, err error) {
	for _, l := range s.linesInOrder() {
		batch, _, err := s.turn(ctx, l, nil, n, true)
		if err != nil {
			return begun, err
		}
		begun += len(batch)
	}
	return begun, nil
}

// CarryAndDie does what a process does that keeps a journal and is killed before it could tell the database anything: it begins n in
// every lane, ends the first with an outcome, is under way with the second, and has not come to the others.
func (s *Service) CarryAndDie(ctx context.Context, n int, first Outcome) error {
	j, err := openJournal(s.dir, s.self)
	if err != nil {
		return err
	}
	defer j.file.Close() // as the end of the process does
	for _, l := range s.linesInOrder() {
		batch, _, err := s.turn(ctx, l, nil, n, true)
		if err != nil {
			return err
		}
		slices.SortFunc(batch, func(a, b *item) int { return cmp.Compare(a.ID, b.ID) })
		for i, it := range batch[:min(2, len(batch))] {
			if err := j.begins(it.Delivery); err != nil {
				return err
			}
			if i == 0 {
				if err := j.ends(it.Delivery, first); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ReadJournal reads a journal, and tells whether it is believed and how many outcomes it has.
func ReadJournal(text []byte, boot string) (ok bool, ended int) {
	p, ok := readJournal(bytes.NewReader(text), boot)
	return ok, len(p.ended)
}
