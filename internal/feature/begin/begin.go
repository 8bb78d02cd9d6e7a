// Package begin makes a house out of an empty database: the house, its owner, the first voice and a welcome draft, in
// one transaction, from one form or one command.
//
// Nothing exists before it and it runs once: a second call is the conflict house.exists. The page is open to the machine
// itself (loopback); from elsewhere it asks for a one-time key that the log shows at each start while there is no house.
// It emits HouseSetUp.
package begin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"

	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Input is what the form and the command ask.
type Input struct {
	House      string
	OwnerName  string
	OwnerEmail string
	Password   string
	Lang       string // fr-FR, fr-CA or en; "" is fr-FR
	Country    string // FR, CA, BE or CH; "" is FR
	Zone       string // "" is the country's
	Identity   house.Identity
	Public     bool
}

// Begun is what was made.
type Begun struct {
	House house.House
	Owner account.Account
	Voice voice.Voice
	Draft post.Post
}

// Welcome gives the title and the Markdown of the first draft in a language.
type Welcome func(lang string) (title, body string)

// Service sets a house up.
type Service struct {
	db       *db.DB
	bus      *bus.Bus
	houses   *house.Service
	accounts *account.Service
	voices   *voice.Service
	posts    *post.Service
	welcome  Welcome
	key      string
}

// New returns the service with a fresh one-time key.
func New(d *db.DB, b *bus.Bus, h *house.Service, a *account.Service, v *voice.Service, p *post.Service, w Welcome) *Service {
	raw := make([]byte, 15)
	rand.Read(raw)
	return &Service{db: d, bus: b, houses: h, accounts: a, voices: v, posts: p, welcome: w,
		key: strings.ToLower(base32.StdEncoding.EncodeToString(raw))}
}

// Key is what /setup asks of those who do not sit at the machine. It is good for this process and this one house.
func (s *Service) Key() string { return s.key }

// Opens reports whether key is the one-time key.
func (s *Service) Opens(key string) bool {
	return subtle.ConstantTimeCompare([]byte(strings.TrimSpace(key)), []byte(s.key)) == 1
}

// Done reports whether there is a house.
func (s *Service) Done(ctx context.Context) (bool, error) {
	_, err := s.houses.Get(ctx)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Begin makes the house. Problems are named by the fields house, owner_name, owner_email, password, lang, country,
// timezone and those of the identity.
func (s *Service) Begin(ctx context.Context, in Input) (made Begun, err error) {
	by := actor.System()
	if in.Lang == "" {
		in.Lang = "fr-FR"
	}
	if in.Country == "" {
		in.Country = "FR"
	}
	if done, err := s.Done(ctx); err != nil || done {
		if done {
			err = fault.Conflict("house.exists")
		}
		return made, err
	}
	problems := in.check()
	email, err := text.ParseEmail(in.OwnerEmail)
	if err != nil {
		problems.Add("owner_email", "email")
	}
	hash, err := s.accounts.Hash(ctx, in.Password, email, in.House, in.OwnerName)
	if err != nil {
		if !fault.Is(err, fault.KindInvalid) {
			return made, err
		}
		problems = append(problems, fault.ProblemsOf(err)...)
	}
	if problems.Any() {
		return made, problems.Err()
	}
	if in.Identity.ContactEmail == "" {
		in.Identity.ContactEmail = email
	}
	title, body := s.welcome(in.Lang)
	draft, err := s.posts.Prepare(ctx, by, post.Input{Kind: post.Article, Title: title, Body: body, Lang: in.Lang})
	if err != nil {
		return made, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made = Begun{}
		if made.House, err = s.houses.CreateIn(tx, by, house.NewHouse{
			Name: in.House, Lang: in.Lang, Country: in.Country, Zone: in.Zone, Identity: in.Identity, Public: in.Public,
		}); err != nil {
			return renamed(err)
		}
		if made.Owner, err = s.accounts.CreateIn(tx, by, account.NewAccount{
			Email: email, Name: in.OwnerName, Lang: in.Lang, Password: hash, Grants: []actor.Grant{{Role: actor.Owner}},
		}); err != nil {
			return err
		}
		if made.Voice, err = s.voices.CreateIn(tx, by, voice.NewVoice{
			Slug: slugOf(in.OwnerName), Name: in.OwnerName, Kind: voice.Personal, Lang: in.Lang,
		}); err != nil {
			return err
		}
		if err := s.voices.SetMainIn(tx, by, made.Voice.ID); err != nil {
			return err
		}
		// The draft below is the only text there is. Without this note whoever serves the house first would set all that it has by then.
		if err := house.TypesetBy.SetIn(tx, by, text.Version); err != nil {
			return err
		}
		draft.Voice = made.Voice.ID
		if made.Draft, err = s.posts.CreateIn(tx, made.Owner.Actor(), draft); err != nil {
			return err
		}
		return s.bus.Emit(tx, made.Owner.Actor(), fact.HouseSetUp{House: made.House.ID, Owner: made.Owner.ID, Voice: made.Voice.ID})
	})
	return made, err
}

func (in Input) check() fault.Problems {
	var p fault.Problems
	if strings.TrimSpace(in.House) == "" {
		p.Add("house", "required")
	}
	if strings.TrimSpace(in.OwnerName) == "" {
		p.Add("owner_name", "required")
	}
	if len([]rune(in.OwnerName)) > 120 {
		p.Add("owner_name", "too_long", 120)
	}
	return p
}

// slugOf takes the first name, as people speak of a voice; the whole name when that is taken by the site itself.
func slugOf(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	for _, s := range []string{text.Slug(first), text.Slug(name)} {
		if voice.ValidSlug(s) && !voice.Reserved(s) {
			return s
		}
	}
	return "voix"
}

// renamed gives the house's own problems the names of this form's fields.
func renamed(err error) error {
	problems := fault.ProblemsOf(err)
	if !fault.Is(err, fault.KindInvalid) {
		return err
	}
	for i, p := range problems {
		if p.Field == "name" {
			problems[i].Field = "house"
		}
	}
	return problems.Err()
}
