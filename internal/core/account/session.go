package account

import (
	"cmp"
	"context"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Browser is where somebody signs in.
type Browser struct {
	Agent  string // what it says it is
	Device string // what SignIn gave it the last time, "" for nothing
}

// Entry is what a browser gets when somebody comes in.
type Entry struct {
	Account Account
	Session string // the token for the cookie
	Device  string // the token by which the browser is known the next time
}

// SignIn opens a session. A wrong address and a wrong password are the same refusal: account.wrong_password. Whoever tries too
// often on one account waits (fault.TooMany), from wherever they try; a browser in which the account signed in before is
// counted by itself.
func (s *Service) SignIn(ctx context.Context, email, password string, from Browser) (in Entry, err error) {
	var a Account
	var key string
	var known bool // the browser
	var late error
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		emailKey := text.FoldEmail(email)
		a, err = one(tx, qByEmail, emailKey)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		key = signInKey(emailKey)
		if known, err = knownIn(tx, a.ID, from.Device); err != nil {
			return err
		}
		if known {
			key = deviceKey(hashOf(from.Device))
		}
		if late = takeIn(tx, key, signInLimit, !a.ID.IsZero()); !fault.Is(late, fault.KindTooMany) {
			return late
		}
		return s.missIn(tx, key, a)
	})
	if err != nil || late != nil {
		return in, cmp.Or(err, late)
	}
	if len(password) > 4*maxPassword {
		password = ""
	}
	same, err := s.hasher.matches(ctx, password, a.password)
	if err != nil {
		return in, err
	}
	if a.ID.IsZero() || !same || a.Disabled {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.missIn(tx, key, a) }); err != nil {
			return in, err
		}
		return in, &fault.Error{Kind: fault.KindInvalid, Code: "account.wrong_password",
			Problems: fault.Problems{{Field: "password", Code: "wrong"}}}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := giveBackIn(tx, key, signInLimit); err != nil {
			return err
		}
		device := ""
		if known {
			device = from.Device
		}
		in, err = s.enterIn(tx, a, from.Agent, device)
		return err
	})
	return in, err
}

// enterIn opens a session of a in a browser, which is known from then on: by device, or by a new token when that is "".
func (s *Service) enterIn(tx *db.Tx, a Account, agent, device string) (in Entry, err error) {
	in = Entry{Account: a, Device: device}
	if device == "" {
		var hash string
		in.Device, hash = secret()
		if _, err := db.Exec(tx, qNewDevice, hash, a.ID, db.At(tx.Now())); err != nil {
			return in, err
		}
		_, err = db.Exec(tx, qOldDevices, a.ID)
	} else {
		_, err = db.Exec(tx, qDeviceSeen, hashOf(device), db.At(tx.Now()))
	}
	if err != nil {
		return in, err
	}
	in.Session, err = openIn(tx, a.ID, agent)
	return in, err
}

// knownIn reports whether a signed in before in the browser that brings device.
func knownIn(tx *db.Tx, a fact.AccountID, device string) (bool, error) {
	if a.IsZero() || device == "" {
		return false, nil
	}
	_, found, err := db.Maybe(tx, qDevice, db.Scalar[int64], hashOf(device), a, db.At(tx.Now().Add(-DeviceLife)))
	return found, err
}

// maxAgent is how much is kept of what a browser says of itself, in bytes.
const maxAgent = 300

// cleanAgent makes text of what a browser says of itself: a header may hold any byte, and PostgreSQL takes only UTF-8.
func cleanAgent(agent string) string {
	agent = strings.ReplaceAll(agent[:min(len(agent), maxAgent)], "\x00", "")
	return strings.ToValidUTF8(agent, "")
}

// OpenSession signs an account in without asking for its password: after setting up, for `demo`.
func (s *Service) OpenSession(ctx context.Context, account fact.AccountID, agent string) (token string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		token, err = openIn(tx, account, agent)
		return err
	})
	return token, err
}

func openIn(tx *db.Tx, account fact.AccountID, agent string) (token string, err error) {
	token, hash := secret()
	_, err = db.Exec(tx, qNewSession, fact.New[fact.SessionID](tx.Now()), hash, account, cleanAgent(agent), db.At(tx.Now()), db.At(tx.Now().Add(SessionLife)))
	return token, err
}

// until returns when a session that began then and is seen now ends.
func (s Session) until(now time.Time) time.Time {
	end := s.CreatedAt.Add(SessionEnd)
	if idle := now.Add(SessionLife); idle.Before(end) {
		return idle
	}
	return end
}

// Identify returns the account of a session token, its session, and keeps the session alive. An unknown, expired or
// disabled one is unauthenticated.
func (s *Service) Identify(ctx context.Context, token string) (a Account, session Session, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if session, err = db.One(tx, qSession, scanSession, hashOf(token)); err != nil {
			return err
		}
		if !session.ExpiresAt.After(tx.Now()) || tx.Now().Sub(session.CreatedAt) >= SessionEnd {
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
			_, err := db.Exec(tx, qSeen, session.ID, db.At(tx.Now()), db.At(session.until(tx.Now())))
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

// ProvedLately reports whether the password was given in one of one's own sessions within FreshFor.
func (s *Service) ProvedLately(ctx context.Context, by actor.Actor, session fact.SessionID) (lately bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, ok, err := db.Maybe(tx, qSessionByID, scanSession, session, by.Account, db.At(tx.Now()))
		lately = ok && tx.Now().Sub(found.ProvedAt) < FreshFor
		return err
	})
	return lately, err
}

// Prove has a session count as fresh for FreshFor, after checking the password of its account. Who tries too often waits.
func (s *Service) Prove(ctx context.Context, by actor.Actor, session fact.SessionID, password string) error {
	if err := s.checkPresent(ctx, by, password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qProved, session, by.Account, db.At(tx.Now()))
		if err == nil && n == 0 {
			err = fault.Unauthenticated()
		}
		return err
	})
}

// checkPresent returns the problem of the field "present" when password is not that of by.
func (s *Service) checkPresent(ctx context.Context, by actor.Actor, password string) error {
	a, err := s.Get(ctx, by, fact.AccountID(by.Account))
	if err != nil {
		return err
	}
	key := proveKey(a.ID)
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return takeIn(tx, key, proveLimit, true) }); err != nil {
		return err
	}
	if len(password) > 4*maxPassword {
		password = ""
	}
	same, err := s.hasher.matches(ctx, password, a.password)
	if err != nil {
		return err
	}
	if !same {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.missIn(tx, key, a) }); err != nil {
			return err
		}
		return fault.Invalid("present", "wrong")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return giveBackIn(tx, key, proveLimit) })
}

// Prune deletes what opens nothing any more, and what is no longer counted, 500 in a transaction, and returns how many. A job
// does it each night; none of them opens anything meanwhile.
func (s *Service) Prune(ctx context.Context) (n int64, err error) {
	for q, ago := range map[db.Query]time.Duration{qExpired: 0, qExpiredResets: 0, qEndedTokens: 0, qEndedTries: 0, qEndedDevices: DeviceLife} {
		for gone := int64(500); gone == 500; n += gone {
			err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
				gone, err = db.Exec(tx, q, db.At(tx.Now().Add(-ago)))
				return err
			})
			if err != nil {
				return n, err
			}
		}
	}
	return n, nil
}
