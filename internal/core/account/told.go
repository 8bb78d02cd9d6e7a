package account

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Who is told of what happens here asks for itself, and not for somebody: these two ask nobody's permission.

// MayIn returns the accounts that may do what a role allows on a voice. Who was invited and never came in is none of them, nor
// who may not any more.
func (s *Service) MayIn(tx *db.Tx, role actor.Role, voice fact.VoiceID) ([]Account, error) {
	all, err := db.All(tx, qAll, scan)
	if err != nil {
		return nil, err
	}
	if err := withGrants(tx, all); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(a Account) bool { return !a.active() || a.Actor().On(int64(voice)) < role }), nil
}

// ActiveIn returns an account, and false when there is none that may come in.
func (s *Service) ActiveIn(tx *db.Tx, id fact.AccountID) (Account, bool, error) {
	all, err := db.AllIn(tx, qIn, scan, []fact.AccountID{id})
	if err != nil || len(all) == 0 || !all[0].active() {
		return Account{}, false, err
	}
	err = withGrants(tx, all)
	return all[0], true, err
}

// MayAct reports whether a answers for some voice at all: a reader is told of nothing.
func (a Account) MayAct() bool { return a.Actor().Anywhere() >= actor.Author }

func (a Account) active() bool { return !a.Disabled && a.password != "" }
