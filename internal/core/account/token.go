package account

import (
	"context"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// CreateToken is CreateTokenUntil for a bearer without end.
func (s *Service) CreateToken(ctx context.Context, by actor.Actor, account fact.AccountID, name, scope string) (bearer string, t Token, err error) {
	return s.CreateTokenUntil(ctx, by, account, name, scope, time.Time{})
}

// CreateTokenUntil makes a bearer for the JSON API with the grants of account, one's own, or anybody's for an owner; it is good until
// ends, for ever when that is zero. The bearer is shown this once, and the account is told.
func (s *Service) CreateTokenUntil(ctx context.Context, by actor.Actor, account fact.AccountID, name, scope string, ends time.Time) (bearer string, t Token, err error) {
	if by.Account != int64(account) {
		if err := by.Require(actor.Owner, 0); err != nil {
			return "", t, err
		}
	}
	if scope != Read && scope != Write {
		return "", t, fault.Invalid("scope", "unknown")
	}
	if name = strings.TrimSpace(name); name == "" || len([]rune(name)) > 120 {
		return "", t, fault.Invalid("name", "required")
	}
	bearer, hash := secret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := one(tx, qByID, account)
		if err != nil {
			return err
		}
		t = Token{ID: fact.New[fact.TokenID](tx.Now()), Account: account, Name: name, Scope: scope, CreatedAt: tx.Now(), EndsAt: ends}
		if _, err := db.Exec(tx, qNewToken, t.ID, hash, account, name, scope, db.At(tx.Now()), db.At(ends)); err != nil {
			return err
		}
		return s.tellIn(tx, a, false, Notice{What: NoticeToken, Args: []string{name, scope}})
	})
	return bearer, t, err
}

// ByToken returns the account that a bearer acts for and its scope. A token sees what its account sees; where its scope is
// Read, whoever asks refuses every method but GET and HEAD.
func (s *Service) ByToken(ctx context.Context, bearer string) (a Account, scope string, err error) {
	var t Token
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if t, err = db.One(tx, qToken, scanToken, hashOf(bearer), db.At(tx.Now())); err != nil {
			return err
		}
		a, err = one(tx, qByID, t.Account)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || (err == nil && a.Disabled) {
		err = fault.Unauthenticated()
	}
	if err != nil {
		return Account{}, "", err
	}
	if now := s.db.Clock().Now(); now.Sub(t.UsedAt) >= seenEvery {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(tx, qTokenUsed, t.ID, db.At(tx.Now()))
			return err
		})
		if fault.Is(err, fault.KindUnavailable) {
			err = nil
		}
	}
	return a, t.Scope, err
}

// Tokens lists one's own tokens.
func (s *Service) Tokens(ctx context.Context, by actor.Actor) (all []Token, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qTokens, scanToken, by.Account)
		return err
	})
	return all, err
}

// RevokeToken ends one of one's own tokens.
func (s *Service) RevokeToken(ctx context.Context, by actor.Actor, token fact.TokenID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qDropToken, token, by.Account)
		if err == nil && n == 0 {
			err = fault.NotFound("token")
		}
		return err
	})
}
