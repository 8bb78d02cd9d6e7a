// Package actor says who acts and what they may do.
//
// An actor is always an argument of a verb, never something fished out of a context. Permission is a grant: a
// role on one voice, or on all when the voice is zero. The package knows voices only as numbers; core/account makes
// actors from its rows.
//
// A verb asks Require, for the voice of what it changes. A list asks Scope, for the voices whose rows it may show, and
// hands it to the database (db.AllScoped), so that a page is never filtered after it was cut.
package actor

import "causerie/internal/platform/fault"

// Role is what a grant allows. Each role may do what the roles below it may.
type Role int

// The roles, from the least to the most.
const (
	None   Role = iota
	Reader      // reads what is internal
	Author      // writes and publishes in the voice, answers what is said to it
	Editor      // edits what others wrote, moderates
	Owner       // settings, people, the identity of the house: of the whole house, never of one voice
)

// String returns the word stored in the database and used by the API.
func (r Role) String() string {
	switch r {
	case Reader:
		return "reader"
	case Author:
		return "author"
	case Editor:
		return "editor"
	case Owner:
		return "owner"
	}
	return "none"
}

// ParseRole reads what String wrote; anything else is None.
func ParseRole(s string) Role {
	for _, r := range []Role{Reader, Author, Editor, Owner} {
		if r.String() == s {
			return r
		}
	}
	return None
}

// Grant gives a role on one voice, or on all when Voice is 0.
type Grant struct {
	Voice int64
	Role  Role
}

// Actor is somebody, or something, that acts.
type Actor struct {
	Account  int64 // the account's id; 0 for a visitor and for the program itself
	Name     string
	Grants   []Grant
	system   bool
	backfill bool
}

// System is the program itself: jobs, imports, the command line on the machine.
func System() Actor { return Actor{Name: "system", system: true} }

// Visitor is anybody without an account.
func Visitor() Actor { return Actor{} }

// SignedIn reports whether an account or the program acts.
func (a Actor) SignedIn() bool { return a.system || a.Account != 0 }

// IsSystem reports whether the program itself acts.
func (a Actor) IsSystem() bool { return a.system }

// On returns the highest role that a has on voice (0: on everything). Nobody owns one voice: whatever made such a grant, it
// counts as that of an editor.
func (a Actor) On(voice int64) Role {
	if a.system {
		return Owner
	}
	best := None
	for _, g := range a.Grants {
		if g.Voice == 0 || (voice != 0 && g.Voice == voice) {
			best = max(best, g.counts())
		}
	}
	return best
}

// counts returns the role that g gives.
func (g Grant) counts() Role {
	if g.Voice != 0 {
		return min(g.Role, Editor)
	}
	return g.Role
}

// Anywhere returns the highest role that a has on anything.
func (a Actor) Anywhere() Role {
	best := a.On(0)
	for _, g := range a.Grants {
		best = max(best, a.On(g.Voice))
	}
	return best
}

// Require returns nil when a has at least role on voice, else the fault that says so.
func (a Actor) Require(role Role, voice int64) error {
	if a.On(voice) >= role {
		return nil
	}
	if !a.SignedIn() {
		return fault.Unauthenticated()
	}
	return fault.Forbidden()
}

// RequireAnywhere is Require for verbs that are not about one voice.
func (a Actor) RequireAnywhere(role Role) error {
	if a.Anywhere() >= role {
		return nil
	}
	return a.Require(role, 0)
}
