package account_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"causerie/internal/core/account"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

const password = "une phrase assez longue"

var firefox = account.Browser{Agent: "Firefox"}

// postbox keeps what was to be mailed.
type postbox struct {
	token   string
	resets  int
	invited string
	told    []string // "what to whom args"
}

func (p *postbox) ReadyIn(*db.Tx) (bool, error) { return true, nil }

func (p *postbox) ResetIn(tx *db.Tx, _ account.Account, token string) error {
	p.token = token
	tx.OnCommit(func() { p.resets++ })
	return nil
}

func (p *postbox) InviteIn(_ *db.Tx, to account.Account, _, token string) error {
	p.invited, p.token = to.Email, token
	return nil
}

func (p *postbox) TellIn(tx *db.Tx, to account.Account, n account.Notice) error {
	tx.OnCommit(func() {
		p.told = append(p.told, strings.TrimSpace(n.What+" "+strings.ToLower(to.Email)+" "+strings.Join(n.Args, ",")))
	})
	return nil
}

func each(t *testing.T, run func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, mail *postbox)) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		mail := &postbox{}
		s := account.New(account.Options{DB: d, Bus: bus.New(queue.New(d, queue.Options{})), Postman: mail})
		hash, err := s.Hash(t.Context(), password, "claire@aubin.example")
		if err != nil {
			t.Fatal(err)
		}
		claire, err := s.Create(t.Context(), actor.System(), account.NewAccount{
			Email: "Claire@Aubin.example", Name: "Claire Aubin", Lang: "fr-FR", Password: hash, Grants: []actor.Grant{{Role: actor.Owner}},
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, s, claire, d.Clock().(*clock.Manual), mail)
	}, dbtest.ClockAt(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)))
}

func TestSigningInSaysTheSameForAnUnknownAddressAndAWrongPassword(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		_, wrong := s.SignIn(t.Context(), "claire@aubin.example", "autre chose", firefox)
		_, unknown := s.SignIn(t.Context(), "personne@aubin.example", password, firefox)
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() {
			t.Errorf("%v and %v", wrong, unknown)
		}
		in, err := s.SignIn(t.Context(), " CLAIRE@aubin.example", password, firefox)
		if err != nil || in.Session == "" || in.Device == "" || in.Account.ID != claire.ID || in.Account.Actor().On(7) != actor.Owner {
			t.Errorf("signed in as %+v, %v", in, err)
		}
	})
}

func TestASessionEndsWhenRevokedOrForgottenForAMonth(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, _ *postbox) {
		token, err := s.OpenSession(t.Context(), claire.ID, "Firefox")
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(20 * 24 * time.Hour)
		if _, _, err := s.Identify(t.Context(), token); err != nil {
			t.Fatalf("after 20 days: %v", err)
		}
		c.Advance(20 * 24 * time.Hour) // seen 20 days ago, so it lives on
		if _, _, err := s.Identify(t.Context(), token); err != nil {
			t.Fatalf("after 20 more days: %v", err)
		}
		all, err := s.Sessions(t.Context(), claire.Actor())
		if err != nil || len(all) != 1 || all[0].Agent != "Firefox" {
			t.Fatalf("sessions %+v, %v", all, err)
		}
		if err := s.Revoke(t.Context(), claire.Actor(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Identify(t.Context(), token); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a revoked session gave %v", err)
		}
		other, err := s.OpenSession(t.Context(), claire.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(31 * 24 * time.Hour)
		if _, _, err := s.Identify(t.Context(), other); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a forgotten session gave %v", err)
		}
	})
}

// A header may hold any byte, and PostgreSQL takes only UTF-8 without NUL.
func TestWhateverABrowserSaysOfItselfItSignsIn(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, _ *postbox) {
		for _, agent := range []string{"caf\xe9", "\xff\xfe", "a\x00b", strings.Repeat("a", 299) + "é", strings.Repeat("\xed\xa0\x80", 200)} {
			token, err := s.OpenSession(t.Context(), claire.ID, agent)
			if err != nil {
				t.Errorf("%q: %v", agent, err)
				continue
			}
			if _, _, err := s.Identify(t.Context(), token); err != nil {
				t.Errorf("%q: %v", agent, err)
			}
		}
		all, err := s.Sessions(t.Context(), claire.Actor())
		if err != nil || len(all) != 5 {
			t.Fatalf("%d sessions (%v)", len(all), err)
		}
		for _, one := range all {
			if !utf8.ValidString(one.Agent) || len(one.Agent) > 300 {
				t.Errorf("kept as %q", one.Agent)
			}
		}
	})
}

func TestALinkThatIsPressedManyTimesAtOnceWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, mail *postbox) {
		if err := s.Forgot(t.Context(), claire.Email); err != nil {
			t.Fatal(err)
		}
		token := mail.token
		var worked atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				switch _, err := s.Reset(t.Context(), token, "une autre phrase longue", "test"); {
				case err == nil:
					worked.Add(1)
				case !fault.Is(err, fault.KindConflict):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := worked.Load(); n != 1 {
			t.Errorf("it worked %d times", n)
		}
	})
}

