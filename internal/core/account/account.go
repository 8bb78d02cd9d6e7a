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
}

// Token is a bearer for the JSON API.
type Token struct {
	ID        fact.TokenID
	Account   fact.AccountID
	Name      string
	Scope     string // Read or Write
	CreatedAt time.Time
	UsedAt    time.Time
}

// The scopes of a token.
const (
	Read  = "read"
	Write = "write"
)

// How long what lets somebody in is good; Prune removes it then.
const (
	SessionLife = 30 * 24 * time.Hour // since it was last seen
	ResetLife   = time.Hour           // a link that somebody asked for
	InviteLife  = 7 * 24 * time.Hour  // somebody new may be away for some days
)

const seenEvery = 10 * time.Minute // how exactly SeenAt is kept
