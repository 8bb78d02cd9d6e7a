package consent

import (
	"slices"
	"strings"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// For what somebody is written to.
const (
	Letter   = "letter"   // what a voice publishes
	Nudge    = "nudge"    // a word of one's own, unasked
	Question = "question" // what the house asks people
)

// On what a row stands.
const (
	Agreement       = "consent"               // they said yes
	Client          = "client"                // they bought, and were told that they may object (CPCE art. L34-5)
	Function        = "professional_function" // because of their function in a firm (CNIL, 17 February 2005)
	ImpliedPurchase = "implied_purchase"      // a purchase, a contract (LCAP art. 10(10)(a))
	ImpliedInquiry  = "implied_inquiry"       // an inquiry, a request for a quote (LCAP art. 10(10)(e))
	Referral        = "referral"              // somebody whom both know (SOR/2013-221, art. 4)
	Withdrawal      = "withdrawal"            // they take their agreement back
	Objection       = "objection"             // they want nothing of the kind (GDPR art. 21)
	Use             = "use"                   // a message left that may leave once
	Told            = "told"                  // a message told them where their address comes from, and that they may object
)

// Purposes returns for what somebody may be written to, in the order in which people read them.
func Purposes() []string { return []string{Letter, Nudge, Question} }

// Bases returns what allows to write, in the order in which people read them.
func Bases() []string {
	return []string{Agreement, Client, Function, ImpliedPurchase, ImpliedInquiry, Referral}
}

// The bounds of what is typed, in characters.
const (
	MaxWording = 2000
	MaxSource  = 300
	MaxTheme   = 200
)

// Evidence is what is known when a row is added.
type Evidence struct {
	Channel      string    // of a handle: contact.Email when empty
	Purpose      string    // one of Purposes; of a stop, "" stops them all
	Basis        string    // one of Bases, Withdrawal or Objection
	Jurisdiction string    // whose law holds, a country of ISO 3166-1 in two letters; the house's when empty
	Wording      string    // what they agreed to, word by word
	Version      string    // which version of it, as a form calls it
	Lang         string    // its language
	Source       string    // where it came from: a page, a fair, who gave the name
	Theme        string    // of Function: what the messages are about
	Asked        time.Time // zero when nobody asked
	Informed     time.Time // of Function: when they were told, and could object
	At           time.Time // when it was given, now when zero
}

// Consent is a row of the ledger.
type Consent struct {
	ID        fact.ConsentID
	Contact   fact.ContactID
	Evidence                  // Source is empty once the person was erased
	Account   fact.AccountID  // who entered it, zero when they did it themselves
	Delivery  fact.DeliveryID // of Use and Told: which message
	EnteredBy string          // the name of Account today; no part of the evidence
	EnteredAt time.Time
	Hash      string // SHA-256 of the row and of the hash before it, in hexadecimal

	seq                             int64
	address, sourceDigest, previous string
}

// stops reports whether a basis ends what was before.
func stops(basis string) bool { return basis == Withdrawal || basis == Objection }

// notes reports whether a row says what left, and neither allows nor forbids by itself.
func notes(basis string) bool { return basis == Use || basis == Told }

// Checked returns e as it is kept, in a house of a country, and the problems that Record would have with it at an instant.
func (e Evidence) Checked(country string, now time.Time) (Evidence, error) {
	if e.Jurisdiction == "" {
		e.Jurisdiction = country
	}
	return e.read(now)
}

// read returns e as it is kept, and what is wrong with it, at the names of the API.
func (e Evidence) read(now time.Time) (Evidence, error) {
	var p fault.Problems
	if e.Channel == "" {
		e.Channel = contact.Email
	}
	e.Wording, e.Source, e.Theme = strings.TrimSpace(e.Wording), strings.TrimSpace(e.Source), strings.TrimSpace(e.Theme)
	e.Jurisdiction = strings.ToUpper(strings.TrimSpace(e.Jurisdiction))
	if e.At.IsZero() {
		e.At = now
	}
	if !slices.Contains([]string{contact.Email, contact.Phone}, e.Channel) {
		p.Add("channel", "unknown")
	}
	if !slices.Contains(Purposes(), e.Purpose) && !(stops(e.Basis) && e.Purpose == "") {
		p.Add("purpose", "unknown")
	}
	if !slices.Contains(Bases(), e.Basis) && !stops(e.Basis) {
		p.Add("basis", "unknown")
	}
	if len(e.Jurisdiction) != 2 || strings.Trim(e.Jurisdiction, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		p.Add("jurisdiction", "country")
	}
	for _, f := range []struct {
		field, value string
		max          int
	}{{"wording", e.Wording, MaxWording}, {"source", e.Source, MaxSource}, {"theme", e.Theme, MaxTheme}, {"version", e.Version, 60}} {
		if len([]rune(f.value)) > f.max {
			p.Add(f.field, "too_long", f.max)
		}
	}
	if e.Basis == Agreement && e.Wording == "" {
		p.Add("wording", "required") // who sends must show what was agreed to (GDPR art. 7(1))
	}
	if (e.Basis == Function || e.Basis == Referral) && e.Source == "" {
		p.Add("source", "required")
	}
	for _, f := range []struct {
		field string
		at    time.Time
	}{{"at", e.At}, {"asked_at", e.Asked}, {"informed_at", e.Informed}} {
		switch {
		case f.at.IsZero():
		case !clock.Within(f.at):
			p.Add(f.field, "date")
		case f.at.After(now.Add(5 * time.Minute)): // clocks of other programs
			p.Add(f.field, "future")
		}
	}
	return e, p.Err()
}
