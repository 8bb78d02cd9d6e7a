package fact

// SubscriptionAsked: somebody typed an address into the form, and a mail that asks for confirmation is to leave.
type SubscriptionAsked struct {
	Ask AskID `json:"ask"`
}

// SubscriptionsFlooded: somebody tries to flood mailboxes through the form; so many wishes of the last day were one too many.
type SubscriptionsFlooded struct {
	Asks int `json:"asks"`
}

// SubscriptionAsksGone: wishes of more than seven days were deleted. Whoever keeps anything of them forgets it in the same commit.
type SubscriptionAsksGone struct {
	Asks []AskID `json:"asks"`
}

// SubscriptionConfirmed: the reader of an address follows what they wished for. First: it followed nothing before.
type SubscriptionConfirmed struct {
	Subscriber SubscriberID `json:"subscriber"`
	Contact    ContactID    `json:"contact"`
	Ask        AskID        `json:"ask"`
	First      bool         `json:"first"`
}

// SubscriptionChanged: the reader of an address follows other voices, pauses, or left.
type SubscriptionChanged struct {
	Subscriber SubscriberID `json:"subscriber"`
	Contact    ContactID    `json:"contact"`
}

// OwnDataAsked: the reader of an address wants to see what is held about them, and a mail with the link is to leave.
type OwnDataAsked struct {
	Handle  HandleID  `json:"handle"`
	Contact ContactID `json:"contact"`
}

func (SubscriptionAsked) Kind() string     { return "subscription.asked" }
func (SubscriptionsFlooded) Kind() string  { return "subscription.flooded" }
func (SubscriptionAsksGone) Kind() string  { return "subscription.asks_gone" }
func (SubscriptionConfirmed) Kind() string { return "subscription.confirmed" }
func (SubscriptionChanged) Kind() string   { return "subscription.changed" }
func (OwnDataAsked) Kind() string          { return "contact.own_data_asked" }

func (f SubscriptionAsked) Subject() int64     { return int64(f.Ask) }
func (SubscriptionsFlooded) Subject() int64    { return 0 }
func (SubscriptionAsksGone) Subject() int64    { return 0 }
func (f SubscriptionConfirmed) Subject() int64 { return int64(f.Contact) }
func (f SubscriptionChanged) Subject() int64   { return int64(f.Contact) }
func (f OwnDataAsked) Subject() int64          { return int64(f.Contact) }
