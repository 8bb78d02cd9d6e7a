package house

import (
	"context"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/text"
)

// Service reads and changes the house.
type Service struct {
	db  *db.DB
	bus *bus.Bus
	box *seal.Box
}

// New returns the service. Secrets are sealed in box.
func New(d *db.DB, b *bus.Bus, box *seal.Box) *Service { return &Service{db: d, bus: b, box: box} }

// Get returns the house; house.not_found before it is set up.
func (s *Service) Get(ctx context.Context) (h House, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		h, err = s.GetIn(tx)
		return err
	})
	return h, err
}

// GetIn is Get inside a transaction.
func (s *Service) GetIn(tx *db.Tx) (House, error) { return db.One(tx, qGet, scan) }

// CountryIn returns the country of the house, "" before there is one.
func CountryIn(tx *db.Tx) (string, error) {
	country, _, err := db.Maybe(tx, qCountry, db.Scalar[string])
	return country, err
}

// NewHouse is what a house begins with. An empty Zone or Currency takes the country's.
type NewHouse struct {
	Name, Lang, Country, Zone string
	Identity                  Identity
	Public                    bool
}

// CreateIn makes the house, once: house.exists when there is one already. Its voice may be made after it in the same
// transaction.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in NewHouse) (House, error) {
	if _, found, err := db.Maybe(tx, qGet, scan); err != nil || found {
		if found {
			err = fault.Conflict("house.exists")
		}
		return House{}, err
	}
	zone, currency := Defaults(in.Country)
	if in.Zone != "" {
		zone = in.Zone
	}
	h := House{
		ID: fact.New[fact.HouseID](tx.Now()), Name: strings.TrimSpace(in.Name), Lang: in.Lang, Country: in.Country, Zone: zone,
		Currency: currency, Trade: tradeOf(in.Lang, in.Country), Identity: in.Identity, Public: in.Public, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	if err := h.check(); err != nil {
		return House{}, err
	}
	if h.Public {
		if err := h.canOpen(); err != nil {
			return House{}, err
		}
	}
	if err := insert(tx, h); err != nil {
		return House{}, err
	}
	return h, nil
}

// Patch is what may change; nil leaves a thing as it is. Identity holds the properties to change, by name.
type Patch struct {
	Name, Lang, Country, Zone, Currency, Trade *string
	Identity                                   map[string]string
	Public                                     *bool
}

// Change changes the house. Only an owner may. It refuses to open a house whose identity is incomplete
// (house.incomplete, with what is missing), and to empty what an open house must show.
func (s *Service) Change(ctx context.Context, by actor.Actor, p Patch) (h House, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		h, err = s.ChangeIn(tx, by, p)
		return err
	})
	return h, err
}

// ChangeIn is Change inside a transaction.
func (s *Service) ChangeIn(tx *db.Tx, by actor.Actor, p Patch) (House, error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return House{}, err
	}
	was, err := s.GetIn(tx)
	if err != nil {
		return House{}, err
	}
	h, err := was.with(p)
	if err != nil {
		return h, err
	}
	h.UpdatedAt = tx.Now()
	if err := update(tx, h); err != nil {
		return h, err
	}
	var what bus.Fact = fact.HouseChanged{House: h.ID}
	switch {
	case h.Public && !was.Public:
		what = fact.HouseOpened{House: h.ID}
	case was.Public && !h.Public:
		what = fact.HouseClosed{House: h.ID}
	}
	return h, s.bus.Emit(tx, by, what)
}

// with returns h changed by p, or why that cannot be.
func (h House) with(p Patch) (House, error) {
	set := func(dst, src *string) {
		if src != nil {
			*dst = strings.TrimSpace(*src)
		}
	}
	set(&h.Name, p.Name)
	set(&h.Lang, p.Lang)
	set(&h.Country, p.Country)
	set(&h.Zone, p.Zone)
	set(&h.Currency, p.Currency)
	set(&h.Trade, p.Trade)
	var wrong fault.Problems
	for _, f := range h.Identity.Fields() {
		v, ok := p.Identity[f.Name]
		if v = strings.TrimSpace(v); !ok || v == *f.Value {
			continue
		}
		if (f.Name == "phone" || f.Name == "host_phone") && v != "" && !callable(v) {
			wrong.Add(f.Name, "phone")
		}
		if f.Name == "contact_email" {
			v = text.Email(v)
		}
		*f.Value = v
	}
	if p.Public != nil {
		h.Public = *p.Public
	}
	if err := h.check(); err != nil {
		return h, err
	}
	if wrong.Any() {
		return h, wrong.Err()
	}
	if h.Public {
		return h, h.canOpen()
	}
	return h, nil
}
