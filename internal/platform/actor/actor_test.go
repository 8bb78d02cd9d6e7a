package actor_test

import (
	"slices"
	"testing"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
)

func on(voice int64, role actor.Role) actor.Grant { return actor.Grant{Voice: voice, Role: role} }

func account(grants ...actor.Grant) actor.Actor { return actor.Actor{Account: 1, Grants: grants} }

const a, b = int64(11), int64(22) // two voices

var people = []struct {
	name         string
	who          actor.Actor
	house, a, b  actor.Role // what On says of 0, a and b
	anywhere     actor.Role
	asAuthor     actor.Scope
	asReader     actor.Scope
	refusedAs    fault.Kind // what Require(Owner, 0) answers to who is no owner
	signed, auto bool
}{
	{name: "visitor", who: actor.Visitor(), refusedAs: fault.KindUnauthenticated},
	{name: "system", who: actor.System(), house: actor.Owner, a: actor.Owner, b: actor.Owner, anywhere: actor.Owner,
		asAuthor: actor.Scope{All: true}, asReader: actor.Scope{All: true}, signed: true, auto: true},
	{name: "importer", who: actor.Importer(), house: actor.Owner, a: actor.Owner, b: actor.Owner, anywhere: actor.Owner,
		asAuthor: actor.Scope{All: true}, asReader: actor.Scope{All: true}, signed: true, auto: true},
	{name: "an account without a grant", who: account(), refusedAs: fault.KindForbidden, signed: true},
	{name: "owner", who: account(on(0, actor.Owner)), house: actor.Owner, a: actor.Owner, b: actor.Owner, anywhere: actor.Owner,
		asAuthor: actor.Scope{All: true}, asReader: actor.Scope{All: true}, signed: true},
	{name: "reader of a", who: account(on(a, actor.Reader)), a: actor.Reader, anywhere: actor.Reader,
		asReader: actor.Scope{Voices: []int64{a}}, refusedAs: fault.KindForbidden, signed: true},
	{name: "author of a, reader of b", who: account(on(b, actor.Reader), on(a, actor.Author)), a: actor.Author, b: actor.Reader, anywhere: actor.Author,
		asAuthor: actor.Scope{Voices: []int64{a}}, asReader: actor.Scope{Voices: []int64{a, b}}, refusedAs: fault.KindForbidden, signed: true},
	{name: "reader of the house, editor of b", who: account(on(0, actor.Reader), on(b, actor.Editor)),
		house: actor.Reader, a: actor.Reader, b: actor.Editor, anywhere: actor.Editor,
		asAuthor: actor.Scope{Voices: []int64{b}}, asReader: actor.Scope{All: true}, refusedAs: fault.KindForbidden, signed: true},
	{name: "two grants on one voice", who: account(on(a, actor.Author), on(a, actor.Editor)), a: actor.Editor, anywhere: actor.Editor,
		asAuthor: actor.Scope{Voices: []int64{a}}, asReader: actor.Scope{Voices: []int64{a}}, refusedAs: fault.KindForbidden, signed: true},
	{name: "nobody owns one voice", who: account(on(a, actor.Owner)), a: actor.Editor, anywhere: actor.Editor,
		asAuthor: actor.Scope{Voices: []int64{a}}, asReader: actor.Scope{Voices: []int64{a}}, refusedAs: fault.KindForbidden, signed: true},
}

func TestAGrantAllowsWhatItsRoleMayOnItsVoiceAndNoMore(t *testing.T) {
	for _, p := range people {
		for voice, want := range map[int64]actor.Role{0: p.house, a: p.a, b: p.b} {
			if got := p.who.On(voice); got != want {
				t.Errorf("%s is %v on %d, want %v", p.name, got, voice, want)
			}
			for _, role := range []actor.Role{actor.Reader, actor.Author, actor.Editor, actor.Owner} {
				if err := p.who.Require(role, voice); (err == nil) != (role <= want) {
					t.Errorf("%s asks %v on %d: %v", p.name, role, voice, err)
				}
			}
		}
		if got := p.who.Anywhere(); got != p.anywhere {
			t.Errorf("%s is at most %v, want %v", p.name, got, p.anywhere)
		}
		for _, role := range []actor.Role{actor.Reader, actor.Author, actor.Editor, actor.Owner} {
			if err := p.who.RequireAnywhere(role); (err == nil) != (role <= p.anywhere) {
				t.Errorf("%s asks %v anywhere: %v", p.name, role, err)
			}
		}
	}
}

func TestWhoMayNotIsToldToSignInOrThatItIsForbidden(t *testing.T) {
	for _, p := range people {
		if p.house == actor.Owner {
			continue
		}
		for _, err := range []error{p.who.Require(actor.Owner, 0), p.who.Require(actor.Owner, 99), p.who.Require(actor.Author, 99)} {
			if !fault.Is(err, p.refusedAs) {
				t.Errorf("%s is refused with %v", p.name, err)
			}
		}
		if p.who.SignedIn() != p.signed || p.who.IsSystem() != p.auto {
			t.Errorf("%s: signed in %v, program %v", p.name, p.who.SignedIn(), p.who.IsSystem())
		}
	}
}

func TestAScopeHoldsTheVoicesOfARoleOnce(t *testing.T) {
	for _, p := range people {
		for role, want := range map[actor.Role]actor.Scope{actor.Author: p.asAuthor, actor.Reader: p.asReader} {
			got := p.who.Scope(role)
			if got.All != want.All || !slices.Equal(got.Voices, want.Voices) {
				t.Errorf("%s as %v: %+v, want %+v", p.name, role, got, want)
			}
			for _, voice := range []int64{a, b} {
				if got.Has(voice) != (p.who.On(voice) >= role) {
					t.Errorf("%s as %v has %d: %v, and On says %v", p.name, role, voice, got.Has(voice), p.who.On(voice))
				}
			}
			if got.Has(0) != want.All || got.IsEmpty() != (p.anywhere < role) {
				t.Errorf("%s as %v: of no voice %v, empty %v", p.name, role, got.Has(0), got.IsEmpty())
			}
		}
	}
	if (actor.Scope{}).Has(0) || (actor.Scope{Voices: []int64{0}}).Has(0) {
		t.Error("what belongs to no voice is seen by some")
	}
}

func TestTheWordOfARoleIsReadBack(t *testing.T) {
	for _, r := range []actor.Role{actor.None, actor.Reader, actor.Author, actor.Editor, actor.Owner} {
		if actor.ParseRole(r.String()) != r {
			t.Errorf("%v is read back as %v", r, actor.ParseRole(r.String()))
		}
	}
	for _, s := range []string{"", "admin", "Owner", " owner"} {
		if actor.ParseRole(s) != actor.None {
			t.Errorf("%q is a role", s)
		}
	}
}

func TestBackfillingIsSaidAndGivesNothing(t *testing.T) {
	who := account(on(a, actor.Author))
	past := who.Backfill()
	if who.Backfilling() || !past.Backfilling() || past.Account != who.Account || past.On(a) != actor.Author || past.On(b) != actor.None || past.IsSystem() {
		t.Errorf("%+v becomes %+v", who, past)
	}
	if !actor.Importer().Backfilling() || actor.System().Backfilling() || actor.Visitor().Backfilling() {
		t.Error("only the importer brings in the past by itself")
	}
}
