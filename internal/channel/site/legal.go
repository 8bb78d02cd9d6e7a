package site

import (
	"net/http"
	"strings"

	"causerie/internal/core/house"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// legalPage is what the law asks a publisher to show.
type legalPage struct {
	base
	Parts []part
	// For the page about data.
	Email, Address, Officer string
	Authority, AuthorityURL string
	Comments                bool
}

// part is one heading of the legal notice with its lines.
type part struct {
	Title string
	Lines []line
}

// line is a line of the notice: a number to call, an address to write to, or words.
type line struct{ Tel, Email, Label string }

func (h *Handler) mentions(w http.ResponseWriter, r *web.Request) error {
	return h.legal(w, r, "/legal/mentions", "site.legal", h.notices)
}

func (h *Handler) privacy(w http.ResponseWriter, r *web.Request) error {
	return h.legal(w, r, "/legal/privacy", "site.privacy", h.privacies)
}

func (h *Handler) legal(w http.ResponseWriter, r *web.Request, path, title string, view *web.View[legalPage]) error {
	return h.serve(w, r, func(tx *db.Tx, f *frame) (answer, error) {
		if err := h.setVoice(tx, r, f, f.voice); err != nil {
			return nil, err
		}
		setLang(r, f.house.Lang)
		d := legalPage{base: f.base(r, path, r.T(title), nil), Parts: notice(r, f.house)}
		i := f.house.Identity
		d.Email, d.Address, d.Officer = i.ContactEmail, i.Address, i.PrivacyOfficer
		d.Authority, d.AuthorityURL = r.T("site.authority_"+strings.ToLower(f.house.Country)), authority(f.house.Country)
		d.Meta.Lang = string(r.Lang())
		return func(w http.ResponseWriter, r *web.Request) error {
			web.Cacheable(w)
			return view.Render(w, r, http.StatusOK, d)
		}, nil
	})
}

// authority is the page of who watches over personal data in a country.
func authority(country string) string {
	switch country {
	case "CA":
		return "https://www.cai.gouv.qc.ca/"
	case "BE":
		return "https://www.autoriteprotectiondonnees.be/"
	case "CH":
		return "https://www.edoeb.admin.ch/"
	}
	return "https://www.cnil.fr/"
}

// notice says who publishes, who answers for it, and who hosts: what the country asks for (house.Missing), and whatever else
// the identity holds.
func notice(r *web.Request, h house.House) []part {
	i := h.Identity
	var parts []part
	add := func(title string, lines ...line) {
		p := part{Title: r.T(title)}
		for _, l := range lines {
			for one := range strings.SplitSeq(l.Label, "\n") {
				if one = strings.TrimSpace(one); one != "" {
					p.Lines = append(p.Lines, line{l.Tel, l.Email, one})
				}
			}
		}
		if len(p.Lines) > 0 {
			parts = append(parts, p)
		}
	}
	add("site.publisher", words(h.Name), words(i.Registration), words(i.Address), phone(i.Phone), mailTo(i.ContactEmail))
	add("site.director", words(i.PublicationDirector))
	if i.PrivacyOfficer != "" {
		add("site.officer_"+officerOf(h.Country), words(i.PrivacyOfficer), mailTo(i.ContactEmail))
	}
	add("site.host", words(i.HostName), words(i.HostAddress), phone(i.HostPhone))
	return parts
}

// officerOf is the country whose law names the office: Quebec has a word of its own.
func officerOf(country string) string {
	if country == "CA" {
		return "ca"
	}
	return "eu"
}

func words(s string) line { return line{Label: s} }

func mailTo(address string) line { return line{Email: address, Label: address} }

func phone(number string) line { return line{Tel: digits(number), Label: number} }

// digits is a number as it is dialled; "" when there is nothing to dial.
func digits(number string) string {
	return strings.Map(func(c rune) rune {
		if c == '+' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, number)
}
