package roster

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/protocol/sheet"
	"causerie/internal/protocol/vcard"
)

// What another program says of somebody whom it wrote to.
const (
	Left       = "left"       // they unsubscribed, or complained
	Unreached  = "unreached"  // their address does not take mail
	Unproved   = "unproved"   // they never confirmed
	Subscriber = "subscriber" // it writes to them
)

// Person is somebody as a row says.
type Person struct {
	Line    int
	Name    string
	Company string
	Role    string
	Place   string
	Note    string
	Lang    string // fr-FR, fr-CA, en, "" when the row does not say
	Emails  []string
	Phones  []string
	Pages   []string
	Known   time.Time        // since when
	Own     map[Field]string // what stands under fields of the house, as it was written
	State   string           // Left, Unreached, Unproved, Subscriber, "" when the row does not say
	StateAt time.Time        // of Left and Unreached
	Consent consent.Evidence
	Bad     bool     // no row could be made of it
	Row     []string // as it was, to be written to the file of what was refused
}

func personOfCard(c vcard.Card) Person {
	own := map[Field]string{}
	for slug, v := range c.Own {
		own[ownSlug(slug)] = v
	}
	return Person{Line: c.Line, Name: c.Name, Company: c.Company, Role: c.Role, Place: c.Town, Own: own, Note: c.Note, Lang: langOf(c.Lang), Emails: c.Emails, Phones: c.Phones,
		Pages: c.Pages, Bad: c.Bad, Row: []string{c.Name, strings.Join(c.Emails, ", "), strings.Join(c.Phones, ", "), c.Company, c.Role}}
}

// cardColumns are the names of Person.Row for cards: those of fields.
var cardColumns = []string{string(Name), string(Email), string(Phone), string(Company), string(Role)}

// between is what Google writes between several values of one cell.
const between = " ::: "

func personOfRow(row sheet.Row, fields []Field, now time.Time) Person {
	p := Person{Line: row.Line, Bad: row.Bad, Row: row.Cells}
	var names [4]string // first, middle, last, whole
	var asked, given time.Time
	say := func(f Field, at time.Time, state string) {
		if f != None && p.State != Left { // to leave is stronger than to bounce
			p.State, p.StateAt = state, at
		}
	}
	for i, cell := range row.Cells {
		if i >= len(fields) {
			break
		}
		cell = text.OneLine(sheet.Plain(cell))
		if cell == "" {
			continue
		}
		switch f := fields[i]; f {
		case First:
			names[0] = cmp.Or(names[0], cell)
		case Middle:
			names[1] = cmp.Or(names[1], cell)
		case Last:
			names[2] = cmp.Or(names[2], cell)
		case Name:
			names[3] = cmp.Or(names[3], cell)
		case Email:
			for _, one := range several(cell, "@") {
				p.Emails = append(p.Emails, bare(one))
			}
		case Phone:
			p.Phones = append(p.Phones, strings.Split(cell, between)...)
		case Page:
			p.Pages = append(p.Pages, strings.Split(cell, between)...)
		case Company:
			p.Company = cmp.Or(p.Company, cell)
		case Role:
			p.Role = cmp.Or(p.Role, cell)
		case Place:
			p.Place = cmp.Or(p.Place, cell)
		case Note:
			p.Note = strings.TrimSpace(p.Note + "\n" + strings.TrimSpace(row.Cells[i]))
		case Lang:
			p.Lang = cmp.Or(p.Lang, langOf(cell))
		case Known:
			p.Known = readTime(cell, now)
		case Status:
			say(f, time.Time{}, stateOf(cell))
		case Subscribed:
			if yes, no := answer(cell); yes {
				say(f, time.Time{}, Subscriber)
			} else if no {
				say(f, time.Time{}, Left)
			}
		case Unsubscribed:
			if yes, _ := answer(cell); yes {
				say(f, time.Time{}, Left)
			}
		case Disabled:
			if yes, _ := answer(cell); yes {
				say(f, time.Time{}, Unreached)
			}
		case UnsubscribedAt:
			say(f, readTime(cell, now), Left)
		case BouncedAt:
			say(f, readTime(cell, now), Unreached)
		case Basis:
			p.Consent.Basis = basisOf(cell)
		case Jurisdiction:
			p.Consent.Jurisdiction = cell
		case Wording:
			p.Consent.Wording = cell
		case Source:
			p.Consent.Source = cell
		case Purpose:
			p.Consent.Purpose = strings.ToLower(cell)
		case Theme:
			p.Consent.Theme = cell
		case Asked:
			asked = readTime(cell, now)
		case Given:
			given = readTime(cell, now)
		default:
			if f.own() && p.Own[f] == "" {
				if p.Own == nil {
					p.Own = map[Field]string{}
				}
				p.Own[f] = cell
			}
		}
	}
	p.Name = cmp.Or(names[3], strings.Join(strings.Fields(strings.Join(names[:3], " ")), " "))
	p.Consent.Asked, p.Consent.At = asked, cmp.Or(given, asked)
	if p.Consent.At.IsZero() && p.State != "" { // of a mailing program: the day on which they subscribed
		p.Consent.At = p.Known
	}
	return p
}

