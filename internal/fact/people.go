package fact

// ContactCreated: somebody outside is known (Origin "comment", "request", "manual", "import", "api").
type ContactCreated struct {
	Contact ContactID
	Origin  string
}

// ContactChanged: what is known of somebody changed.
type ContactChanged struct{ Contact ContactID }

// ContactsMerged: two contacts were one person; Gone is now an alias of Contact.
type ContactsMerged struct {
	Contact ContactID
	Gone    ContactID
}

// ContactErased: somebody is no longer known, with every handle; what hung on them goes, or forgets them.
type ContactErased struct{ Contact ContactID }

// HandleVerified: somebody proved that an address is theirs.
type HandleVerified struct {
	Contact ContactID
	Handle  HandleID
}

// MessageReceived: somebody said something (What "comment", "request", "pingback", "trackback"); State is what became
// of it at once: "open", "held", "spam", or for an import any state.
type MessageReceived struct {
	Message      MessageID
	Conversation ConversationID
	Contact      ContactID
	Post         PostID
	What         string
	State        string
}

// MessageApproved: a held message is now visible.
type MessageApproved struct {
	Message MessageID
	Contact ContactID
	Post    PostID
}

// MessageRejected: a message was judged spam or was removed (As "spam", "removed").
type MessageRejected struct {
	Message MessageID
	Contact ContactID
	Post    PostID
	As      string
}

// MessageAnswered: the house answered To with Answer.
type MessageAnswered struct {
	Answer  MessageID
	To      MessageID
	Contact ContactID
	Post    PostID
	Channel string // how it leaves besides the page: "mail", or ""
}

// MessageClosed: nothing more is to be done about a message.
type MessageClosed struct{ Message MessageID }

// DeliverySettled: somebody took a delivery back. What the channel answered is in the row, and no fact.
type DeliverySettled struct {
	Delivery DeliveryID
	State    string
}

// MandateOpened: a request, or a talk, is followed as business.
type MandateOpened struct {
	Mandate MandateID
	Contact ContactID
	Message MessageID
}

// MandateMoved: it went from one stage to another.
type MandateMoved struct {
	Mandate MandateID
	Contact ContactID
	From    string
	To      string
}

// MandateChanged: its amount, title or next act changed, not its stage.
type MandateChanged struct {
	Mandate MandateID
	Contact ContactID
}

func (ContactCreated) Kind() string  { return "contact.created" }
func (ContactChanged) Kind() string  { return "contact.changed" }
func (ContactsMerged) Kind() string  { return "contact.merged" }
func (ContactErased) Kind() string   { return "contact.erased" }
func (HandleVerified) Kind() string  { return "contact.handle_verified" }
func (MessageReceived) Kind() string { return "message.received" }
func (MessageApproved) Kind() string { return "message.approved" }
func (MessageRejected) Kind() string { return "message.rejected" }
func (MessageAnswered) Kind() string { return "message.answered" }
func (MessageClosed) Kind() string   { return "message.closed" }
func (DeliverySettled) Kind() string { return "delivery.settled" }
func (MandateOpened) Kind() string   { return "mandate.opened" }
func (MandateMoved) Kind() string    { return "mandate.moved" }
func (MandateChanged) Kind() string  { return "mandate.changed" }

func (f ContactCreated) Subject() int64  { return int64(f.Contact) }
func (f ContactChanged) Subject() int64  { return int64(f.Contact) }
func (f ContactsMerged) Subject() int64  { return int64(f.Contact) }
func (f ContactErased) Subject() int64   { return int64(f.Contact) }
func (f HandleVerified) Subject() int64  { return int64(f.Contact) }
func (f MessageReceived) Subject() int64 { return int64(f.Message) }
func (f MessageApproved) Subject() int64 { return int64(f.Message) }
func (f MessageRejected) Subject() int64 { return int64(f.Message) }
func (f MessageAnswered) Subject() int64 { return int64(f.Answer) }
func (f MessageClosed) Subject() int64   { return int64(f.Message) }
func (f DeliverySettled) Subject() int64 { return int64(f.Delivery) }
func (f MandateOpened) Subject() int64   { return int64(f.Mandate) }
func (f MandateMoved) Subject() int64    { return int64(f.Mandate) }
func (f MandateChanged) Subject() int64  { return int64(f.Mandate) }
