package mandate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/money"
)

// The stages of a mandate.
const (
	Interest  = "interest"
	Request   = "request"
	Talk      = "talk"
	Proposal  = "proposal"
	Won       = "won"
	Lost      = "lost"
	Postponed = "postponed"
)

// Stages returns every stage, in the order of life.
func Stages() []string {
	return []string{Interest, Request, Talk, Proposal, Won, Lost, Postponed}
}

// Steps returns the stages that lead to a win, the win included.
func Steps() []string { return []string{Interest, Request, Talk, Proposal, Won} }

// Next returns the stage that comes after stage on the way to a win; "" after the proposal, when it is won or lost, and for what
// is postponed.
func Next(stage string) string {
	steps := Steps()
	if at := slices.Index(steps, stage); at >= 0 && at < len(steps)-2 {
		return steps[at+1]
	}
	return ""
}

// MaxAmount is the largest amount, in cents: a hundred billion.
const MaxAmount = 100_000_000_000_00

// SumOfAmounts is, in a statement, the sum of amount_cents. An amount that no door of the program lets in is not counted: one row
// never costs the sum of the others.
var SumOfAmounts = fmt.Sprintf("CAST(COALESCE(SUM(CASE WHEN amount_cents BETWEEN 0 AND %d THEN amount_cents END), 0) AS BIGINT)", int64(MaxAmount))

// Mandate is a piece of business, hoped for or won.
type Mandate struct {
	ID             fact.MandateID
	Title          string
	Contact        fact.ContactID // 0: nobody yet
	Message        fact.MessageID // the request it came from; 0: none
	Voice          fact.VoiceID   // the voice that was asked; 0: none, so that only who writes in every voice sees it
	Stage          string
	AmountCents    *int64 // nil: not known yet
	Currency       string // ISO 4217
	NextAct        string
	NextOn         clock.Day
	LostReason     string
	PostponedUntil clock.Day
	Declared       string // what the client said brought them
	Note           string
	OpenedAt       time.Time
	ClosedAt       time.Time // when it was won or lost
	UpdatedAt      time.Time
	DeletedAt      time.Time // zero: it is there
}

// Open reports whether m may still be won without being reopened first.
func (m Mandate) Open() bool { return m.Stage != Won && m.Stage != Lost }

// says reports whether n holds what m does, but for when it was opened.
func (m Mandate) says(n Mandate) bool {
	a, known := m.Amount()
	b, alsoKnown := n.Amount()
	if a != b || known != alsoKnown {
		return false
	}
	n.ID, n.AmountCents, n.OpenedAt, n.ClosedAt, n.UpdatedAt = m.ID, m.AmountCents, m.OpenedAt, m.ClosedAt, m.UpdatedAt
	return m == n
}

// may returns nil when by may see m and change it.
func (m Mandate) may(by actor.Actor) error { return by.Require(actor.Author, int64(m.Voice)) }

// Amount returns the amount in cents and whether it is known.
func (m Mandate) Amount() (cents int64, known bool) {
	if m.AmountCents == nil {
		return 0, false
	}
	return *m.AmountCents, true
}

// Input is what a mandate is opened with.
type Input struct {
	Title          string
	Contact        fact.ContactID
	Message        fact.MessageID // its contact, voice and declaration are taken where Input has none
	Voice          fact.VoiceID   // 0 is the one of who writes in one voice only
	Stage          string         // "" is Request when there is a message, else Interest
	AmountCents    *int64
	Currency       string // "" is the house's
	NextAct        string
	NextOn         clock.Day
	LostReason     string
	PostponedUntil clock.Day
	Declared       string
	Note           string
	OpenedAt       time.Time // zero is now
	ClosedAt       time.Time // zero is now, for what is opened won or lost
}

// Patch is what may change; nil leaves a thing as it is.
type Patch struct {
	Title          *string
	Contact        *fact.ContactID
	Voice          *fact.VoiceID
	Stage          *string
	AmountCents    *int64
	NoAmount       bool // the amount is not known any more
	Currency       *string
	NextAct        *string
	NextOn         *clock.Day
	LostReason     *string
	PostponedUntil *clock.Day
	Declared       *string
	Note           *string
}

// Move is one stage that a mandate entered.
type Move struct {
	Stage   string
	Account fact.AccountID // 0: the program or an import
	At      time.Time
}

// apply puts p into m. Entering or leaving a stage carries its consequences with it.
func (m *Mandate) apply(p Patch, now time.Time) {
	set(&m.Title, p.Title)
	set(&m.Currency, p.Currency)
	m.Currency = strings.ToUpper(m.Currency)
	set(&m.NextAct, p.NextAct)
	set(&m.LostReason, p.LostReason)
	set(&m.Declared, p.Declared)
	set(&m.Note, p.Note)
	give(&m.Contact, p.Contact)
	give(&m.Voice, p.Voice)
	give(&m.NextOn, p.NextOn)
	give(&m.PostponedUntil, p.PostponedUntil)
	if p.AmountCents != nil {
		cents := *p.AmountCents
		m.AmountCents = &cents
	}
	if p.NoAmount {
		m.AmountCents = nil
	}
	if p.Stage != nil {
		m.enter(*p.Stage, now)
	}
	m.UpdatedAt = now
}

// enter puts m into a stage and keeps what belongs to stages true: what is closed has an instant, what is lost waits for
// nothing, what is postponed comes back on its day, what goes on again has neither reason nor day of its pause.
func (m *Mandate) enter(stage string, now time.Time) {
	was := m.Stage
	m.Stage = stage
	switch {
	case m.Open():
		m.ClosedAt = time.Time{}
	case was != stage || m.ClosedAt.IsZero():
		m.ClosedAt = now
	}
	if stage == Lost {
		m.NextAct, m.NextOn = "", clock.Day{}
	} else {
		m.LostReason = ""
	}
	if stage == Postponed {
		if m.NextOn.IsZero() || m.NextOn.Before(m.PostponedUntil) {
			m.NextOn = m.PostponedUntil
		}
	} else {
		m.PostponedUntil = clock.Day{}
	}
}

// check tells what a person must still mend.
func (m Mandate) check() error {
	var p fault.Problems
	text := func(field, s string, max int) {
		if len([]rune(s)) > max {
			p.Add(field, "too_long", max)
		}
	}
	if m.Title == "" {
		p.Add("title", "required")
	}
	text("title", m.Title, 200)
	text("next_act", m.NextAct, 200)
	text("lost_reason", m.LostReason, 500)
	text("declared", m.Declared, 2000)
	text("note", m.Note, 5000)
	if !slices.Contains(Stages(), m.Stage) {
		p.Add("stage", "unknown")
	}
	if m.Stage == Lost && m.LostReason == "" {
		p.Add("lost_reason", "required")
	}
	if m.Stage == Postponed && m.PostponedUntil.IsZero() {
		p.Add("postponed_until", "required")
	}
	day := func(field string, d clock.Day) {
		if !d.IsZero() && !d.Within() {
			p.Add(field, "date_beyond")
		}
	}
	day("next_on", m.NextOn)
	day("postponed_until", m.PostponedUntil)
	if cents, known := m.Amount(); known && (cents < 0 || cents > MaxAmount) {
		p.Add("amount_cents", "amount")
	}
	if !money.ValidCurrency(m.Currency) {
		p.Add("currency", "unknown")
	}
	return p.Err()
}

func set(dst, src *string) {
	if src != nil {
		*dst = strings.TrimSpace(*src)
	}
}

func give[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}
