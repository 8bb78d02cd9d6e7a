package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

func TestASessionEndsAfterNinetyDaysHoweverOftenItIsSeen(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, _ *postbox) {
		token, err := s.OpenSession(t.Context(), claire.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			c.Advance(11 * 24 * time.Hour)
			_, session, err := s.Identify(t.Context(), token)
			if err != nil || session.ExpiresAt.After(session.CreatedAt.Add(account.SessionEnd)) {
				t.Fatalf("%+v, %v", session, err)
			}
		}
		c.Advance(3 * 24 * time.Hour)
		if _, _, err := s.Identify(t.Context(), token); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("after 91 days: %v", err)
		}
	})
}

// Tries from wherever: ten are judged, the true person comes in from a browser that is known, or by a link.
func TestTriesOnOneAccountSlowDownAndNobodyIsShutOut(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, mail *postbox) {
		in, err := s.SignIn(t.Context(), claire.Email, password, firefox)
		if err != nil {
			t.Fatal(err)
		}
		for _, email := range []string{claire.Email, "personne@aubin.example"} {
			judged, late := 0, 0
			for i := range 60 {
				switch _, err := s.SignIn(t.Context(), email, fmt.Sprintf("essai numéro %d", i), account.Browser{}); {
				case fault.Is(err, fault.KindInvalid):
					judged++
				case fault.Is(err, fault.KindTooMany):
					late++
				default:
					t.Fatalf("try %d: %v", i, err)
				}
			}
			if judged != 10 || late != 50 {
				t.Errorf("%s: %d judged, %d late", email, judged, late)
			}
		}
		if want := []string{"tries claire@aubin.example 20"}; !slices.Equal(mail.told, want) {
			t.Errorf("told %q, want %q", mail.told, want)
		}
		if _, err := s.SignIn(t.Context(), claire.Email, password, account.Browser{Device: "made up"}); !fault.Is(err, fault.KindTooMany) {
			t.Errorf("from elsewhere: %v", err)
		}
		again, err := s.SignIn(t.Context(), claire.Email, password, account.Browser{Device: in.Device})
		if err != nil || again.Device != in.Device {
			t.Errorf("from a known browser: %+v, %v", again, err)
		}
		c.Advance(16 * time.Minute)
		if _, err := s.SignIn(t.Context(), claire.Email, password, firefox); err != nil {
			t.Errorf("a quarter of an hour later: %v", err)
		}
		if err := s.Forgot(t.Context(), claire.Email); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reset(t.Context(), mail.token, "copeaux de chêne", ""); err != nil {
			t.Errorf("by a link: %v", err)
		}
		c.Advance(25 * time.Hour)
		for i := range 25 {
			_, _ = s.SignIn(t.Context(), claire.Email, fmt.Sprint("essai", i), account.Browser{})
		}
		if n := strings.Count(strings.Join(mail.told, "\n"), "tries claire"); n != 2 {
			t.Errorf("told %d times in two days: %q", n, mail.told)
		}
		if n, err := s.Prune(t.Context()); err != nil || n == 0 {
			t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestOneAccountGetsAFewLinksAnHour(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, mail *postbox) {
		for range 59 {
			if err := s.Forgot(t.Context(), "CLAIRE@aubin.example"); err != nil {
				t.Fatal(err)
			}
		}
		if mail.resets != 3 {
			t.Errorf("%d links left", mail.resets)
		}
		c.Advance(time.Hour)
		for range 59 {
			if err := s.Forgot(t.Context(), claire.Email); err != nil {
				t.Fatal(err)
			}
		}
		if mail.resets != 6 {
			t.Errorf("%d links left after an hour", mail.resets)
		}
	})
}

// What a new password closes.
func TestANewPasswordClosesTheOtherDoorsUnlessAskedNotTo(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, mail *postbox) {
		by := claire.Actor()
		doors := func() (here fact.SessionID, open func() string) {
			in, err := s.SignIn(t.Context(), claire.Email, password, firefox)
			if err != nil {
				t.Fatal(err)
			}
			other, err := s.OpenSession(t.Context(), claire.ID, "autre")
			if err != nil {
				t.Fatal(err)
			}
			bearer, _, err := s.CreateToken(t.Context(), by, claire.ID, "sauvegarde", account.Write)
			if err != nil {
				t.Fatal(err)
			}
			_, session, err := s.Identify(t.Context(), in.Session)
			if err != nil {
				t.Fatal(err)
			}
			return session.ID, func() string {
				var open []string
				if _, _, err := s.Identify(t.Context(), in.Session); err == nil {
					open = append(open, "here")
				}
				if _, _, err := s.Identify(t.Context(), other); err == nil {
					open = append(open, "other")
				}
				if _, _, err := s.ByToken(t.Context(), bearer); err == nil {
					open = append(open, "bearer")
				}
				return strings.Join(open, " ")
			}
		}
		last := func() string { return mail.told[len(mail.told)-1] }
		here, open := doors()
		if err := s.ChangePassword(t.Context(), by, here, "faux", "copeaux de chêne", true); !fault.Is(err, fault.KindInvalid) || open() != "here other bearer" {
			t.Fatalf("%v: %s", err, open())
		}
		if err := s.ChangePassword(t.Context(), by, here, password, "copeaux de chêne", false); err != nil || open() != "here other bearer" {
			t.Errorf("asked to keep: %v: %s", err, open())
		}
		if last() != "password claire@aubin.example page,kept" {
			t.Errorf("told %q", last())
		}
		if err := s.ChangePassword(t.Context(), by, here, "copeaux de chêne", password, true); err != nil || open() != "here" {
			t.Errorf("changed: %v: %s", err, open())
		}
		if last() != "password claire@aubin.example page,closed,sauvegarde" {
			t.Errorf("told %q", last())
		}
		_, open = doors()
		if err := s.Forgot(t.Context(), claire.Email); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reset(t.Context(), mail.token, password, ""); err != nil || open() != "" {
			t.Errorf("reset: %v: %s", err, open())
		}
		_, open = doors()
		if err := s.SetPassword(t.Context(), actor.System(), claire.ID, password); err != nil || open() != "" {
			t.Errorf("on the command line: %v: %s", err, open())
		}
	})
}

