package roster

import (
	"regexp"
	"slices"
	"strings"

	"causerie/internal/platform/text"
)

// Field is what a column of a file says of people.
type Field string

// The fields. None leaves a column out.
const (
	None           Field = ""
	Name           Field = "name"
	First          Field = "first"
	Middle         Field = "middle"
	Last           Field = "last"
	Email          Field = "email"
	Phone          Field = "phone"
	Page           Field = "page"
	Company        Field = "company"
	Role           Field = "role"
	Place          Field = "place" // the town
	Note           Field = "note"
	Lang           Field = "lang"
	Known          Field = "known"        // since when they are known
	Status         Field = "status"       // subscribed, unsubscribed, bounced, in words
	Subscribed     Field = "subscribed"   // yes or no
	Unsubscribed   Field = "unsubscribed" // yes or no
	Disabled       Field = "disabled"     // yes or no: mail cannot reach them
	UnsubscribedAt Field = "unsubscribed_at"
	BouncedAt      Field = "bounced_at"
	Basis          Field = "basis"
	Jurisdiction   Field = "jurisdiction"
	Wording        Field = "wording"
	Source         Field = "source"
	Purpose        Field = "purpose"
	Theme          Field = "theme"
	Asked          Field = "asked_at"
	Given          Field = "at" // when they agreed
)

// Fields returns those that somebody may choose for a column, in the order in which people read them.
func Fields() []Field {
	return []Field{Name, First, Middle, Last, Email, Phone, Page, Company, Role, Place, Note, Lang, Known, Status, Subscribed, Unsubscribed, Disabled,
		UnsubscribedAt, BouncedAt, Basis, Jurisdiction, Wording, Source, Purpose, Theme, Asked, Given}
}

// headings are the names of columns, as heading folds them.
var headings = map[Field][]string{
	Name: {"name", "full name", "display name", "contact name", "contact", "nom complet", "nom affiche", "nom et prenom", "prenom et nom", "prenom nom", "nom prenom",
		"subscriber name", "personne", "fn"},
	First:  {"first name", "firstname", "given name", "prenom", "forename", "fname", "first"},
	Middle: {"middle name", "additional name", "deuxieme prenom", "2e prenom"},
	Last:   {"last name", "lastname", "family name", "surname", "nom de famille", "lname", "last"},
	Email: {"email", "e mail", "mail", "email address", "e mail address", "mail address", "adresse email", "adresse e mail", "adresse mail", "courriel", "adresse courriel",
		"adresse de courriel", "adresse de messagerie", "adresse electronique", "messagerie", "contact email", "subscriber email", "email value", "e mail value", "primary email",
		"work email", "email professionnel", "courriel professionnel"},
	Phone: {"phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "cell phone", "cell", "portable", "telephone mobile", "tel mobile", "telephone portable",
		"numero de telephone", "business phone", "company main phone", "primary phone", "home phone", "other phone", "telephone bureau", "tel bureau", "telephone domicile",
		"tel domicile", "phone value", "sms", "whatsapp", "cellulaire", "fixe", "telephone fixe", "telephone principal", "tel principal"},
	Page:    {"web page", "website", "url", "site web", "page web", "site", "website value", "linkedin", "linkedin url", "profile url", "personal web page"},
	Company: {"company", "company name", "organization", "organisation", "organization name", "societe", "entreprise", "raison sociale", "employeur", "organisme", "compagnie", "account name"},
	Role:    {"job title", "title", "position", "role", "organization title", "fonction", "poste", "occupation", "titre professionnel", "profession", "metier"},
	Place: {"place", "city", "town", "ville", "localite", "commune", "locality", "business city", "work city", "address 1 city", "address city", "city town", "home city",
		"ville professionnelle", "ville bureau", "ville domicile", "ville de residence"},
	Note:       {"note", "notes", "comment", "comments", "commentaire", "commentaires", "remarque", "remarques", "memo"},
	Lang:       {"lang", "language", "langue", "locale"},
	Known:      {"created at", "created", "date added", "added at", "date d ajout", "ajoute le", "cree le", "connected on", "added time", "start date", "date de creation"},
	Status:     {"status", "statut", "subscription status", "etat", "member status", "marketing permissions status"},
	Subscribed: {"subscribed", "subscribed to emails", "abonne", "inscrit", "email subscription", "opt in", "optin"},
	Unsubscribed: {"unsubscribed", "desinscrit", "desabonne", "opt out", "optout", "blacklisted", "blocklisted", "email blacklisted", "email blocklisted", "email campaigns blacklisted",
		"liste noire", "blocklisted email", "email unsubscribed"},
	Disabled:       {"email disabled", "bounced", "invalid", "cleaned", "hard bounce"},
	UnsubscribedAt: {"unsub time", "unsubscribed at", "unsubscribe date", "desinscrit le", "date de desinscription", "opt out time", "optout time"},
	BouncedAt:      {"clean time", "bounced at", "cleaned at"},
	Basis:          {"basis", "fondement", "base legale", "legal basis", "base"},
	Jurisdiction:   {"jurisdiction", "loi", "law", "juridiction"},
	Wording:        {"wording", "texte de l accord", "formulation", "texte", "consent text"},
	Source:         {"source", "origine", "provenance", "signup source", "opt in source"},
	Purpose:        {"purpose", "finalite", "objet"},
	Theme:          {"theme", "sujet"},
	Asked:          {"optin time", "opt in time", "asked at", "demande le"},
	Given:          {"confirm time", "consent at", "consented at", "accord le", "date de l accord", "date de consentement", "consent date", "subscribed at", "subscription date", "inscrit le", "date d inscription", "at"},
}

