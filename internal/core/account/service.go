package account

import (
	"context"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Postman mails a link to set a new password. channel/mailbox fills it.
type Postman interface {
	ResetIn(tx *db.Tx, to Account, token string) error
}

// Service reads and changes accounts.
type Service struct {
	db      *db.DB
	bus     *bus.Bus
	postman Postman
	hasher  hasher
}

// New returns the service. Without a postman, a forgotten password is reset on the command line.
func New(d *db.DB, b *bus.Bus, postman Postman) *Service {
	return &Service{db: d, bus: b, postman: postman, hasher: newHasher()}
}

// NewAccount is what an account begins with.
type NewAccount struct {
	Email, Name, Lang string
	Password          Hash // from Hash; "" cannot sign in until a password is set
	Grants            []actor.Grant
}

// Hash checks a new password and returns its hash. It takes some 30 ms, so call it before a transaction.
func (s *Service) Hash(ctx context.Context, password, email string) (Hash, error) {
	if err := checkPassword(password, email); err != nil {
		return "", err
	}
	return s.hasher.hash(ctx, password)
}

// CreateIn makes an account. Only an owner may.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in NewAccount) (Account, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return Account{}, err
	}
	var p fault.Problems
	email, err := text.ParseEmail(in.Email)
	if err != nil {
		p.Add("email", "email")
	}
	name := strings.TrimSpace(in.Name)
	if name == "" {
		p.Add("name", "required")
	}
	if len([]rune(name)) > 120 {
		p.Add("name", "too_long", 120)
	}
	if p.Any() {
		return Account{}, p.Err()
	}
	key := text.FoldEmail(email)
	if _, found, err := db.Maybe(tx, qByEmail, scan, key); err != nil || found {
		if found {
			err = fault.Invalid("email", "taken")
		}
		return Account{}, err
	}
	a := Account{ID: fact.New[fact.AccountID](tx.Now()), Email: email, Name: name, Lang: in.Lang, Grants: in.Grants, CreatedAt: tx.Now()}
	if _, err := db.Exec(tx, qInsert, a.ID, a.Email, key, a.Name, a.Lang, string(in.Password), db.At(tx.Now())); err != nil {
		return a, err
	}
	for _, g := range in.Grants {
		if _, err := db.Exec(tx, qSetGrant, a.ID, g.Voice, g.Role.String()); err != nil {
			return a, err
		}
	}
	return a, s.bus.Emit(tx, by, fact.AccountCreated{Account: a.ID})
}

// Create is CreateIn in a transaction of its own.
func (s *Service) Create(ctx context.Context, by actor.Actor, in NewAccount) (a Account, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err = s.CreateIn(tx, by, in)
		return err
	})
	return a, err
}

// Grant gives account a role on voice (0: on everything), or takes it away with actor.None. Only an owner may, and the
// last owner stays one. Who has no grant left is signed out everywhere, and their tokens end.
func (s *Service) Grant(ctx context.Context, by actor.Actor, account fact.AccountID, voice fact.VoiceID, role actor.Role) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if voice == 0 && role != actor.Owner {
			if err := otherOwner(tx, account); err != nil {
				return err
			}
		}
		var err error
		if role == actor.None {
			_, err = db.Exec(tx, qDropGrant, account, int64(voice))
		} else {
			_, err = db.Exec(tx, qSetGrant, account, int64(voice), role.String())
		}
		if err != nil {
			return err
		}
		if err := endWithoutGrants(tx, account); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.AccountGranted{Account: account, Voice: voice, Role: role.String()})
	})
}

// Disable ends every session of account and lets it sign in no more, or lets it again. Only an owner may.
func (s *Service) Disable(ctx context.Context, by actor.Actor, account fact.AccountID, disabled bool) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if !disabled {
			_, err := db.Exec(tx, qDisable, account, nil)
			return err
		}
		if err := otherOwner(tx, account); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDisable, account, db.At(tx.Now())); err != nil {
			return err
		}
		_, err := db.Exec(tx, qEndSessions, account, int64(0))
		return err
	})
}

// endWithoutGrants signs out who has nothing left to do here, from browsers and programs. A grant that is lower than before
// needs no more: grants are read at every request.
func endWithoutGrants(tx *db.Tx, account fact.AccountID) error {
	left, err := db.AllIn(tx, qGrants, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(new(any), new(any), new(any)) }, []fact.AccountID{account})
	if err != nil || len(left) > 0 {
		return err
	}
	if _, err := db.Exec(tx, qEndSessions, account, int64(0)); err != nil {
		return err
	}
	_, err = db.Exec(tx, qDropTokens, account)
	return err
}

func otherOwner(tx *db.Tx, account fact.AccountID) error {
	n, err := db.One(tx, qOwners, db.Scalar[int], account)
	if err == nil && n == 0 {
		err = fault.Conflict("account.last_owner")
	}
	return err
}

// Get returns an account: one's own, or any for an owner.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.AccountID) (a Account, err error) {
	if by.Account != int64(id) {
		if err := by.Require(actor.Owner, 0); err != nil {
			return a, err
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = one(tx, qByID, id)
		return err
	})
	return a, err
}

// ByEmail returns the account of an address. Only an owner may ask.
func (s *Service) ByEmail(ctx context.Context, by actor.Actor, email string) (a Account, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return a, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = one(tx, qByEmail, text.FoldEmail(email))
		return err
	})
	return a, err
}

// List returns every account. Only an owner may ask.
func (s *Service) List(ctx context.Context, by actor.Actor) (all []Account, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if all, err = db.All(tx, qAll, scan); err != nil {
			return err
		}
		return withGrants(tx, all)
	})
	return all, err
}

// Owner returns the first owner of the house, as whom the command line acts for.
func (s *Service) Owner(ctx context.Context) (a Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = one(tx, qOwner)
		return err
	})
	return a, err
}

// Names returns the names of accounts.
func (s *Service) Names(tx *db.Tx, ids []fact.AccountID) (map[fact.AccountID]string, error) {
	rows, err := db.AllIn(tx, qIn, scan, ids)
	names := make(map[fact.AccountID]string, len(rows))
	for _, a := range rows {
		names[a.ID] = a.Name
	}
	return names, err
}

// ChangeProfile changes one's own name and language.
func (s *Service) ChangeProfile(ctx context.Context, by actor.Actor, name, lang string) error {
	if by.Account == 0 {
		return fault.Unauthenticated()
	}
	name = strings.TrimSpace(name)
	var p fault.Problems
	if name == "" {
		p.Add("name", "required")
	}
	if len([]rune(name)) > 120 {
		p.Add("name", "too_long", 120)
	}
	if !i18n.Known(lang) {
		p.Add("lang", "unknown")
	}
	if p.Any() {
		return p.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qProfile, fact.AccountID(by.Account), name, lang)
		return err
	})
}
