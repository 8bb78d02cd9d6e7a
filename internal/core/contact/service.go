package contact

import (
	"cmp"
	"context"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Space is the space of fulltext in which contacts are found.
const Space = "contact"

// Service reads and changes contacts. Authors of any voice may.
type Service struct {
	db       *db.DB
	bus      *bus.Bus
	channels map[string]HandleChannel
	ties     []Tie
}

// New returns the service.
func New(d *db.DB, b *bus.Bus) *Service {
	s := &Service{db: d, bus: b, channels: map[string]HandleChannel{}}
	for _, c := range handleChannels {
		s.RegisterHandles(c)
	}
	bus.Project(b, "contact", refold)
	return s
}

// Who is what somebody says of themselves, and where they said it.
type Who struct {
	Name, Lang string
	Origin     string // FromComment, FromRequest or FromImport
}

// FindIn returns who has a handle and the handle itself, and false when nobody does. Nothing is made and nothing is touched.
func (s *Service) FindIn(tx *db.Tx, in NewHandle) (Contact, Handle, bool, error) {
	h, err := s.ReadIn(tx, in)
	if err != nil {
		return Contact{}, h, false, err
	}
	known, found, err := db.Maybe(tx, qHandleByKey, scanHandle, h.Channel, h.Key)
	if err != nil || !found {
		return Contact{}, h, false, err
	}
	c, err := s.GetIn(tx, known.Contact)
	return c, known, err == nil, err
}

// FindOrCreateIn returns the contact and the handle of somebody who wrote, making both when the handle is new. The name is
// kept only when there was none: whoever writes cannot rename somebody. A proved handle is verified. at is when they wrote.
func (s *Service) FindOrCreateIn(tx *db.Tx, by actor.Actor, in NewHandle, who Who, at time.Time) (Contact, Handle, error) {
	c, h, found, err := s.FindIn(tx, in)
	if err != nil {
		return c, h, err
	}
	if !found {
		c, err = s.insertIn(tx, by, Contact{Name: who.Name, Lang: who.Lang, Origin: who.Origin, LastAt: at}, []Handle{h})
		if err != nil {
			return c, h, err
		}
		h = c.Handles[0]
	} else if c.Name == "" && who.Name != "" {
		c.Name, c.UpdatedAt = who.Name, tx.Now()
		if err := s.changed(tx, by, c); err != nil {
			return c, h, err
		}
	}
	if in.Verified && !h.Verified() {
		if h, err = s.VerifyIn(tx, by, h.ID); err != nil {
			return c, h, err
		}
	}
	return c, h, s.TouchIn(tx, c.ID, at)
}

// NewContact is somebody whom a person of the house, or a program, writes down.
type NewContact struct {
	Name, Email, Phone, Company, Role, Place, Lang, Note, Origin string

	Fields map[fact.FieldID]string // what is known in fields of the house, as somebody wrote it
}

// Create writes somebody down. A handle that is already known is the problem "known" of its channel.
// Who has none, written down once more in the same words within ten minutes, is the person who is there.
func (s *Service) Create(ctx context.Context, by actor.Actor, in NewContact) (c Contact, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err = s.CreateOnceIn(tx, by, in)
		return err
	})
	return c, err
}

// CreateOnceIn is Create inside a transaction.
func (s *Service) CreateOnceIn(tx *db.Tx, by actor.Actor, in NewContact) (Contact, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Contact{}, err
	}
	if strings.TrimSpace(in.Email) == "" && strings.TrimSpace(in.Phone) == "" { // an address tells by itself who is known
		in := in.settled()
		same, err := db.All(tx, qTwins, scan, text.Fold(in.Name), db.At(tx.Now().Add(-twice)))
		if err != nil {
			return Contact{}, err
		}
		if err := fill(tx, same); err != nil {
			return Contact{}, err
		}
		for _, c := range same {
			if in.says(c) {
				return c, nil
			}
		}
	}
	return s.CreateIn(tx, by, in)
}

// says reports whether in says of c what is known of them, no less and no more.
func (in NewContact) says(c Contact) bool {
	for id, written := range in.Fields {
		if c.In(id) != text.OneLine(written) {
			return false
		}
	}
	return c.Name == in.Name && c.Company == in.Company && c.Role == in.Role && c.Place == in.Place && c.Lang == in.Lang && c.Note == in.Note && c.Origin == in.Origin
}

// settled returns in as it is kept, without its addresses.
func (in NewContact) settled() NewContact {
	in.Name, in.Company, in.Role, in.Note = text.Name(in.Name), strings.TrimSpace(in.Company), strings.TrimSpace(in.Role), strings.TrimSpace(in.Note)
	in.Place = text.OneLine(in.Place)
	in.Origin, in.Lang = cmp.Or(in.Origin, ByHand), cmp.Or(in.Lang, "fr-FR")
	return in
}

// twice is how long the same words are one press too many.
const twice = 10 * time.Minute

