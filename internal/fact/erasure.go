package fact

// HandleRemoved: an address no longer is somebody's; nothing names the handle any more.
type HandleRemoved struct {
	Contact ContactID `json:"contact"`
	Handle  HandleID  `json:"handle"`
}

func (HandleRemoved) Kind() string { return "contact.handle_removed" }

func (f HandleRemoved) Subject() int64 { return int64(f.Contact) }

// HandleChanged: an address of somebody was mistyped, and is another now: Handle, in the place of Was, which is gone.
type HandleChanged struct {
	Contact ContactID `json:"contact"`
	Was     HandleID  `json:"was"`
	Handle  HandleID  `json:"handle"`
}

func (HandleChanged) Kind() string { return "contact.handle_changed" }

func (f HandleChanged) Subject() int64 { return int64(f.Contact) }

// CallChanged: a call or a visit was noted in the thread of somebody, or taken out of it.
type CallChanged struct {
	Contact ContactID `json:"contact"`
	Call    CallID    `json:"call"`
}

func (CallChanged) Kind() string { return "contact.call_changed" }

func (f CallChanged) Subject() int64 { return int64(f.Contact) }

// MediaChanged: another file is under the address of one, or none soon: what shows it is to be made anew. It is said while the uses are
// still known.
type MediaChanged struct {
	Media MediaID `json:"media"`
}

func (MediaChanged) Kind() string { return "media.changed" }

func (f MediaChanged) Subject() int64 { return int64(f.Media) }

// MediaDeleted: a file that nothing showed is gone; its blobs follow.
type MediaDeleted struct {
	Media MediaID `json:"media"`
}

func (MediaDeleted) Kind() string { return "media.deleted" }

func (f MediaDeleted) Subject() int64 { return int64(f.Media) }

// MessagesDeleted: messages are gone with their words, at most 100 in one fact: spam, when it was kept long enough.
type MessagesDeleted struct {
	Messages []MessageID `json:"messages"`
}

func (MessagesDeleted) Kind() string { return "messages.deleted" }

func (MessagesDeleted) Subject() int64 { return 0 }
