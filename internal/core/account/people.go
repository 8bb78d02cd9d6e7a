package account

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Invite makes an account without a password and returns the token with which its person chooses one, good once and
// for a week; where mail leaves, it is mailed to them too. Only an owner may.
func (s *Service) Invite(ctx context.Context, by actor.Actor, in NewAccount) (a Account, token string, err error) {
	token, hash := secret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if a, err = s.CreateIn(tx, by, in); err != nil {
			return err
		}
		if err := resetIn(tx, a.ID, hash, InviteLife); err != nil {
			return err
		}
		ready, err := s.mailsIn(tx)
		if err != nil || !ready {
			return err
		}
		return s.o.Postman.InviteIn(tx, a, by.Name, token)
	})
	if err != nil {
		return Account{}, "", err
	}
	return a, token, nil
}

// SetGrants replaces everything that account may do. Only an owner may, and the last owner stays one. It ends what Grant ends.
func (s *Service) SetGrants(ctx context.Context, by actor.Actor, account fact.AccountID, grants []actor.Grant) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	after := map[int64]actor.Role{}
	for _, g := range grants {
		if g.Role != actor.None {
			after[g.Voice] = g.Role
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := one(tx, qByID, account)
		if err != nil {
			return err
		}
		if err := s.checkGrants(tx, grants); err != nil {
			return err
		}
		if after[0] != actor.Owner {
			if err := otherOwner(tx, account); err != nil {
				return err
			}
		}
		if _, err := db.Exec(tx, qDropGrants, account); err != nil {
			return err
		}
		var rows []any
		changed := map[int64]actor.Role{}
		for voice, role := range after {
			rows = append(rows, account, voice, role.String())
			changed[voice] = role
		}
		for _, g := range a.Grants {
			switch after[g.Voice] {
			case g.Role:
				delete(changed, g.Voice)
			case actor.None:
				changed[g.Voice] = actor.None
			}
		}
		if len(rows) > 0 {
			if err := db.Insert(tx, qGrant, 3, rows); err != nil {
				return err
			}
		}
		if err := endWithoutGrants(tx, account); err != nil {
			return err
		}
		if after[0] == actor.Owner && a.Actor().On(0) < actor.Owner {
			if err := s.tellOfOwner(tx, a); err != nil {
				return err
			}
		}
		for voice, role := range changed {
			if err := s.bus.Emit(tx, by, fact.AccountGranted{Account: account, Voice: fact.VoiceID(voice), Role: role.String()}); err != nil {
				return err
			}
		}
		return nil
	})
}