func TestATokenEndsOnItsDay(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, mail *postbox) {
		bearer, _, err := s.CreateTokenUntil(t.Context(), claire.Actor(), claire.ID, "site", account.Read, c.Now().Add(48*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"token claire@aubin.example site,read"}; !slices.Equal(mail.told, want) {
			t.Errorf("told %q", mail.told)
		}
		c.Advance(47 * time.Hour)
		if _, _, err := s.ByToken(t.Context(), bearer); err != nil {
			t.Errorf("before: %v", err)
		}
		c.Advance(time.Hour)
		if _, _, err := s.ByToken(t.Context(), bearer); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("after: %v", err)
		}
		if n, err := s.Prune(t.Context()); n == 0 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestTheAddressBeforeIsToldOfTheNewOne(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, mail *postbox) {
		if _, err := s.Create(t.Context(), actor.System(), account.NewAccount{Email: "paul@aubin.example", Name: "Paul"}); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "a@localhost", "a@b", "a@[127.0.0.1]", "a..b@c.example", "paul@aubin.example", "a@b.invalid", `"a b"@c.example`} {
			if err := s.ChangeEmail(t.Context(), claire.Actor(), bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := s.ChangeEmail(t.Context(), claire.Actor(), "c.aubin@aubin.example"); err != nil {
			t.Fatal(err)
		}
		if want := []string{"address claire@aubin.example c.aubin@aubin.example"}; !slices.Equal(mail.told, want) {
			t.Errorf("told %q", mail.told)
		}
		if in, err := s.SignIn(t.Context(), "c.aubin@aubin.example", password, firefox); err != nil || in.Account.ID != claire.ID {
			t.Errorf("%+v, %v", in, err)
		}
	})
}

// No page offers these grants, so none is given, whatever the way.
func TestOnlyGrantsThatThereAreAreGiven(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, mail *postbox) {
		paul, err := s.Create(t.Context(), actor.System(), account.NewAccount{Email: "paul@aubin.example", Name: "Paul", Grants: []actor.Grant{{Voice: 7, Role: actor.Author}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []actor.Actor{claire.Actor(), actor.System()} {
			for i, g := range []actor.Grant{{Voice: 7, Role: actor.Owner}, {Voice: 7, Role: actor.Owner + 1}, {Role: -1}, {Role: actor.Owner + 1}} {
				_, made := s.Create(t.Context(), by, account.NewAccount{Email: fmt.Sprintf("z%d@aubin.example", i), Name: "Z", Grants: []actor.Grant{g}})
				_, _, invited := s.Invite(t.Context(), by, account.NewAccount{Email: fmt.Sprintf("z%d@aubin.example", i), Name: "Z", Grants: []actor.Grant{g}})
				for what, err := range map[string]error{
					"create": made, "invite": invited, "grant": s.Grant(t.Context(), by, paul.ID, fact.VoiceID(g.Voice), g.Role),
					"set": s.SetGrants(t.Context(), by, paul.ID, []actor.Grant{g}),
				} {
					if !fault.Is(err, fault.KindInvalid) {
						t.Errorf("%s %+v: %v", what, g, err)
					}
				}
			}
		}
		if err := s.SetGrants(t.Context(), paul.Actor(), paul.ID, []actor.Grant{{Role: actor.Owner}}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("Paul makes himself an owner: %v", err)
		}
		if got, err := s.Get(t.Context(), claire.Actor(), paul.ID); err != nil || len(got.Grants) != 1 || got.Grants[0] != (actor.Grant{Voice: 7, Role: actor.Author}) {
			t.Errorf("Paul now has %+v, %v", got.Grants, err)
		}
		if err := s.SetGrants(t.Context(), claire.Actor(), paul.ID, []actor.Grant{{Role: actor.Owner}}); err != nil {
			t.Fatal(err)
		}
		if want := []string{"owner paul@aubin.example Paul,paul@aubin.example", "owner claire@aubin.example Paul,paul@aubin.example"}; !slices.Equal(mail.told, want) {
			t.Errorf("told %q", mail.told)
		}
	})
}
