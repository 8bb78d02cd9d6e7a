package account

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Forgot mails a reset link to the address if it has an account, and says nothing either way.
func (s *Service) Forgot(ctx context.Context, email string) error {
	token, hash := secret()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := one(tx, qByEmail, text.FoldEmail(email))
		if fault.Is(err, fault.KindNotFound) || (err == nil && (a.Disabled || s.postman == nil)) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := resetIn(tx, a.ID, hash, ResetLife); err != nil {
			return err
		}
		return s.postman.ResetIn(tx, a, token)
	})
}

// Mails reports whether a forgotten password can be mailed a link at all.
func (s *Service) Mails() bool { return s.postman != nil }

// ResetToken makes a reset token without mailing it, for the command line and for an owner who hands it over. Only an
// owner may.
func (s *Service) ResetToken(ctx context.Context, by actor.Actor, account fact.AccountID) (string, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return "", err
	}
	token, hash := secret()
	return token, s.db.Write(ctx, func(tx *db.Tx) error { return resetIn(tx, account, hash, ResetLife) })
}

func resetIn(tx *db.Tx, account fact.AccountID, hash string, life time.Duration) error {
	if _, err := db.Exec(tx, qDropResets, account, db.At(tx.Now())); err != nil {
		return err
	}
	_, err := db.Exec(tx, qNewReset, hash, account, db.At(tx.Now().Add(life)))
	return err
}

// CanReset reports whether a reset token is still good, without using it.
func (s *Service) CanReset(ctx context.Context, token string) (ok bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		_, ok, err = db.Maybe(tx, qPeekReset, db.Scalar[int64], hashOf(token), db.At(tx.Now()))
		return err
	})
	return ok, err
}

// Reset sets a new password with a reset token, uses the token up and ends every session.
func (s *Service) Reset(ctx context.Context, token, password string) (a Account, err error) {
	hash, err := s.Hash(ctx, password, "")
	if err != nil {
		return a, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		account, found, err := db.Maybe(tx, qReset, db.Scalar[int64], hashOf(token), db.At(tx.Now()))
		if err != nil {
			return err
		}
		if !found {
			return fault.Conflict("account.reset_expired")
		}
		if a, err = one(tx, qByID, account); err != nil {
			return err
		}
		return s.setPasswordIn(tx, a.Actor(), a.ID, hash, 0, "reset")
	})
	return a, err
}

// ChangePassword sets one's own password after checking the present one, and ends every session but keep.
func (s *Service) ChangePassword(ctx context.Context, by actor.Actor, keep fact.SessionID, present, next string) error {
	a, err := s.Get(ctx, by, fact.AccountID(by.Account))
	if err != nil {
		return err
	}
	same, err := s.hasher.matches(ctx, present, a.password)
	if err != nil {
		return err
	}
	if !same {
		return fault.Invalid("present", "wrong")
	}
	hash, err := s.Hash(ctx, next, a.Email)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.setPasswordIn(tx, by, a.ID, hash, keep, "page") })
}

// SetPassword sets anybody's password, for the command line. Only an owner may.
func (s *Service) SetPassword(ctx context.Context, by actor.Actor, account fact.AccountID, password string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	hash, err := s.Hash(ctx, password, "")
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.setPasswordIn(tx, by, account, hash, 0, "command") })
}

func (s *Service) setPasswordIn(tx *db.Tx, by actor.Actor, account fact.AccountID, hash Hash, keep fact.SessionID, via string) error {
	if _, err := db.Exec(tx, qPassword, account, string(hash)); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qEndSessions, account, int64(keep)); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qDropResets, account, db.At(tx.Now())); err != nil {
		return err
	}
	return s.bus.Emit(tx, by, fact.PasswordChanged{Account: account, Via: via})
}
