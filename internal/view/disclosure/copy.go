package disclosure

import (
	"time"

	"causerie/internal/platform/clock"
)

// Format is the name of the shape of a copy.
const Format = "causerie.person/1"

// Head is how a copy begins.
type Head struct {
	Format   string    `json:"format"`
	House    string    `json:"house"`
	MadeAt   time.Time `json:"made_at"`
	Complete bool      `json:"complete" doc:"false when something of a voice that who asked may not see was left out"`
	Person   Person    `json:"person"`
	Consents []Consent `json:"consents" nullable:"false" doc:"why one may write to them, or may not, the first first"`
	Follows  []Follow  `json:"follows" nullable:"false" doc:"what they receive by mail, or left"`
}

// Person is who somebody is, with the cards that were merged into theirs.
type Person struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Company   string    `json:"company"`
	Role      string    `json:"role"`
	Place     string    `json:"place"`
	Lang      string    `json:"lang"`
	Note      string    `json:"note"`
	Origin    string    `json:"origin"`
	LastAt    *Instant  `json:"last_at"`
	CreatedAt *Instant  `json:"created_at"`
	UpdatedAt *Instant  `json:"updated_at"`
	Handles   []Handle  `json:"handles" nullable:"false"`
	Fields    []Known   `json:"fields" nullable:"false" doc:"what the house noted in fields of its own"`
	Merged    []Another `json:"merged" nullable:"false" doc:"cards of the same person that were merged into this one, and this one as it was before"`
}

// Another is a card that was merged.
type Another struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Company   string   `json:"company"`
	Role      string   `json:"role"`
	Place     string   `json:"place"`
	Note      string   `json:"note"`
	CreatedAt *Instant `json:"created_at"`
	Fields    []Known  `json:"fields" nullable:"false"`
}

// Known is what is known of them in a field of the house.
type Known struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Handle is a way to reach them.
type Handle struct {
	Channel    string   `json:"channel"`
	Value      string   `json:"value"`
	VerifiedAt *Instant `json:"verified_at"`
	CreatedAt  *Instant `json:"created_at"`
}

// Consent is evidence that one may write to them, or may no more.
type Consent struct {
	Channel      string   `json:"channel"`
	Purpose      string   `json:"purpose" doc:"empty of a withdrawal or an objection that stops everything"`
	Basis        string   `json:"basis"`
	Jurisdiction string   `json:"jurisdiction"`
	Wording      string   `json:"wording"`
	Lang         string   `json:"lang"`
	Source       string   `json:"source"`
	Theme        string   `json:"theme"`
	InformedAt   *Instant `json:"informed_at"`
	At           *Instant `json:"at"`
}

// Follow is a voice, or a section of it, that one of their addresses follows, or left.
type Follow struct {
	Address     string   `json:"address"`
	Voice       string   `json:"voice"`
	Section     string   `json:"section" doc:"empty for the whole voice"`
	Rhythm      string   `json:"rhythm" enum:"each,weekly,monthly"`
	Lang        string   `json:"lang"`
	PausedUntil string   `json:"paused_until" doc:"YYYY-MM-DD, empty when there is no pause"`
	AskedAt     *Instant `json:"asked_at" doc:"when they first asked for it themselves; null when they agreed in another way"`
	Since       *Instant `json:"since"`
	LeftAt      *Instant `json:"left_at"`
}

// Message is something that they said, or that the house answered them.
type Message struct {
	ID       string   `json:"id"`
	At       *Instant `json:"at"`
	From     string   `json:"from" enum:"person,house,claimed" doc:"claimed: it says that it comes from one of their addresses, and was taken for spam"`
	Kind     string   `json:"kind"`
	Channel  string   `json:"channel"`
	State    string   `json:"state"`
	Voice    string   `json:"voice" doc:"the name of the voice that was spoken to, or that spoke"`
	About    string   `json:"about" doc:"the post, or the subject"`
	Name     string   `json:"name"`
	Address  string   `json:"address"`
	URL      string   `json:"url"`
	Lang     string   `json:"lang"`
	Body     string   `json:"body"`
	How      string   `json:"how" doc:"what they said brought them"`
	Phone    string   `json:"phone" doc:"the number that they left"`
	Notify   bool     `json:"notify" doc:"they asked for the answer by mail"`
	MailID   string   `json:"mail_id"`
	External string   `json:"external"`
	Reason   string   `json:"reason" doc:"why it was held"`
}

// Mandate is what they asked of the house, or may.
type Mandate struct {
	ID             string   `json:"id"`
	Title          string   `json:"title"`
	Voice          string   `json:"voice"`
	Stage          string   `json:"stage"`
	AmountCents    *int64   `json:"amount_cents"`
	Currency       string   `json:"currency"`
	NextAct        string   `json:"next_act"`
	NextOn         string   `json:"next_on" doc:"YYYY-MM-DD"`
	LostReason     string   `json:"lost_reason"`
	PostponedUntil string   `json:"postponed_until" doc:"YYYY-MM-DD"`
	Declared       string   `json:"declared"`
	Note           string   `json:"note"`
	OpenedAt       *Instant `json:"opened_at"`
	ClosedAt       *Instant `json:"closed_at"`
	UpdatedAt      *Instant `json:"updated_at"`
	DeletedAt      *Instant `json:"deleted_at" doc:"it was deleted, and may still come back"`
}

// Delivery is something that left for them, or waits to.
type Delivery struct {
	ID          string   `json:"id"`
	Channel     string   `json:"channel"`
	Kind        string   `json:"kind"`
	Voice       string   `json:"voice"`
	To          string   `json:"to"`
	Subject     string   `json:"subject"`
	State       string   `json:"state"`
	Reason      string   `json:"reason"`
	ServerReply string   `json:"server_reply"`
	External    string   `json:"external"`
	CreatedAt   *Instant `json:"created_at"`
	At          *Instant `json:"at"`
}

// Moment is one thing that happened.
type Moment struct {
	At       *Instant `json:"at"`
	Kind     string   `json:"kind"`
	Label    string   `json:"label"`
	Observed bool     `json:"observed" doc:"an own act, from an address that they proved"`
}

// Document is a whole copy, for who describes it; it is written piece by piece.
type Document struct {
	Head
	Messages   []Message  `json:"messages" nullable:"false"`
	Mandates   []Mandate  `json:"mandates" nullable:"false"`
	Deliveries []Delivery `json:"deliveries" nullable:"false"`
	Timeline   []Moment   `json:"timeline" nullable:"false"`
}

// Instant is a time.Time, null in JSON when there is none that it can say.
type Instant = time.Time

func instant(t time.Time) *Instant {
	if t.IsZero() || !clock.Sayable(t) {
		return nil
	}
	t = t.UTC()
	return &t
}
