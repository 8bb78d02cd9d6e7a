package delivery

import "context"

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
