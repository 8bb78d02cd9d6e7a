package voice

import (
	"context"
	"strings"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Pictures keeps who refers to which file. core/media fills it.
type Pictures interface {
	ReferIn(tx *db.Tx, by actor.Actor, use media.Use, ids []fact.MediaID) error
}

// Service reads and changes voices.
type Service struct {
	db       *db.DB
	bus      *bus.Bus
	pictures Pictures
	inUse    []func(tx *db.Tx, slug string) (bool, error)
	hangs    []hanging
}

// New returns the service.
func New(d *db.DB, b *bus.Bus, pictures Pictures) *Service {
	return &Service{db: d, bus: b, pictures: pictures}
}

// GuardSlugs has fn asked whether a slug is in use by something else that stands at the root of the house's host: a voice
// cannot have it then. Register before serving.
func (s *Service) GuardSlugs(fn func(tx *db.Tx, slug string) (inUse bool, err error)) {
	s.inUse = append(s.inUse, fn)
}

// GetIn returns a voice; voice.not_found when there is none.
func (s *Service) GetIn(tx *db.Tx, id fact.VoiceID) (Voice, error) {
	return db.One(tx, qByID, scan, id)
}

// BySlugIn returns the voice at /{slug}/; voice.not_found when there is none.
func (s *Service) BySlugIn(tx *db.Tx, slug string) (Voice, error) {
	return db.One(tx, qBySlug, scan, slug)
}

// ListIn returns every voice in the order that the house chose. A house has a handful.
func (s *Service) ListIn(tx *db.Tx) ([]Voice, error) { return db.All(tx, qAll, scan) }

// List is ListIn outside a transaction.
func (s *Service) List(ctx context.Context) (all []Voice, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = s.ListIn(tx)
		return err
	})
	return all, err
}

// Get is GetIn outside a transaction.
func (s *Service) Get(ctx context.Context, id fact.VoiceID) (v Voice, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = s.GetIn(tx, id)
		return err
	})
	return v, err
}

// Names returns the name of every voice.
func (s *Service) Names(ctx context.Context) (map[fact.VoiceID]string, error) {
	all, err := s.List(ctx)
	names := make(map[fact.VoiceID]string, len(all))
	for _, v := range all {
		names[v.ID] = v.Name
	}
	return names, err
}

// NewVoice is what a voice begins with. An empty Slug is made from the name, an empty Accent is the default.
type NewVoice struct {
	Slug, Name, Kind, Lang, Role, Bio, Ask, Accent, Email string
	Portrait, Logo                                        fact.MediaID
	Links                                                 []string
}

// Create makes a voice. Only an owner may.
func (s *Service) Create(ctx context.Context, by actor.Actor, in NewVoice) (v Voice, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		v, err = s.CreateIn(tx, by, in)
		return err
	})
	return v, err
}

// CreateIn is Create inside a transaction.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in NewVoice) (Voice, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return Voice{}, err
	}
	all, err := s.ListIn(tx)
	if err != nil {
		return Voice{}, err
	}
	v := Voice{
		ID: fact.New[fact.VoiceID](tx.Now()), Slug: strings.TrimSpace(in.Slug), Name: strings.TrimSpace(in.Name), Kind: in.Kind, Lang: in.Lang,
		Role: strings.TrimSpace(in.Role), Bio: strings.TrimSpace(in.Bio), Ask: text.OneLine(in.Ask), Accent: strings.ToLower(in.Accent), Portrait: in.Portrait, Logo: in.Logo,
		Email: text.Email(in.Email), Links: in.Links, Receipts: true, Position: len(all), CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	if v.Slug == "" {
		v.Slug = text.Slug(v.Name)
	}
	if v.Accent == "" {
		v.Accent = DefaultAccent
	}
	if err := v.check(); err != nil {
		return v, err
	}
	if err := s.checkSlugIn(tx, v); err != nil {
		return v, err
	}
	if err := insert(tx, v); err != nil {
		return v, err
	}
	if _, err := db.Exec(tx, qSettle, "", v.Slug, v.ID, db.At(tx.Now())); err != nil {
		return v, err
	}
	return v, s.publishChange(tx, by, v, fact.VoiceCreated{Voice: v.ID})
}

// Patch is what may change; nil leaves a thing as it is.
type Patch struct {
	Slug, Name, Kind, Lang, Role, Bio, Ask, Accent, Email *string
	Receipts                                              *bool
	Receipt                                               *string
	Portrait, Logo                                        *fact.MediaID
	Links                                                 *[]string
	Position                                              *int
}

