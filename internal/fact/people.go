package fact

// ContactCreated: somebody outside is known (Origin "comment", "request", "manual", "import", "api").
type ContactCreated struct {
	Contact ContactID `json:"contact"`
	Origin  string    `json:"origin"`
}

// MaxMany is how many people, or rows about people, one plural fact holds.
const MaxMany = 500

// ContactsImported: a list made these people known, and completed what was known of others. It holds MaxMany at most of both; a long
// list says it many times.
type ContactsImported struct {
	Created   []ContactID `json:"created"`
	Completed []ContactID `json:"completed"`
}

// ContactChanged: what is known of somebody changed.
type ContactChanged struct {
	Contact ContactID `json:"contact"`
}

// ContactsMerged: two contacts were one person; Gone is now an alias of Contact.
type ContactsMerged struct {
	Contact ContactID `json:"contact"`
	Gone    ContactID `json:"gone"`
}

// ContactsParted: two contacts that had been merged are two people after all; Gone is no alias of Contact any more, and has again what was its own
// when they were merged.
type ContactsParted struct {
	Contact ContactID `json:"contact"`
	Gone    ContactID `json:"gone"`
}

// ContactErased: somebody is no longer known, with every handle: they asked to be forgotten, or only spam had made them known.
// Whoever keeps their words, or anything about them, deletes or blanks it in the same commit. Aliases of a person are erased by
// a fact each.
type ContactErased struct {
	Contact ContactID `json:"contact"`
}

// ConsentRecorded: a row was added to what allows to write to somebody, or forbids it (Basis of core/consent).
type ConsentRecorded struct {
	Contact ContactID `json:"contact"`
	Consent ConsentID `json:"consent"`
	Basis   string    `json:"basis"`
}

// ConsentsRecorded is ConsentRecorded for the rows of a list: of whom there are new ones, each once. It holds MaxMany at most.
type ConsentsRecorded struct {
	Contacts []ContactID `json:"contacts"`
}

// HandleVerified: somebody proved that an address is theirs.
type HandleVerified struct {
	Contact ContactID `json:"contact"`
	Handle  HandleID  `json:"handle"`
}

// MessageReceived: somebody said something (What "comment", "request", "pingback", "trackback"); State is what became
// of it at once: "open", "held", "spam", or for an import any state.
type MessageReceived struct {
	Message      MessageID      `json:"message"`
	Conversation ConversationID `json:"conversation"`
	Contact      ContactID      `json:"contact"`
	Post         PostID         `json:"post"`
	What         string         `json:"what"`
	State        string         `json:"state"`
}

// MessageApproved: a held message is now visible.
type MessageApproved struct {
	Message MessageID `json:"message"`
	Contact ContactID `json:"contact"`
	Post    PostID    `json:"post"`
}

// MessageRejected: a message was judged spam or was removed (As "spam", "removed").
type MessageRejected struct {
	Message MessageID `json:"message"`
	Contact ContactID `json:"contact"`
	Post    PostID    `json:"post"`
	As      string    `json:"as"`
}

// MessageAnswered: the house answered To with Answer.
type MessageAnswered struct {
	Answer  MessageID `json:"answer"`
	To      MessageID `json:"to"`
	Contact ContactID `json:"contact"`
	Post    PostID    `json:"post"`
	Channel string    `json:"channel"` // how it leaves besides the page: "mail", or ""
}

// AnswerChanged: an answer of the house was taken away from where others see it, or put back.
type AnswerChanged struct {
	Answer  MessageID `json:"answer"`
	Post    PostID    `json:"post"`
	Visible bool      `json:"visible"`
}

// MessageClosed: nothing more is to be done about a message.
type MessageClosed struct {
	Message MessageID `json:"message"`
}

// DeliverySettled: somebody took a delivery back. What the channel answered is in the row, and no fact.
type DeliverySettled struct {
	Delivery DeliveryID `json:"delivery"`
	State    string     `json:"state"`
}

