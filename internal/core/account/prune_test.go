package account_test

import (
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
)

func TestWhatOpensNothingAnyMoreIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, _ *postbox) {
		prune := func(want int64) {
			t.Helper()
			if n, err := s.Prune(t.Context()); err != nil || n != want {
				t.Errorf("%d pruned, want %d; %v", n, want, err)
			}
		}
		open := func() string {
			t.Helper()
			token, err := s.OpenSession(t.Context(), claire.ID, "Firefox")
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		for range 500 {
			open()
		}
		if _, err := s.ResetToken(t.Context(), actor.System(), claire.ID); err != nil {
			t.Fatal(err)
		}
		prune(0)
		c.Advance(account.ResetLife)
		prune(1)
		token := open()
		c.Advance(account.SessionLife - time.Minute)
		prune(500)
		if _, _, err := s.Identify(t.Context(), token); err != nil {
			t.Errorf("a session that is still good: %v", err)
		}
	})
}
