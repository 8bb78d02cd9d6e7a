package fact

// HouseSetUp: the house, its owner and its first voice exist.
type HouseSetUp struct {
	House HouseID   `json:"house"`
	Owner AccountID `json:"owner"`
	Voice VoiceID   `json:"voice"`
}

// HouseOpened: strangers may now read.
type HouseOpened struct {
	House HouseID `json:"house"`
}

// HouseClosed: strangers may not read any more.
type HouseClosed struct {
	House HouseID `json:"house"`
}

// HouseChanged: its name, zone, language or identity changed.
type HouseChanged struct {
	House HouseID `json:"house"`
}

// AccountCreated: somebody may sign in.
type AccountCreated struct {
	Account AccountID `json:"account"`
}

// AccountGranted: somebody got, changed or lost a role on a voice (0: on everything; Role "none": lost).
type AccountGranted struct {
	Account AccountID `json:"account"`
	Voice   VoiceID   `json:"voice"`
	Role    string    `json:"role"`
}

// PasswordChanged: by its owner, a reset link or the command line (Via "page", "reset", "command").
type PasswordChanged struct {
	Account AccountID `json:"account"`
	Via     string    `json:"via"`
}

// VoiceCreated: one more name to speak under.
type VoiceCreated struct {
	Voice VoiceID `json:"voice"`
}

// VoiceChanged: its name, look or address changed.
type VoiceChanged struct {
	Voice VoiceID `json:"voice"`
}

// VoiceMoved: its addresses are others now, or some that it left are nobody's any more.
type VoiceMoved struct {
	Voice VoiceID `json:"voice"`
}

// VoiceRemoved: nobody speaks under it any more; what was said to it and by it is the heir's (0: nothing was). Withdrawn: its posts
// were deleted first.
type VoiceRemoved struct {
	Voice     VoiceID `json:"voice"`
	Heir      VoiceID `json:"heir"`
	Withdrawn bool    `json:"withdrawn"`
}

func (HouseSetUp) Kind() string      { return "house.set_up" }
func (HouseOpened) Kind() string     { return "house.opened" }
func (HouseClosed) Kind() string     { return "house.closed" }
func (HouseChanged) Kind() string    { return "house.changed" }
func (AccountCreated) Kind() string  { return "account.created" }
func (AccountGranted) Kind() string  { return "account.granted" }
func (PasswordChanged) Kind() string { return "account.password_changed" }
func (VoiceCreated) Kind() string    { return "voice.created" }
func (VoiceChanged) Kind() string    { return "voice.changed" }
func (VoiceMoved) Kind() string      { return "voice.moved" }
func (VoiceRemoved) Kind() string    { return "voice.removed" }

func (f HouseSetUp) Subject() int64      { return int64(f.House) }
func (f HouseOpened) Subject() int64     { return int64(f.House) }
func (f HouseClosed) Subject() int64     { return int64(f.House) }
func (f HouseChanged) Subject() int64    { return int64(f.House) }
func (f AccountCreated) Subject() int64  { return int64(f.Account) }
func (f AccountGranted) Subject() int64  { return int64(f.Account) }
func (f PasswordChanged) Subject() int64 { return int64(f.Account) }
func (f VoiceCreated) Subject() int64    { return int64(f.Voice) }
func (f VoiceChanged) Subject() int64    { return int64(f.Voice) }
func (f VoiceMoved) Subject() int64      { return int64(f.Voice) }
func (f VoiceRemoved) Subject() int64    { return int64(f.Voice) }
