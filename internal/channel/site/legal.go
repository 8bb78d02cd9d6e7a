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
	Lines []link // a URL makes a line a link
}

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

// notice says who publishes, who answers for it, and who hosts: what house.Asked wants for the country, and whatever else
// the identity holds.
func notice(r *web.Request, h house.House) []part {
	i := h.Identity
	var parts []part
	add := func(title string, lines ...link) {
		p := part{Title: r.T(title)}
		for _, l := range lines {
			for line := range strings.SplitSeq(l.Label, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					p.Lines = append(p.Lines, link{l.URL, line})
				}
			}
		}
		if len(p.Lines) > 0 {
			parts = append(parts, p)
		}
	}
	add("site.publisher", link{"", h.Name}, link{"", i.Registration}, link{"", i.Address}, phone(i.Phone), mailTo(i.ContactEmail))
	add("site.director", link{"", i.PublicationDirector})
	if i.PrivacyOfficer != "" {
		add("site.officer_"+officerOf(h.Country), link{"", i.PrivacyOfficer}, mailTo(i.ContactEmail))
	}
	add("site.host", link{"", i.HostName}, link{"", i.HostAddress}, phone(i.HostPhone))
	return parts
}

// officerOf is the country whose law names the office: Quebec has a word of its own.
func officerOf(country string) string {
	if country == "CA" {
		return "ca"
	}
	return "eu"
}

func mailTo(address string) link {
	if address == "" {
		return link{}
	}
	return link{"mailto:" + address, address}
}

func phone(number string) link {
	digits := strings.Map(func(c rune) rune {
		if c == '+' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, number)
	if digits == "" {
		return link{"", number}
	}
	return link{"tel:" + digits, number}
}
