package house

import (
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/money"
	"causerie/internal/platform/text"
)

// House is the one row of the house.
type House struct {
	ID        fact.HouseID
	Name      string
	Lang      string // fr-FR, fr-CA or en: what its own pages and mails speak
	Country   string // FR, CA, BE or CH: whose law it lives under
	Zone      string // an IANA zone, Europe/Paris
	Currency  string // ISO 4217
	Trade     string // one of Trades
	Public    bool
	Identity  Identity
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Identity is what the law asks a publisher to show. In JSON and on the command line its properties are these.
type Identity struct {
	Address             string `json:"address,omitempty"`
	Phone               string `json:"phone,omitempty"`
	PublicationDirector string `json:"publication_director,omitempty"`
	HostName            string `json:"host_name,omitempty"`
	HostAddress         string `json:"host_address,omitempty"`
	HostPhone           string `json:"host_phone,omitempty"`
	PrivacyOfficer      string `json:"privacy_officer,omitempty"`
	ContactEmail        string `json:"contact_email,omitempty"`
	Hours               string `json:"opening_hours,omitempty"` // when people may come or call, in lines
	Registration        string `json:"registration,omitempty"`  // RCS, SIREN, NEQ... with its capital where the law wants it
}

// Field is one property of an identity with its name in forms and JSON.
type Field struct {
	Name  string
	Value *string
}

// Fields lists the properties of i in the order in which people fill them.
func (i *Identity) Fields() []Field {
	return []Field{
		{"address", &i.Address}, {"phone", &i.Phone}, {"contact_email", &i.ContactEmail}, {"opening_hours", &i.Hours},
		{"registration", &i.Registration}, {"publication_director", &i.PublicationDirector},
		{"host_name", &i.HostName}, {"host_address", &i.HostAddress}, {"host_phone", &i.HostPhone},
		{"privacy_officer", &i.PrivacyOfficer},
	}
}

// asked is what each country wants shown before a house is public.
//
// France: loi 2004-575 (LCEN) as amended on 21 May 2024, article 1-1: name, address, phone, publication director, and
// the host's name, address and phone. Quebec: Act respecting the protection of personal information in the private
// sector, section 3.1: the title and contact details of the person in charge of privacy; name and address as anywhere.
// Belgium (Code de droit économique, XII.6) and Switzerland (LCD, article 3, letter s): name, address and an e-mail.
var asked = map[string][]string{
	"FR": {"address", "phone", "publication_director", "host_name", "host_address", "host_phone"},
	"CA": {"address", "contact_email", "privacy_officer"},
	"BE": {"address", "contact_email"},
	"CH": {"address", "contact_email"},
}

// Countries lists the countries whose law the program knows.
func Countries() []string { return []string{"FR", "CA", "BE", "CH"} }

// wanted tells which properties of the identity the country asks for.
func wanted(country string) []string {
	if f, ok := asked[country]; ok {
		return f
	}
	return asked["FR"]
}

// Missing tells which of the properties that the country wants are still empty.
func Missing(country, name string, i Identity) []string {
	var missing []string
	if strings.TrimSpace(name) == "" {
		missing = append(missing, "name")
	}
	values := map[string]string{}
	for _, f := range i.Fields() {
		values[f.Name] = *f.Value
	}
	for _, field := range wanted(country) {
		if strings.TrimSpace(values[field]) == "" {
			missing = append(missing, field)
		}
	}
	return missing
}

// Location returns the zone of the house, UTC if the machine does not know it.
func (h House) Location() *time.Location {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Today returns the civil day of the house at now.
func (h House) Today(now time.Time) clock.Day { return clock.DayOf(now, h.Location()) }

// Imprint is who the house is, in lines, at the end of what it mails to people outside (rule R8; in France Code de commerce, art. R123-237,
// elsewhere what asked names): its name and registration, where it is on paper, and one more way to reach it.
func (h House) Imprint() (lines []string) {
	for _, part := range [...]string{h.Name, h.Identity.Registration, h.Identity.Address, h.Identity.Phone, h.Identity.ContactEmail} {
		for line := range strings.SplitSeq(text.Clip(part, 600), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// Missing tells what h still lacks before it can be public.
func (h House) Missing() []string { return Missing(h.Country, h.Name, h.Identity) }

// Trades are the words that a house may have for its mandates: the names of the terms of the catalogs (i18n), the first of which
// is the one with which the texts are written.
func Trades() []string { return []string{"mandate", "deal", "job", "order", "project"} }

// tradeOf returns the word of a new house: outside Quebec nobody calls a job a mandate in English.
func tradeOf(lang, country string) string {
	if lang == string(i18n.En) && country != "CA" {
		return "project"
	}
	return "mandate"
}

// Defaults returns the zone and the currency of a country.
func Defaults(country string) (zone, currency string) {
	switch country {
	case "CA":
		return "America/Toronto", "CAD"
	case "BE":
		return "Europe/Brussels", "EUR"
	case "CH":
		return "Europe/Zurich", "CHF"
	}
	return "Europe/Paris", "EUR"
}

// check returns what is wrong with h, whatever its state.
func (h House) check() error {
	var p fault.Problems
	if h.Name == "" {
		p.Add("name", "required")
	}
	if len([]rune(h.Name)) > 120 {
		p.Add("name", "too_long", 120)
	}
	if !i18n.Known(h.Lang) {
		p.Add("lang", "unknown")
	}
	if _, ok := asked[h.Country]; !ok {
		p.Add("country", "unknown")
	}
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" || h.Zone == "Local" {
		p.Add("timezone", "unknown")
	}
	if !money.ValidCurrency(h.Currency) {
		p.Add("currency", "unknown")
	}
	if !slices.Contains(Trades(), h.Trade) {
		p.Add("trade", "unknown")
	}
	for _, f := range h.Identity.Fields() {
		if len([]rune(*f.Value)) > 500 {
			p.Add(f.Name, "too_long", 500)
		}
	}
	if e := h.Identity.ContactEmail; e != "" {
		if !mail.Carries(e) { // answers leave in its name
			p.Add("contact_email", "email")
		}
	}
	return p.Err()
}

// canOpen returns the conflict that names what is missing, or nil.
func (h House) canOpen() error {
	missing := h.Missing()
	if len(missing) == 0 {
		return nil
	}
	e := fault.Conflict("house.incomplete", strings.Join(missing, ", "))
	for _, field := range missing {
		e.Problems = append(e.Problems, fault.Problem{Field: field, Code: "required"})
	}
	return e
}
