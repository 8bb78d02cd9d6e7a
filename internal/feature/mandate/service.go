package mandate

import (
	"context"
	"slices"
	"strings"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Options are what a Service needs, all of them.
type Options struct {
	DB       *db.DB
	Bus      *bus.Bus
	House    *house.Service
	Contacts *contact.Service
	Inbox    *inbox.Service
}

// Service is all that is done with mandates, by whoever may write in their voice.
type Service struct {
	db       *db.DB
	bus      *bus.Bus
	house    *house.Service
	contacts *contact.Service
	inbox    *inbox.Service
}

// New returns the service and registers its projection, and that a mandate keeps its client known. Call it once per bus, before the first fact.
func New(o Options) *Service {
	s := &Service{db: o.DB, bus: o.Bus, house: o.House, contacts: o.Contacts, inbox: o.Inbox}
	contact.Moves(o.Bus, "mandate", contact.Mover{Kind: "mandate", Of: qIDsOf, Give: qMerged, Back: qParted})
	bus.Project(o.Bus, "mandate", func(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
		_, err := db.Exec(tx, qHeir, f.Voice, f.Heir)
		return err
	})
	o.Contacts.RegisterTie(func(tx *db.Tx, id fact.ContactID) (bool, error) {
		_, found, err := db.Maybe(tx, qAnyOf, db.Scalar[int], id)
		return found, err
	})
	bus.Project(o.Bus, "mandate", erase)
	bus.Project(o.Bus, "mandate", release)
	return s
}

// HeldIn counts the mandates of a voice.
func (s *Service) HeldIn(tx *db.Tx, v fact.VoiceID) (int, error) {
	return db.One(tx, qHeld, db.Scalar[int], v)
}

// Open opens a mandate in a voice in which by may write. An unknown contact or message is a problem of its field, and so is
// a voice that is missing where by writes in several, but not in all. The same once more by the same account within ten minutes,
// from another tab or a page that was gone back to, is the mandate that is there.
func (s *Service) Open(ctx context.Context, by actor.Actor, in Input) (m Mandate, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err = s.OpenOnceIn(tx, by, in)
		return err
	})
	return m, err
}

// OpenOnceIn is Open inside a transaction.
func (s *Service) OpenOnceIn(tx *db.Tx, by actor.Actor, in Input) (Mandate, error) {
	m, err := s.begin(tx, by, in)
	if err != nil {
		return Mandate{}, err
	}
	same, err := db.All(tx, qSameTitle, scan, m.Title, db.At(tx.Now().Add(-twice)), fact.AccountID(by.Account))
	if err != nil {
		return Mandate{}, err
	}
	if i := slices.IndexFunc(same, m.says); i >= 0 {
		return same[i], nil
	}
	return m, s.put(tx, by, m)
}

// twice is how long the same mandate is one press too many.
const twice = 10 * time.Minute

// FromMessage opens the mandate of a request, or returns the one that was opened from it before: pressing twice is
// pressing once.
func (s *Service) FromMessage(ctx context.Context, by actor.Actor, message fact.MessageID) (m Mandate, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return m, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.inbox.GetIn(tx, by, message); err != nil {
			return err
		}
		var found bool
		if m, found, err = db.Maybe(tx, qByMessage, scan, message); err != nil {
			return err
		}
		if found {
			return m.may(by)
		}
		m, err = s.OpenIn(tx, by, Input{Message: message})
		return err
	})
	return m, err
}

// OpenIn opens a mandate inside a transaction, another one even when the same was just opened.
func (s *Service) OpenIn(tx *db.Tx, by actor.Actor, in Input) (Mandate, error) {
	m, err := s.begin(tx, by, in)
	if err != nil {
		return Mandate{}, err
	}
	return m, s.put(tx, by, m)
}

// begin makes the mandate of in and checks it.
func (s *Service) begin(tx *db.Tx, by actor.Actor, in Input) (Mandate, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Mandate{}, err
	}
	if !in.Message.IsZero() {
		if err := s.fillFromMessage(tx, by, &in); err != nil {
			return Mandate{}, err
		}
	}
	if err := in.chooseVoice(by); err != nil {
		return Mandate{}, err
	}
	h, err := s.house.GetIn(tx)
	if err != nil {
		return Mandate{}, err
	}
	m := Mandate{ID: fact.New[fact.MandateID](tx.Now()), Message: in.Message, Currency: h.Currency, OpenedAt: tx.Now()}
	if !in.OpenedAt.IsZero() {
		m.OpenedAt = in.OpenedAt
	}
	m.apply(in.patch(), tx.Now())
	if !m.Open() && !in.ClosedAt.IsZero() {
		m.ClosedAt = in.ClosedAt
	}
	if err := m.check(); err != nil {
		return Mandate{}, err
	}
	return m, s.known(tx, &m)
}

