package account

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/text"
)

const forgotJob = "account.forgot"

// forgotten is the body of the job that looks for the account of an address that somebody typed.
type forgotten struct {
	Email string `json:"email"`
}

// Forgot mails a reset link to the address if it has an account, and says nothing either way; the answer takes as long for every
// address. One account gets a few links an hour, whoever asks from wherever.
func (s *Service) Forgot(ctx context.Context, email string) error {
	key := text.FoldEmail(email)
	enough := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		err := takeIn(tx, forgotKey(key), forgotLimit, false)
		if enough = fault.Is(err, fault.KindTooMany); enough {
			return nil
		}
		if err != nil || s.o.Queue == nil {
			return err
		}
		_, err = s.o.Queue.Enqueue(tx, forgotJob, forgotten{key}, queue.Put{})
		return err
	})
	if err != nil || enough || s.o.Queue != nil {
		return err
	}
	return s.mailReset(ctx, key)
}

// mailReset has a reset link mailed, if there is an account of that address and mail leaves.
func (s *Service) mailReset(ctx context.Context, email string) error {
	token, hash := secret()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := one(tx, qByEmail, text.FoldEmail(email))
		if fault.Is(err, fault.KindNotFound) || (err == nil && a.Disabled) {
			return nil
		}
		if err != nil {
			return err
		}
		if ready, err := s.mailsIn(tx); err != nil || !ready {
			return err
		}
		if err := resetIn(tx, a.ID, hash, ResetLife); err != nil {
			return err
		}
		return s.o.Postman.ResetIn(tx, a, token)
	})
}

// Mails reports whether a forgotten password can be mailed a link now.
func (s *Service) Mails(ctx context.Context) (ready bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ready, err = s.mailsIn(tx)
		return err
	})
	return ready, err
}

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

// ResetOf returns the account of a reset token that is still good, without using it; the conflict account.reset_expired else.
func (s *Service) ResetOf(ctx context.Context, token string) (a Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = resetOf(tx, qPeekReset, token)
		return err
	})
	return a, err
}

func resetOf(tx *db.Tx, q db.Query, token string) (Account, error) {
	account, found, err := db.Maybe(tx, q, db.Scalar[int64], hashOf(token), db.At(tx.Now()))
	if err != nil {
		return Account{}, err
	}
	if !found {
		return Account{}, fault.Conflict("account.reset_expired")
	}
	return one(tx, qByID, account)
}

// Reset sets a new password with a reset token and signs in. It uses the token up and ends every session, every token and all
// that is known of browsers.
func (s *Service) Reset(ctx context.Context, token, password, agent string) (in Entry, err error) {
	a, err := s.ResetOf(ctx, token)
	if err != nil {
		return in, err
	}
	hash, err := s.HashFor(ctx, password, a.Name, a.Email)
	if err != nil {
		return in, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if a, err = resetOf(tx, qReset, token); err != nil {
			return err
		}
		if a.Disabled {
			return fault.Conflict("account.reset_expired")
		}
		first := !a.HasPassword()
		if err := s.setPasswordIn(tx, a.Actor(), a, hash, change{via: "reset", first: first}); err != nil {
			return err
		}
		in, err = s.enterIn(tx, a, agent, "")
		return err
	})
	return in, err
}

// ChangePassword sets one's own password after checking the present one. Where others is false, only the password changes; else every
// session but here ends, every token, and all that is known of other browsers.
func (s *Service) ChangePassword(ctx context.Context, by actor.Actor, here fact.SessionID, present, next string, others bool) error {
	if err := s.checkPresent(ctx, by, present); err != nil {
		return err
	}
	a, err := s.Get(ctx, by, fact.AccountID(by.Account))
	if err != nil {
		return err
	}
	hash, err := s.HashFor(ctx, next, a.Name, a.Email)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.setPasswordIn(tx, by, a, hash, change{via: "page", here: here, keep: !others}); err != nil {
			return err
		}
		_, err := db.Exec(tx, qProved, here, by.Account, db.At(tx.Now()))
		return err
	})
}

// SetPassword sets anybody's password, for the command line. It ends what Reset ends. Only an owner may.
func (s *Service) SetPassword(ctx context.Context, by actor.Actor, account fact.AccountID, password string) error {
	a, err := s.Get(ctx, by, account)
	if err != nil {
		return err
	}
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	hash, err := s.HashFor(ctx, password, a.Name, a.Email)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.setPasswordIn(tx, by, a, hash, change{via: "command"}) })
}

// HashFor is Hash for somebody of this house, whose name no password may hold either.
func (s *Service) HashFor(ctx context.Context, password, name, email string) (Hash, error) {
	about := []string{name, email}
	if s.o.House != nil {
		err := s.db.Read(ctx, func(tx *db.Tx) error {
			name, err := s.o.House(tx)
			about = append(about, name)
			return err
		})
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return "", err
		}
	}
	return s.Hash(ctx, password, about...)
}

// change says how a password is changed.
type change struct {
	via   string         // of fact.PasswordChanged
	here  fact.SessionID // goes on
	keep  bool           // everything else goes on too
	first bool           // there was none before
}

func (s *Service) setPasswordIn(tx *db.Tx, by actor.Actor, a Account, hash Hash, c change) error {
	if _, err := db.Exec(tx, qPassword, a.ID, string(hash)); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qDropResets, a.ID, db.At(tx.Now())); err != nil {
		return err
	}
	args := []string{c.via, "kept"}
	if !c.keep {
		tokens, err := db.All(tx, qTokens, scanToken, a.ID)
		if err != nil {
			return err
		}
		args[1] = "closed"
		for _, t := range tokens[:min(len(tokens), 20)] {
			args = append(args, t.Name)
		}
		for _, end := range []func() (int64, error){
			func() (int64, error) { return db.Exec(tx, qEndSessions, a.ID, int64(c.here)) },
			func() (int64, error) { return db.Exec(tx, qDropTokens, a.ID) },
			func() (int64, error) { return db.Exec(tx, qDropDevices, a.ID) },
		} {
			if _, err := end(); err != nil {
				return err
			}
		}
	}
	if !c.first {
		if err := s.tellIn(tx, a, false, Notice{What: NoticePassword, Args: args}); err != nil {
			return err
		}
	}
	return s.bus.Emit(tx, by, fact.PasswordChanged{Account: a.ID, Via: c.via})
}