var (
	byHeading = func() map[string]Field {
		all := map[string]Field{}
		for f, names := range headings {
			for _, n := range names {
				all[n] = f
			}
		}
		return all
	}()
	reNumbered = regexp.MustCompile(`^(e mail|email|phone|website|organization|organisation|telephone|tel|courriel) \d+( (value|address|name|title|valeur))?$`)
	reLetters  = regexp.MustCompile(`[^\p{L}\p{N}]+`)
	reInside   = regexp.MustCompile(`\([^)]*\)`)
)

// heading folds the name of a column: case, accents, signs and what stands in parentheses make no difference.
func heading(s string) string {
	return strings.TrimSpace(reLetters.ReplaceAllString(text.Fold(reInside.ReplaceAllString(s, " ")), " "))
}

// fieldOf recognises a column by its name alone.
func fieldOf(name string) Field {
	h := heading(name)
	if f, ok := byHeading[h]; ok {
		return f
	}
	if m := reNumbered.FindStringSubmatch(h); m != nil {
		if f, ok := byHeading[m[1]+m[2]]; ok {
			return f
		}
	}
	return None
}

// recognise returns what the columns of a table say. A list without headings is told by what stands in its first row.
func recognise(names []string) []Field {
	fields := make([]Field, len(names))
	for i, n := range names {
		fields[i] = fieldOf(n)
	}
	// « Nom » alone is a whole name, beside « Prénom » the family's; Outlook writes « Titre » once for Madame and once for the work.
	first := slices.Index(fields, First)
	for i, n := range names {
		switch heading(n) {
		case "nom", "lastname", "surname":
			fields[i] = Name
			if first >= 0 {
				fields[i] = Last
			}
		case "titre", "title":
			if first > i || first == i+1 {
				fields[i] = None
			} else if heading(n) == "titre" {
				fields[i] = Role
			}
		}
	}
	if i := slices.Index(fields, Last); i >= 0 && first >= 0 { // a groupware's « Nom, Titre, Prénom, …, Nom »: the one behind the first name is meant
		for j := i + 1; j < len(fields); j++ {
			if fields[j] == Last {
				fields[i] = None
				i = j
			}
		}
	}
	if first >= 0 && slices.Contains(fields, Name) && !slices.Contains(fields, Last) { // they say the same: the whole name
		for i, f := range fields {
			if f == First || f == Middle {
				fields[i] = None
			}
		}
	}
	return fields
}

// guess tells the columns of a table without headings by a row: where an address stands, and the first words.
func guess(cells []string) []Field {
	fields := make([]Field, len(cells))
	named := false
	for i, c := range cells {
		c = strings.TrimSpace(c)
		switch {
		case strings.Contains(c, "@") && looksLikeEmail(c):
			fields[i] = Email
		case strings.HasPrefix(c, "http://"), strings.HasPrefix(c, "https://"):
			fields[i] = Page
		case c != "" && strings.Trim(c, "+0123456789 .()-/") == "" && len(c) >= 8:
			fields[i] = Phone
		case c != "" && !named && strings.IndexFunc(c, func(r rune) bool { return r >= 'A' }) >= 0:
			fields[i], named = Name, true
		}
	}
	return fields
}

func looksLikeEmail(s string) bool {
	_, err := text.ParseEmail(bare(s))
	return err == nil
}

// bare takes an address out of « Ana Le Goff <ana@legoff.example> ».
func bare(s string) string {
	if i, j := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>'); i >= 0 && j > i {
		s = s[i+1 : j]
	}
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "mailto:"))
}

// programs are told by headings that only they write.
var programs = []struct {
	name  string
	marks []string
}{
	{"Mailchimp", []string{"member rating", "leid", "euid"}},
	{"Ghost", []string{"subscribed to emails", "complimentary plan", "email"}},
	{"Substack", []string{"email", "email disabled", "expiry"}},
	{"Substack", []string{"email", "prefer digests"}},
	{"listmonk", []string{"uuid", "email", "attributes", "status"}},
	{"Brevo", []string{"contact id", "email", "sms"}},
	{"Brevo", []string{"email", "added time", "modified time"}},
	{"LinkedIn", []string{"first name", "last name", "company", "position", "connected on"}},
	{"Google Contacts", []string{"given name", "family name", "group membership"}},
	{"Google Contacts", []string{"given name", "yomi name"}},
	{"Google Contacts", []string{"phonetic first name", "file as"}},
	{"Outlook", []string{"e mail address", "first name", "business street"}},
	{"Outlook", []string{"first name", "job title", "mobile phone", "company"}},
	{"Outlook", []string{"prenom", "deuxieme prenom", "societe"}},
}

// programOf returns the name of the program that wrote a table, "" for one that is not known.
func programOf(names []string) string {
	have := map[string]bool{}
	for _, n := range names {
		have[heading(n)] = true
	}
	for _, p := range programs {
		if !slices.ContainsFunc(p.marks, func(m string) bool { return !have[m] }) {
			return p.name
		}
	}
	return ""
}
