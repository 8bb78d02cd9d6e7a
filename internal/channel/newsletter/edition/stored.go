package edition

import (
	"encoding/json"

	"causerie/internal/platform/mail"
)

// storedSlot is a Slot as it is kept with its edition.
type storedSlot struct {
	Word   mail.Slot `json:"word"`
	Field  field     `json:"field"`
	Before string    `json:"before,omitempty"`
	After  string    `json:"after,omitempty"`
	Other  string    `json:"other,omitempty"`
}

// MarshalJSON writes s as it is kept while its letter leaves.
func (s Slot) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedSlot{s.Word, s.field, s.before, s.after, s.other})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Slot) UnmarshalJSON(b []byte) error {
	var k storedSlot
	err := json.Unmarshal(b, &k)
	*s = Slot{Word: k.Word, field: k.Field, before: k.Before, after: k.After, other: k.Other}
	return err
}
