package account_test

import (
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

func TestAnInvitationIsGoodForAWeek(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, _ *postbox) {
		in := account.NewAccount{Email: "paul@aubin.example", Name: "Paul", Lang: "fr-FR", Grants: []actor.Grant{{Voice: 7, Role: actor.Author}}}
		paul, token, err := s.Invite(t.Context(), claire.Actor(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SignIn(t.Context(), in.Email, "", firefox); err == nil {
			t.Error("an account without a password signs in")
		}
		if _, _, err := s.Invite(t.Context(), paul.Actor(), account.NewAccount{Email: "x@aubin.example", Name: "X"}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author invited: %v", err)
		}
		c.Advance(6 * 24 * time.Hour)
		if a, err := s.ResetOf(t.Context(), token); a.ID != paul.ID || err != nil {
			t.Errorf("after six days: %+v, %v", a, err)
		}
		c.Advance(2 * 24 * time.Hour)
		if _, err := s.ResetOf(t.Context(), token); !fault.Is(err, fault.KindConflict) {
			t.Errorf("after eight days: %v", err)
		}
	})
}

func TestGrantsAreReplacedTogetherOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		if err := s.SetGrants(t.Context(), claire.Actor(), claire.ID, []actor.Grant{{Voice: 7, Role: actor.Editor}}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the last owner left: %v", err)
		}
		want := []actor.Grant{{Role: actor.Owner}, {Voice: 7, Role: actor.Editor}, {Voice: 8, Role: actor.None}}
		for range 2 {
			if err := s.SetGrants(t.Context(), claire.Actor(), claire.ID, want); err != nil {
				t.Fatal(err)
			}
		}
		a, err := s.Get(t.Context(), claire.Actor(), claire.ID)
		if err != nil || len(a.Grants) != 2 || a.Grants[0] != want[0] || a.Grants[1] != want[1] {
			t.Errorf("the grants are %+v, %v", a.Grants, err)
		}
		if err := s.SetGrants(t.Context(), claire.Actor(), 99, want); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an unknown account: %v", err)
		}
	})
}