// Change changes a voice. An editor of the voice may change how it presents itself, only an owner its address and kind.
func (s *Service) Change(ctx context.Context, by actor.Actor, id fact.VoiceID, p Patch) (v Voice, err error) {
	if err := by.Require(actor.Editor, int64(id)); err != nil {
		return v, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if v, err = s.GetIn(tx, id); err != nil {
			return err
		}
		was := v
		set := func(dst, src *string) {
			if src != nil {
				*dst = strings.TrimSpace(*src)
			}
		}
		set(&v.Slug, p.Slug)
		set(&v.Name, p.Name)
		set(&v.Kind, p.Kind)
		set(&v.Lang, p.Lang)
		set(&v.Role, p.Role)
		set(&v.Bio, p.Bio)
		if p.Ask != nil {
			v.Ask = text.OneLine(*p.Ask)
		}
		set(&v.Accent, p.Accent)
		if set(&v.Email, p.Email); p.Email != nil {
			v.Email = text.Email(v.Email)
		}
		set(&v.Receipt, p.Receipt)
		if p.Receipts != nil {
			v.Receipts = *p.Receipts
		}
		v.Accent = strings.ToLower(v.Accent)
		if p.Portrait != nil {
			v.Portrait = *p.Portrait
		}
		if p.Logo != nil {
			v.Logo = *p.Logo
		}
		if p.Links != nil {
			v.Links = *p.Links
		}
		if p.Position != nil {
			v.Position = *p.Position
		}
		if v.Slug != was.Slug || v.Kind != was.Kind {
			if err := by.Require(actor.Owner, 0); err != nil {
				return err
			}
		}
		if err := v.check(); err != nil {
			return err
		}
		if err := s.changeHomeIn(tx, by, was, v); err != nil {
			return err
		}
		v.UpdatedAt = tx.Now()
		if err := update(tx, v); err != nil {
			return err
		}
		return s.publishChange(tx, by, v, fact.VoiceChanged{Voice: v.ID})
	})
	return v, err
}

// checkSlugIn refuses the slug of v when something else has it, or another voice once had: "taken", "was_home".
func (s *Service) checkSlugIn(tx *db.Tx, v Voice) error {
	other, found, err := db.Maybe(tx, qSlugEver, db.Scalar[fact.VoiceID], v.Slug)
	if err != nil {
		return err
	}
	if found && other != v.ID {
		return fault.Invalid("slug", "taken")
	}
	code, err := s.heldIn(tx, v.ID, "", v.Slug)
	if err != nil {
		return err
	}
	for _, inUse := range s.inUse {
		if code != "" {
			break
		}
		taken, err := inUse(tx, v.Slug)
		if err != nil {
			return err
		}
		if taken {
			code = "taken"
		}
	}
	if code != "" {
		return fault.Invalid("slug", code)
	}
	return nil
}

// changeHomeIn moves a voice whose slug or kind changes. The main voice cannot become internal: kind "main".
func (s *Service) changeHomeIn(tx *db.Tx, by actor.Actor, was, v Voice) error {
	if v.Slug != was.Slug {
		if err := s.checkSlugIn(tx, v); err != nil {
			return err
		}
		if err := s.renameIn(tx, by, v); err != nil {
			return err
		}
	}
	if v.Public() || !was.Public() {
		return nil
	}
	home, err := db.One(tx, qHome, scanHome, v.ID)
	switch {
	case err != nil:
		return err
	case home.Main():
		return fault.Invalid("kind", "main") // the site would have nothing at /
	case home.Host != "":
		return s.moveIn(tx, by, v.ID, Home{Root: v.Slug})
	}
	return nil
}

func (s *Service) publishChange(tx *db.Tx, by actor.Actor, v Voice, what bus.Fact) error {
	use := media.Use{Kind: "voice", Subject: int64(v.ID), Voice: v.ID, Published: true, Public: v.Public()}
	var pictures []fact.MediaID
	for _, id := range []fact.MediaID{v.Portrait, v.Logo} {
		if !id.IsZero() {
			pictures = append(pictures, id)
		}
	}
	if err := s.pictures.ReferIn(tx, by, use, pictures); err != nil {
		return err
	}
	return s.bus.Emit(tx, by, what)
}
