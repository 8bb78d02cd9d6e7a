package account

import (
	"context"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// SignIn opens a session and returns its token for the cookie. A wrong address and a wrong password are the same
// refusal: account.wrong_password.
func (s *Service) SignIn(ctx context.Context, email, password, agent string) (token string, a Account, err error) {
	var known bool
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = one(tx, qByEmail, text.FoldEmail(email))
		known = err == nil
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return "", a, err
	}
	if len(password) > 4*maxPassword {
		password = ""
	}
	same, err := s.hasher.matches(ctx, password, a.password)
	if err != nil {
		return "", a, err
	}
	if !known || !same || a.Disabled {
		return "", Account{}, &fault.Error{Kind: fault.KindInvalid, Code: "account.wrong_password",
			Problems: fault.Problems{{Field: "password", Code: "wrong"}}}
	}
	token, err = s.OpenSession(ctx, a.ID, agent)
	return token, a, err
}

// maxAgent is how much is kept of what a browser says of itself, in bytes.
const maxAgent = 300

// cleanAgent makes text of what a browser says of itself: a header may hold any byte, and PostgreSQL takes only UTF-8.
func cleanAgent(agent string) string {
	agent = strings.ReplaceAll(agent[:min(len(agent), maxAgent)], "\x00", "")
	return strings.ToValidUTF8(agent, "")
}

// OpenSession signs an account in without asking for its password: after setting up, after a reset, for `demo`.
func (s *Service) OpenSession(ctx context.Context, account fact.AccountID, agent string) (token string, err error) {
	token, hash := secret()
	agent = cleanAgent(agent)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qNewSession, fact.New[fact.SessionID](tx.Now()), hash, account, agent, db.At(tx.Now()), db.At(tx.Now()),
			db.At(tx.Now().Add(SessionLife)))
		return err
	})
	return token, err
}

// Identify returns the account of a session token, its session, and keeps the session alive. An unknown, expired or
// disabled one is unauthenticated.
func (s *Service) Identify(ctx context.Context, token string) (a Account, session Session, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if session, err = db.One(tx, qSession, scanSession, hashOf(token)); err != nil {
			return err
		}
		if !session.ExpiresAt.After(tx.Now()) {
			return fault.Unauthenticated()
		}
		a, err = one(tx, qByID, session.Account)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || (err == nil && a.Disabled) {
		err = fault.Unauthenticated()
	}
	if err != nil {
		return Account{}, Session{}, err
	}
	if now := s.db.Clock().Now(); now.Sub(session.SeenAt) >= seenEvery {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(tx, qSeen, session.ID, db.At(tx.Now()), db.At(tx.Now().Add(SessionLife)))
			return err
		})
		if fault.Is(err, fault.KindUnavailable) {
			err = nil // reading goes on while the disk is full
		}
	}
	return a, session, err
}

// SignOut ends the session of token.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qEndToken, hashOf(token))
		return err
	})
}

// Sessions lists where one is signed in, the latest first.
func (s *Service) Sessions(ctx context.Context, by actor.Actor) (all []Session, err error) {
	if by.Account == 0 {
		return nil, fault.Unauthenticated()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qSessions, scanSession, by.Account, db.At(tx.Now()))
		return err
	})
	return all, err
}

// Revoke ends one of one's own sessions.
func (s *Service) Revoke(ctx context.Context, by actor.Actor, session fact.SessionID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qEndSession, session, by.Account)
		if err == nil && n == 0 {
			err = fault.NotFound("session")
		}
		return err
	})
}

// RevokeOthers ends every session of one's own but keep.
func (s *Service) RevokeOthers(ctx context.Context, by actor.Actor, keep fact.SessionID) error {
	if by.Account == 0 {
		return fault.Unauthenticated()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qEndSessions, by.Account, int64(keep))
		return err
	})
}

// Prune deletes the sessions and the reset links that expired, 500 in a transaction, and returns how many. A job does it each
// night; none of them opens anything meanwhile.
func (s *Service) Prune(ctx context.Context) (n int64, err error) {
	for _, q := range []db.Query{qExpired, qExpiredResets} {
		for gone := int64(500); gone == 500; n += gone {
			err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
				gone, err = db.Exec(tx, q, db.At(tx.Now()))
				return err
			})
			if err != nil {
				return n, err
			}
		}
	}
	return n, nil
}
