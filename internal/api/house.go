package api

import (
	"net/http"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// houseJSON is the house; what the law asks a publisher to show stands beside the rest.
type houseJSON struct {
	Name     string   `json:"name"`
	Lang     string   `json:"lang" enum:"fr-FR,fr-CA,en"`
	Country  string   `json:"country"`
	Timezone string   `json:"timezone" doc:"IANA"`
	Currency string   `json:"currency" doc:"ISO 4217"`
	Trade    string   `json:"trade" enum:"mandate,deal,job,order,project" doc:"what its trade calls a mandate"`
	Public   bool     `json:"public"`
	URL      string   `json:"url"`
	Voice    *string  `json:"main_voice" doc:"slug of the voice at /"`
	Missing  []string `json:"missing" nullable:"false" doc:"what the house lacks before it can be public"`

	Address             string `json:"address"`
	Phone               string `json:"phone"`
	PublicationDirector string `json:"publication_director"`
	HostName            string `json:"host_name"`
	HostAddress         string `json:"host_address"`
	HostPhone           string `json:"host_phone"`
	PrivacyOfficer      string `json:"privacy_officer"`
	ContactEmail        string `json:"contact_email"`
	Hours               string `json:"opening_hours" doc:"when people may come or call, in lines"`
	Registration        string `json:"registration"`

	CreatedAt *time.Time `json:"created_at"`
	UpdatedAt *time.Time `json:"updated_at"`
}

type houseBody struct {
	Name     opt[string] `json:"name,omitempty"`
	Lang     opt[string] `json:"lang,omitempty"`
	Country  opt[string] `json:"country,omitempty"`
	Timezone opt[string] `json:"timezone,omitempty"`
	Currency opt[string] `json:"currency,omitempty"`
	Trade    opt[string] `json:"trade,omitempty" enum:"mandate,deal,job,order,project"`
	Public   opt[bool]   `json:"public,omitempty"`
	Voice    opt[string] `json:"main_voice,omitempty" doc:"slug or id"`

	Address             opt[string] `json:"address,omitempty"`
	Phone               opt[string] `json:"phone,omitempty"`
	PublicationDirector opt[string] `json:"publication_director,omitempty"`
	HostName            opt[string] `json:"host_name,omitempty"`
	HostAddress         opt[string] `json:"host_address,omitempty"`
	HostPhone           opt[string] `json:"host_phone,omitempty"`
	PrivacyOfficer      opt[string] `json:"privacy_officer,omitempty"`
	ContactEmail        opt[string] `json:"contact_email,omitempty"`
	Hours               opt[string] `json:"opening_hours,omitempty"`
	Registration        opt[string] `json:"registration,omitempty"`
}

func (a *API) houseRoutes(r *register) {
	read(r, "/house", "getHouse", func(c *call, _ *none) (houseJSON, error) {
		h, err := a.House.Get(c.ctx)
		if err != nil {
			return houseJSON{}, err
		}
		return a.showHouse(c, h)
	})
	write(r, http.MethodPatch, "/house", "changeHouse", http.StatusOK, func(c *call, _ *none, b *houseBody) (houseJSON, error) {
		p := house.Patch{
			Name: b.Name.ptr(), Lang: b.Lang.ptr(), Country: b.Country.ptr(), Zone: b.Timezone.ptr(), Currency: b.Currency.ptr(),
			Trade: b.Trade.ptr(), Public: b.Public.ptr(), Identity: b.identity(),
		}
		var main fact.VoiceID
		if b.Voice.Set {
			v, err := a.voiceNamed(c, "main_voice", b.Voice.V)
			if err != nil {
				return houseJSON{}, err
			}
			main = v.ID
		}
		var h house.House
		err := a.DB.Write(c.ctx, func(tx *db.Tx) (err error) {
			if h, err = a.House.ChangeIn(tx, c.by, p); err != nil || main.IsZero() {
				return err
			}
			return a.Voices.SetMainIn(tx, c.by, main)
		})
		if err != nil {
			return houseJSON{}, renamed(err, "zone", "timezone")
		}
		return a.showHouse(c, h)
	})
}

// identity returns the properties of the identity that are to change, by name.
func (b *houseBody) identity() map[string]string {
	changed := map[string]string{}
	for name, o := range map[string]opt[string]{
		"address": b.Address, "phone": b.Phone, "publication_director": b.PublicationDirector, "host_name": b.HostName,
		"host_address": b.HostAddress, "host_phone": b.HostPhone, "privacy_officer": b.PrivacyOfficer,
		"contact_email": b.ContactEmail, "opening_hours": b.Hours, "registration": b.Registration,
	} {
		if o.Set {
			changed[name] = o.V
		}
	}
	return changed
}

func (a *API) showHouse(c *call, h house.House) (houseJSON, error) {
	out := houseJSON{
		Name: h.Name, Lang: h.Lang, Country: h.Country, Timezone: h.Zone, Currency: h.Currency, Trade: h.Trade, Public: h.Public, URL: a.Places.Last().House("/"),
		Missing: append([]string{}, h.Missing()...),
		Address: h.Identity.Address, Phone: h.Identity.Phone, PublicationDirector: h.Identity.PublicationDirector,
		HostName: h.Identity.HostName, HostAddress: h.Identity.HostAddress, HostPhone: h.Identity.HostPhone,
		PrivacyOfficer: h.Identity.PrivacyOfficer, ContactEmail: h.Identity.ContactEmail, Hours: h.Identity.Hours, Registration: h.Identity.Registration,
		CreatedAt: instant(h.CreatedAt), UpdatedAt: instant(h.UpdatedAt),
	}
	main, err := a.Voices.Main(c.ctx)
	if fault.Is(err, fault.KindNotFound) {
		return out, nil
	}
	out.Voice = orNull(main.Slug)
	return out, err
}

// voiceNamed returns the voice of a slug or an id that stands in a property.
func (a *API) voiceNamed(c *call, field, name string) (v voice.Voice, err error) {
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		v, err = a.voiceIn(tx, c.by, field, name)
		return err
	})
	return v, err
}

// voiceIn is voiceNamed inside a transaction. An internal voice that by does not read in is unknown to them.
func (a *API) voiceIn(tx *db.Tx, by actor.Actor, field, name string) (v voice.Voice, err error) {
	err = fault.NotFound("voice")
	if voice.ValidSlug(name) {
		v, err = a.Voices.BySlugIn(tx, name)
	}
	if id, malformed := fact.Parse[fact.VoiceID](name); fault.Is(err, fault.KindNotFound) && malformed == nil {
		v, err = a.Voices.GetIn(tx, id)
	}
	if err == nil && !v.Public() && !by.Scope(actor.Reader).Has(int64(v.ID)) {
		err = fault.NotFound("voice")
	}
	if fault.Is(err, fault.KindNotFound) {
		code := "unknown"
		if name == "" {
			code = "required"
		}
		err = fault.Invalid(field, code)
	}
	return v, err
}

// renamed gives the problems of one property the name that it has here.
func renamed(err error, from, to string) error {
	problems := fault.ProblemsOf(err)
	for i := range problems {
		if problems[i].Field == from {
			problems[i].Field = to
		}
	}
	return err
}
