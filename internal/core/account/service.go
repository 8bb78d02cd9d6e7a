package account

import (
	"cmp"
	"context"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/text"
)

// Options are what a Service needs: DB and Bus.
type Options struct {
	DB  *db.DB
	Bus *bus.Bus
	// Postman mails to people about their account. Without one, a forgotten password is reset on the command line.
	Postman Postman
	// Queue looks for the account of a forgotten password later, so that the answer comes as soon for every address. Without one
	// it is done at once.
	Queue *queue.Queue
	// House returns the name of the house, which no password may hold. nil knows none.
	House func(tx *db.Tx) (string, error)
	// Voice reports whether there is a voice. nil believes in all.
	Voice func(tx *db.Tx, voice fact.VoiceID) (bool, error)
}

// Service reads and changes accounts.
type Service struct {
	o      Options
	db     *db.DB
	bus    *bus.Bus
	hasher hasher
}

// New returns the service. Call it once per queue, before that runs.
func New(o Options) *Service {
	s := &Service{o: o, db: o.DB, bus: o.Bus, hasher: newHasher()}
	if o.Queue != nil {
		queue.Handle(o.Queue, forgotJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, body forgotten) error {
			return s.mailReset(ctx, body.Email)
		})
	}
	if o.Bus != nil {
		bus.Project(o.Bus, "account", s.voiceRemoved)
	}
	return s
}

// voiceRemoved takes away every right on a voice that is no more. Nobody gets one elsewhere by it: that is an owner's to give.
func (s *Service) voiceRemoved(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
	lost, err := db.All(tx, qDropVoice, db.Scalar[fact.AccountID], int64(f.Voice))
	if err != nil {
		return err
	}
	for _, a := range lost {
		if err := endWithoutGrants(tx, a); err != nil {
			return err
		}
		if err := s.bus.Emit(tx, actor.System(), fact.AccountGranted{Account: a, Voice: f.Voice, Role: actor.None.String()}); err != nil {
			return err
		}
	}
	return nil
}

// HeldIn counts who has a right on that voice in particular.
func (s *Service) HeldIn(tx *db.Tx, v fact.VoiceID) (int, error) {
	return db.One(tx, qOnVoice, db.Scalar[int], int64(v))
}

// NewAccount is what an account begins with.
type NewAccount struct {
	Email, Name, Lang string
	Password          Hash // from Hash; "" cannot sign in until a password is set
	Grants            []actor.Grant
}

// Hash checks a new password and returns its hash; about is what guessers know: names of the person and the house, the
// address. It takes some 30 ms, so call it before a transaction.
func (s *Service) Hash(ctx context.Context, password string, about ...string) (Hash, error) {
	if err := checkPassword(password, about...); err != nil {
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
		p = append(p, fault.ProblemsOf(err)...)
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
	if err := s.checkGrants(tx, in.Grants); err != nil {
		return Account{}, err
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
	if err := s.bus.Emit(tx, by, fact.AccountCreated{Account: a.ID}); err != nil {
		return a, err
	}
	if a.Actor().On(0) == actor.Owner {
		return a, s.tellOfOwner(tx, a)
	}
	return a, nil
}

// tellOfOwner tells every owner that a is one now. The first one of a house knows.
func (s *Service) tellOfOwner(tx *db.Tx, a Account) error {
	if n, err := db.One(tx, qOwners, db.Scalar[int], a.ID); err != nil || n == 0 {
		return err
	}
	return s.tellIn(tx, a, true, Notice{What: NoticeOwner, Args: []string{a.Name, a.Email}})
}

// checkGrants returns the problem of grants that no page offers: a role that there is not, an owner of one voice, a voice
// that there is not.
func (s *Service) checkGrants(tx *db.Tx, grants []actor.Grant) error {
	for _, g := range grants {
		switch {
		case g.Role < actor.None || g.Role > actor.Owner:
			return fault.Invalid("role", "unknown")
		case g.Voice == 0 || g.Role == actor.None:
			continue
		case g.Role == actor.Owner:
			return fault.Invalid("voice", "owner_of_all")
		case s.o.Voice == nil:
			continue
		}
		there, err := s.o.Voice(tx, fact.VoiceID(g.Voice))
		if err == nil && !there {
			err = fault.Invalid("voice", "unknown")
		}
		if err != nil {
			return err
		}
	}
	return nil
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
		if err := s.checkGrants(tx, []actor.Grant{{Voice: int64(voice), Role: role}}); err != nil {
			return err
		}
		was, err := one(tx, qByID, account)
		if err != nil {
			return err
		}
		if voice == 0 && role != actor.Owner {
			if err := otherOwner(tx, account); err != nil {
				return err
			}
		}
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
		if voice == 0 && role == actor.Owner && was.Actor().On(0) < actor.Owner {
			if err := s.tellOfOwner(tx, was); err != nil {
				return err
			}
		}
		return s.bus.Emit(tx, by, fact.AccountGranted{Account: account, Voice: voice, Role: role.String()})
	})
}

// Disable ends every session and every token of account and lets it sign in no more, or lets it again. Only an owner may.
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
		return endAll(tx, account)
	})
}

// endAll ends what opens the house in the name of account: sessions and tokens.
func endAll(tx *db.Tx, account fact.AccountID) error {
	if _, err := db.Exec(tx, qEndSessions, account, int64(0)); err != nil {
		return err
	}
	_, err := db.Exec(tx, qDropTokens, account)
	return err
}

// endWithoutGrants signs out who has nothing left to do here, from browsers and programs. A grant that is lower than before
// needs no more: grants are read at every request.
func endWithoutGrants(tx *db.Tx, account fact.AccountID) error {
	left, err := db.AllIn(tx, qGrants, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(new(any), new(any), new(any)) }, []fact.AccountID{account})
	if err != nil || len(left) > 0 {
		return err
	}
	return endAll(tx, account)
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

// ChangeEmail changes one's own address, by which one signs in; the address before is told.
func (s *Service) ChangeEmail(ctx context.Context, by actor.Actor, email string) error {
	if by.Account == 0 {
		return fault.Unauthenticated()
	}
	address, err := text.ParseEmail(email)
	if err != nil {
		return err
	}
	key := text.FoldEmail(address)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := one(tx, qByID, by.Account)
		if err != nil || a.Email == address {
			return err
		}
		other, found, err := db.Maybe(tx, qByEmail, scan, key)
		if err != nil || found && other.ID != a.ID {
			return cmp.Or(err, error(fault.Invalid("email", "taken")))
		}
		if _, err := db.Exec(tx, qEmail, a.ID, address, key); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDropResets, a.ID, db.At(tx.Now())); err != nil { // one that waits went to the address before
			return err
		}
		return s.tellIn(tx, a, false, Notice{What: NoticeAddress, Args: []string{address}})
	})
}

// AllNamesIn returns the names of everybody who may sign in, or once could.
func (s *Service) AllNamesIn(tx *db.Tx) ([]string, error) {
	all, err := db.All(tx, qAll, scan)
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.Name
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