// put writes a new mandate and its first move.
func (s *Service) put(tx *db.Tx, by actor.Actor, m Mandate) error {
	if err := insert(tx, m); err != nil {
		return err
	}
	if err := insertMove(tx, m, by.Account, m.begun()); err != nil {
		return err
	}
	return s.bus.Emit(tx, by, fact.MandateOpened{Mandate: m.ID, Contact: m.Contact, Message: m.Message})
}

// chooseVoice gives in the voice of who writes in one only, and refuses a voice in which by may not write. Without a
// voice, a mandate is seen by those alone who write in every one.
func (in *Input) chooseVoice(by actor.Actor) error {
	if scope := by.Scope(actor.Author); in.Voice.IsZero() && !scope.All {
		if len(scope.Voices) != 1 {
			return fault.Invalid("voice", "required")
		}
		in.Voice = fact.VoiceID(scope.Voices[0])
	}
	return by.Require(actor.Author, int64(in.Voice))
}

// fillFromMessage gives in what its message says and in does not.
func (s *Service) fillFromMessage(tx *db.Tx, by actor.Actor, in *Input) error {
	m, err := s.inbox.GetIn(tx, by, in.Message)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("message", "unknown")
	}
	if err != nil {
		return err
	}
	if in.Contact.IsZero() {
		in.Contact = m.Contact
	}
	if in.Voice.IsZero() {
		in.Voice = m.Voice
	}
	if strings.TrimSpace(in.Declared) == "" {
		in.Declared = m.How
	}
	if strings.TrimSpace(in.Title) == "" {
		in.Title = Proposed(m)
	}
	return nil
}

// begun is when m entered the stage that it was opened in.
func (m Mandate) begun() time.Time {
	if m.ClosedAt.IsZero() {
		return m.OpenedAt
	}
	return m.ClosedAt
}

// patch turns in into what apply understands, with the defaults of a new mandate.
func (in Input) patch() Patch {
	p := Patch{
		Title: &in.Title, Contact: &in.Contact, Voice: &in.Voice, Stage: &in.Stage, AmountCents: in.AmountCents, NextAct: &in.NextAct,
		NextOn: &in.NextOn, LostReason: &in.LostReason, PostponedUntil: &in.PostponedUntil, Declared: &in.Declared, Note: &in.Note,
	}
	if in.Currency != "" {
		p.Currency = &in.Currency
	}
	if in.Stage == "" {
		if in.Stage = Interest; !in.Message.IsZero() {
			in.Stage = Request
		}
	}
	return p
}

// known checks that the client of m is somebody, and follows an alias.
func (s *Service) known(tx *db.Tx, m *Mandate) error {
	if m.Contact.IsZero() {
		return nil
	}
	found, err := s.contacts.ByIDsIn(tx, []fact.ContactID{m.Contact})
	if err != nil {
		return err
	}
	c, ok := found[m.Contact]
	if !ok {
		return fault.Invalid("contact", "unknown")
	}
	if !c.MergedInto.IsZero() {
		m.Contact = c.MergedInto
	}
	return nil
}

// Change changes a mandate; a new stage is a move, and is kept as one. Who gives it to another voice must write there too.
// It fails as Get does.
func (s *Service) Change(ctx context.Context, by actor.Actor, id fact.MandateID, p Patch) (m Mandate, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err = s.ChangeIn(tx, by, id, p)
		return err
	})
	return m, err
}

// ChangeIn is Change inside a transaction.
func (s *Service) ChangeIn(tx *db.Tx, by actor.Actor, id fact.MandateID, p Patch) (Mandate, error) {
	was, err := s.GetIn(tx, by, id)
	if err != nil {
		return was, err
	}
	if p.Stage == nil {
		p.Stage = &was.Stage // so that a reason or a day that the stage does not bear is put right
	}
	m := was
	m.apply(p, tx.Now())
	if err := m.may(by); err != nil {
		return was, err
	}
	if err := m.check(); err != nil {
		return was, err
	}
	if m.Contact != was.Contact {
		if err := s.known(tx, &m); err != nil {
			return was, err
		}
	}
	if err := update(tx, m); err != nil {
		return was, err
	}
	if m.Stage == was.Stage {
		return m, s.bus.Emit(tx, by, fact.MandateChanged{Mandate: m.ID, Contact: m.Contact})
	}
	if err := insertMove(tx, m, by.Account, tx.Now()); err != nil {
		return was, err
	}
	return m, s.bus.Emit(tx, by, fact.MandateMoved{Mandate: m.ID, Contact: m.Contact, From: was.Stage, To: m.Stage})
}