// CreateIn makes somebody known inside a transaction, another one even when the same words just did.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in NewContact) (Contact, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Contact{}, err
	}
	in = in.settled()
	var handles []Handle
	var problems fault.Problems
	for _, given := range []NewHandle{{Channel: Email, Value: in.Email}, {Channel: Phone, Value: in.Phone}} {
		if strings.TrimSpace(given.Value) == "" {
			continue
		}
		h, err := s.ReadIn(tx, given)
		problems = append(problems, fault.ProblemsOf(err)...)
		handles = append(handles, h)
	}
	if in.Name == "" && len(handles) == 0 {
		problems.Add("name", "required")
	}
	if problems.Any() {
		return Contact{}, problems.Err()
	}
	for _, h := range handles {
		if _, found, err := db.Maybe(tx, qHandleByKey, scanHandle, h.Channel, h.Key); err != nil || found {
			if found {
				err = fault.Invalid(h.Channel, "known")
			}
			return Contact{}, err
		}
	}
	c, err := s.insertIn(tx, by, Contact{
		Name: in.Name, Company: in.Company, Role: in.Role, Place: in.Place, Lang: in.Lang, Note: in.Note, Origin: in.Origin, LastAt: tx.Now(),
	}, handles)
	if err != nil || len(in.Fields) == 0 {
		return c, err
	}
	if err := s.setIn(tx, &c, in.Fields); err != nil {
		return c, err
	}
	return c, index(tx, c)
}

func (s *Service) insertIn(tx *db.Tx, by actor.Actor, c Contact, handles []Handle) (Contact, error) {
	c.ID, c.CreatedAt, c.UpdatedAt = fact.New[fact.ContactID](tx.Now()), tx.Now(), tx.Now()
	if c.Origin == FromImport || by.Backfilling() {
		c.CreatedAt = c.LastAt
	}
	if err := c.check(); err != nil {
		return c, err
	}
	if err := insert(tx, c); err != nil {
		return c, err
	}
	for _, h := range handles {
		h, err := addHandle(tx, c.ID, h, tx.Now())
		if err != nil {
			return c, err
		}
		c.Handles = append(c.Handles, h)
	}
	if err := index(tx, c); err != nil {
		return c, err
	}
	return c, s.bus.Emit(tx, by, fact.ContactCreated{Contact: c.ID, Origin: c.Origin})
}

// Patch is what may change; nil leaves a thing as it is. Email and Phone are added to what is known.
type Patch struct {
	Name, Company, Role, Place, Lang, Note, Email, Phone *string

	Fields map[fact.FieldID]string // of the house, as somebody wrote it; "" takes a value back
}

// Change changes what is known of somebody.
func (s *Service) Change(ctx context.Context, by actor.Actor, id fact.ContactID, p Patch) (c Contact, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if c, err = s.GetIn(tx, id); err != nil {
			return err
		}
		set := func(dst, src *string) {
			if src != nil {
				*dst = strings.TrimSpace(*src)
			}
		}
		if p.Name != nil {
			if c.Name = text.Name(*p.Name); c.Name == "" && strings.TrimSpace(*p.Name) != "" {
				return fault.Invalid("name", "required") // nobody would see it
			}
		}
		set(&c.Company, p.Company)
		set(&c.Role, p.Role)
		set(&c.Place, p.Place)
		set(&c.Lang, p.Lang)
		set(&c.Note, p.Note)
		problems := fault.ProblemsOf(c.check())
		if err := s.setIn(tx, &c, p.Fields); err != nil {
			if problems = append(problems, fault.ProblemsOf(err)...); !problems.Any() {
				return err
			}
		}
		if problems.Any() {
			return problems.Err()
		}
		for _, given := range []struct {
			channel string
			value   *string
		}{{Email, p.Email}, {Phone, p.Phone}} {
			if given.value == nil || strings.TrimSpace(*given.value) == "" {
				continue
			}
			if err := s.addIn(tx, &c, given.channel, *given.value); err != nil {
				return err
			}
		}
		c.UpdatedAt = tx.Now()
		return s.changed(tx, by, c)
	})
	return c, err
}

func (s *Service) addIn(tx *db.Tx, c *Contact, channel, value string) error {
	h, err := s.ReadIn(tx, NewHandle{Channel: channel, Value: value})
	if err != nil {
		return err
	}
	known, found, err := db.Maybe(tx, qHandleByKey, scanHandle, h.Channel, h.Key)
	if err != nil || (found && known.Contact == c.ID) {
		return err
	}
	if found {
		return fault.Invalid(channel, "known")
	}
	h, err = addHandle(tx, c.ID, h, tx.Now())
	c.Handles = append(c.Handles, h)
	return err
}

func (s *Service) changed(tx *db.Tx, by actor.Actor, c Contact) error {
	if err := update(tx, c); err != nil {
		return err
	}
	if err := index(tx, c); err != nil {
		return err
	}
	return s.bus.Emit(tx, by, fact.ContactChanged{Contact: c.ID})
}

// VerifyIn notes that the owner of a handle proved it. A second time changes nothing.
func (s *Service) VerifyIn(tx *db.Tx, by actor.Actor, id fact.HandleID) (Handle, error) {
	h, err := db.One(tx, qHandleByID, scanHandle, id)
	if err != nil || h.Verified() {
		return h, err
	}
	if _, err := db.Exec(tx, qVerify, id, db.At(tx.Now())); err != nil {
		return h, err
	}
	h.VerifiedAt = tx.Now()
	return h, s.bus.Emit(tx, by, fact.HandleVerified{Contact: h.Contact, Handle: h.ID})
}

// HandleIn returns a handle.
func (s *Service) HandleIn(tx *db.Tx, id fact.HandleID) (Handle, error) {
	return db.One(tx, qHandleByID, scanHandle, id)
}

// TouchIn notes that something was said from or to a contact at that instant.
func (s *Service) TouchIn(tx *db.Tx, id fact.ContactID, at time.Time) error {
	_, err := db.Exec(tx, qTouch, id, db.At(at))
	return err
}

// UntouchIn takes back that the last word was said at was: it is then last, but not before the contact was known.
func (s *Service) UntouchIn(tx *db.Tx, id fact.ContactID, was, last time.Time) error {
	_, err := db.Exec(tx, qUntouch, id, db.At(was), db.At(last))
	return err
}
