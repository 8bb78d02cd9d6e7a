package account

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
)

// Account is somebody who may sign in.
type Account struct {
	ID        fact.AccountID
	Email     string
	Name      string
	Lang      string // fr-FR, fr-CA or en: what the work side speaks to them
	Disabled  bool
	Grants    []actor.Grant
	CreatedAt time.Time
	password  Hash
}

// HasPassword reports whether a ever chose one.
func (a Account) HasPassword() bool { return a.password != "" }

// Actor returns a as the one who acts.
func (a Account) Actor() actor.Actor {
	return actor.Actor{Account: int64(a.ID), Name: a.Name, Grants: a.Grants}
}

// Session is one place where an account is signed in.
type Session struct {
	ID        fact.SessionID
	Account   fact.AccountID
	Agent     string // what the browser says it is
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	ProvedAt  time.Time // when the password was last given in it
}

// Token is a bearer for the JSON API.
type Token struct {
	ID        fact.TokenID
	Account   fact.AccountID
	Name      string
	Scope     string // Read or Write
	CreatedAt time.Time
	UsedAt    time.Time
	EndsAt    time.Time // zero for one without end
}

// The scopes of a token.
const (
	Read  = "read"
	Write = "write"
)

// How long what lets somebody in is good; Prune removes it then.
const (
	SessionLife = 30 * 24 * time.Hour  // since it was last seen
	SessionEnd  = 90 * 24 * time.Hour  // since it began, however often it is seen
	ResetLife   = time.Hour            // a link that somebody asked for
	InviteLife  = 7 * 24 * time.Hour   // somebody new may be away for some days
	DeviceLife  = 400 * 24 * time.Hour // a browser in which somebody signed in, since they did
	FreshFor    = 15 * time.Minute     // a password that was given, for what is most delicate
)

const seenEvery = 10 * time.Minute // how exactly SeenAt is kept