// several parts a cell that holds more than one value, each with a sign that all have.
func several(cell, sign string) []string {
	all := strings.FieldsFunc(strings.ReplaceAll(cell, between, ";"), func(r rune) bool { return r == ';' || r == ',' || r == '|' })
	if len(all) < 2 || slices.ContainsFunc(all, func(s string) bool { return !strings.Contains(s, sign) }) {
		return []string{cell}
	}
	return all
}

// answer reads a yes or a no.
func answer(s string) (yes, no bool) {
	switch text.Fold(s) {
	case "true", "yes", "y", "1", "oui", "o", "vrai", "x", "on":
		return true, false
	case "false", "no", "n", "0", "non", "faux", "off":
		return false, true
	}
	return false, false
}

// states are the words that mailing programs have for where somebody stands.
var states = map[string]string{
	"unsubscribed": Left, "unsub": Left, "opted out": Left, "optout": Left, "opt out": Left, "complained": Left, "spam": Left, "blocklisted": Left,
	"blacklisted": Left, "desinscrit": Left, "desinscrite": Left, "desabonne": Left, "desabonnee": Left, "plainte": Left, "archived": Left, "deleted": Left,
	"bounced": Unreached, "bounce": Unreached, "cleaned": Unreached, "hard bounce": Unreached, "hardbounce": Unreached, "disabled": Unreached, "invalid": Unreached,
	"nettoye": Unreached, "nettoyee": Unreached, "suppressed": Unreached,
	"unconfirmed": Unproved, "pending": Unproved, "non confirme": Unproved, "non confirmee": Unproved, "en attente": Unproved, "transactional": Unproved, "non subscribed": Unproved,
	"subscribed": Subscriber, "confirmed": Subscriber, "enabled": Subscriber, "active": Subscriber, "free": Subscriber, "paid": Subscriber, "comped": Subscriber,
	"abonne": Subscriber, "abonnee": Subscriber, "inscrit": Subscriber, "inscrite": Subscriber, "actif": Subscriber, "active e": Subscriber,
}

// stateOf reads a status. A word that nobody knows is no agreement.
func stateOf(s string) string {
	if state, ok := states[heading(s)]; ok {
		return state
	}
	return Unproved
}

// bases are the words that people have for them beside those of the ledger.
var bases = map[string]string{
	"accord": consent.Agreement, "consentement": consent.Agreement, "opt in": consent.Agreement, "cliente": consent.Client,
	"fonction": consent.Function, "fonction professionnelle": consent.Function, "achat": consent.ImpliedPurchase, "demande": consent.ImpliedInquiry,
	"recommandation": consent.Referral, "retrait": consent.Withdrawal, "opposition": consent.Objection,
}

func basisOf(s string) string {
	if b, ok := bases[heading(s)]; ok {
		return b
	}
	return strings.ReplaceAll(heading(s), " ", "_")
}

func langOf(s string) string {
	if l, ok := i18n.Parse(strings.ReplaceAll(s, "_", "-")); ok && s != "" {
		return string(l)
	}
	switch heading(s) {
	case "french", "francais":
		return string(i18n.FrFR)
	case "english", "anglais":
		return string(i18n.En)
	}
	return ""
}

// layouts are the dates that programs write, besides those with slashes.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02", "02 Jan 2006", "2 Jan 2006", "Jan 2, 2006", "02.01.2006",
	"2006-01-02 15:04:05.999999-07:00", "2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04:05 MST"}

// readTime reads an instant, in UTC where it names no zone; what is none, or has not come yet, is the zero time. Of 03/04/2026 the day is the
// third, as in France and in Canada's French, unless it cannot be.
func readTime(s string, now time.Time) time.Time {
	at := time.Time{}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			at = t
			break
		}
	}
	if date, rest, _ := strings.Cut(s, " "); at.IsZero() && strings.Count(date, "/") == 2 {
		p := strings.Split(date, "/")
		d, errD := strconv.Atoi(p[0])
		m, errM := strconv.Atoi(p[1])
		y, errY := strconv.Atoi(p[2])
		if d > 31 {
			d, y = y, d
		} else if m > 12 {
			d, m = m, d
		}
		if errD == nil && errM == nil && errY == nil && m >= 1 && m <= 12 && d >= 1 && d <= 31 {
			hour, _ := time.Parse("15:04", rest[:min(len(rest), 5)])
			at = time.Date(y, time.Month(m), d, hour.Hour(), hour.Minute(), 0, 0, time.UTC)
		}
	}
	if at.IsZero() || !clock.Within(at) || at.After(now) {
		return time.Time{}
	}
	return at.UTC()
}