func TestAResetLinkWorksOnceWithinTheHourAndEndsEverySession(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, c *clock.Manual, mail *postbox) {
		session, err := s.OpenSession(t.Context(), claire.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Forgot(t.Context(), "inconnue@aubin.example"); err != nil || mail.token != "" {
			t.Fatalf("an unknown address was mailed %q, %v", mail.token, err)
		}
		if err := s.Forgot(t.Context(), "claire@aubin.example"); err != nil || mail.token == "" {
			t.Fatalf("no link was mailed, %v", err)
		}
		if _, err := s.Reset(t.Context(), mail.token, "court", "test"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a short password gave %v", err)
		}
		if _, err := s.Reset(t.Context(), mail.token, "une autre phrase longue", "test"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reset(t.Context(), mail.token, "une troisième phrase", "test"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a used link gave %v", err)
		}
		if _, _, err := s.Identify(t.Context(), session); err == nil {
			t.Error("a session outlived the reset")
		}
		if err := s.Forgot(t.Context(), "claire@aubin.example"); err != nil {
			t.Fatal(err)
		}
		c.Advance(61 * time.Minute)
		if _, err := s.ResetOf(t.Context(), mail.token); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an old link gave %v", err)
		}
	})
}

func TestTheLastOwnerStaysOne(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		if err := s.Grant(t.Context(), claire.Actor(), claire.ID, 0, actor.None); !fault.Is(err, fault.KindConflict) {
			t.Errorf("got %v", err)
		}
		if err := s.Disable(t.Context(), claire.Actor(), claire.ID, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("got %v", err)
		}
	})
}

func TestATokenActsForItsAccountUntilRevoked(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		bearer, tok, err := s.CreateToken(t.Context(), actor.System(), claire.ID, "site", account.Read)
		if err != nil {
			t.Fatal(err)
		}
		a, scope, err := s.ByToken(t.Context(), bearer)
		by := a.Actor()
		if err != nil || scope != account.Read || by.Account != int64(claire.ID) {
			t.Fatalf("%+v %s %v", by, scope, err)
		}
		if _, _, err := s.ByToken(t.Context(), bearer+"x"); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a wrong bearer gave %v", err)
		}
		if err := s.RevokeToken(t.Context(), claire.Actor(), tok.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.ByToken(t.Context(), bearer); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a revoked bearer gave %v", err)
		}
	})
}

func TestEmailsAreOneAccountWhateverTheirCase(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, _ account.Account, _ *clock.Manual, _ *postbox) {
		_, err := s.Create(t.Context(), actor.System(), account.NewAccount{Email: "CLAIRE@AUBIN.example", Name: "Autre", Lang: "fr-FR"})
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Code != "taken" {
			t.Errorf("got %v", err)
		}
		if _, err := s.ByEmail(t.Context(), actor.Visitor(), "claire@aubin.example"); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor may list accounts: %v", err)
		}
	})
}

// Grants are read at every request, so a lower one counts at once; who has none left is signed out, from browsers and programs.
func TestWhoHasNoGrantLeftIsSignedOut(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		owner := claire.Actor()
		for name, withdraw := range map[string]func(a account.Account) error{
			"one":  func(a account.Account) error { return s.Grant(t.Context(), owner, a.ID, 7, actor.None) },
			"all":  func(a account.Account) error { return s.SetGrants(t.Context(), owner, a.ID, nil) },
			"door": func(a account.Account) error { return s.Disable(t.Context(), owner, a.ID, true) },
		} {
			a, err := s.Create(t.Context(), owner, account.NewAccount{Email: name + "@aubin.example", Name: "Malo", Lang: "fr-FR", Grants: []actor.Grant{{Voice: 7, Role: actor.Editor}}})
			must(err)
			session, err := s.OpenSession(t.Context(), a.ID, "test")
			must(err)
			bearer, _, err := s.CreateToken(t.Context(), a.Actor(), a.ID, "test", account.Write)
			must(err)
			must(s.Grant(t.Context(), owner, a.ID, 7, actor.Reader))
			if b, _, err := s.Identify(t.Context(), session); err != nil || b.Actor().On(7) != actor.Reader {
				t.Errorf("%s: a lower grant: %+v, %v", name, b, err)
			}
			must(withdraw(a))
			if _, _, err := s.Identify(t.Context(), session); !fault.Is(err, fault.KindUnauthenticated) {
				t.Errorf("%s: still signed in: %v", name, err)
			}
			if _, _, err := s.ByToken(t.Context(), bearer); !fault.Is(err, fault.KindUnauthenticated) {
				t.Errorf("%s: the token still opens: %v", name, err)
			}
		}
	})
}

func TestOnlyAnOwnerOfTheHouseGivesAndWithdrawsGrants(t *testing.T) {
	each(t, func(t *testing.T, s *account.Service, claire account.Account, _ *clock.Manual, _ *postbox) {
		for _, by := range []actor.Actor{
			actor.Visitor(), {Account: 9, Grants: []actor.Grant{{Role: actor.Editor}}}, {Account: 9, Grants: []actor.Grant{{Voice: 7, Role: actor.Owner}}},
		} {
			invite := func() error {
				_, _, err := s.Invite(t.Context(), by, account.NewAccount{Email: "z@z.example", Name: "Z", Grants: []actor.Grant{{Role: actor.Owner}}})
				return err
			}
			for what, err := range map[string]error{
				"grant": s.Grant(t.Context(), by, claire.ID, 7, actor.Owner), "set": s.SetGrants(t.Context(), by, claire.ID, []actor.Grant{{Role: actor.Owner}}),
				"disable": s.Disable(t.Context(), by, claire.ID, true), "invite": invite(),
			} {
				if !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindUnauthenticated) {
					t.Errorf("%+v may %s: %v", by, what, err)
				}
			}
		}
	})
}