// MandateOpened: a request, or a talk, is followed as business.
type MandateOpened struct {
	Mandate MandateID `json:"mandate"`
	Contact ContactID `json:"contact"`
	Message MessageID `json:"message"`
}

// MandateMoved: it went from one stage to another.
type MandateMoved struct {
	Mandate MandateID `json:"mandate"`
	Contact ContactID `json:"contact"`
	From    string    `json:"from"`
	To      string    `json:"to"`
}

// MandateChanged: its amount, title or next act changed, not its stage.
type MandateChanged struct {
	Mandate MandateID `json:"mandate"`
	Contact ContactID `json:"contact"`
}

// MandateDeleted: it was deleted, and may come back for a while.
type MandateDeleted struct {
	Mandate MandateID `json:"mandate"`
	Contact ContactID `json:"contact"`
}

// MandateRestored: what was deleted is there again, as it was.
type MandateRestored struct {
	Mandate MandateID `json:"mandate"`
	Contact ContactID `json:"contact"`
}

func (ContactCreated) Kind() string   { return "contact.created" }
func (ContactsImported) Kind() string { return "contacts.imported" }
func (ContactChanged) Kind() string   { return "contact.changed" }
func (ContactsMerged) Kind() string   { return "contact.merged" }
func (ContactsParted) Kind() string   { return "contact.parted" }
func (ContactErased) Kind() string    { return "contact.erased" }
func (ConsentRecorded) Kind() string  { return "consent.recorded" }
func (ConsentsRecorded) Kind() string { return "consents.recorded" }
func (HandleVerified) Kind() string   { return "contact.handle_verified" }
func (MessageReceived) Kind() string  { return "message.received" }
func (MessageApproved) Kind() string  { return "message.approved" }
func (MessageRejected) Kind() string  { return "message.rejected" }
func (MessageAnswered) Kind() string  { return "message.answered" }
func (AnswerChanged) Kind() string    { return "answer.changed" }
func (MessageClosed) Kind() string    { return "message.closed" }
func (DeliverySettled) Kind() string  { return "delivery.settled" }
func (MandateOpened) Kind() string    { return "mandate.opened" }
func (MandateMoved) Kind() string     { return "mandate.moved" }
func (MandateChanged) Kind() string   { return "mandate.changed" }
func (MandateDeleted) Kind() string   { return "mandate.deleted" }
func (MandateRestored) Kind() string  { return "mandate.restored" }

func (f ContactCreated) Subject() int64  { return int64(f.Contact) }
func (ContactsImported) Subject() int64  { return 0 }
func (f ContactChanged) Subject() int64  { return int64(f.Contact) }
func (f ContactsMerged) Subject() int64  { return int64(f.Contact) }
func (f ContactsParted) Subject() int64  { return int64(f.Contact) }
func (f ContactErased) Subject() int64   { return int64(f.Contact) }
func (f ConsentRecorded) Subject() int64 { return int64(f.Contact) }
func (ConsentsRecorded) Subject() int64  { return 0 }
func (f HandleVerified) Subject() int64  { return int64(f.Contact) }
func (f MessageReceived) Subject() int64 { return int64(f.Message) }
func (f MessageApproved) Subject() int64 { return int64(f.Message) }
func (f MessageRejected) Subject() int64 { return int64(f.Message) }
func (f MessageAnswered) Subject() int64 { return int64(f.Answer) }
func (f AnswerChanged) Subject() int64   { return int64(f.Answer) }
func (f MessageClosed) Subject() int64   { return int64(f.Message) }
func (f DeliverySettled) Subject() int64 { return int64(f.Delivery) }
func (f MandateOpened) Subject() int64   { return int64(f.Mandate) }
func (f MandateMoved) Subject() int64    { return int64(f.Mandate) }
func (f MandateChanged) Subject() int64  { return int64(f.Mandate) }
func (f MandateDeleted) Subject() int64  { return int64(f.Mandate) }
func (f MandateRestored) Subject() int64 { return int64(f.Mandate) }
