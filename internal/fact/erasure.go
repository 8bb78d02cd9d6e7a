package fact

// HandleRemoved: an address no longer is somebody's; nothing names the handle any more.
type HandleRemoved struct {
	Contact ContactID `json:"contact"`
	Handle  HandleID  `json:"handle"`
}

func (HandleRemoved) Kind() string { return "contact.handle_removed" }

func (f HandleRemoved) Subject() int64 { return int64(f.Contact) }
