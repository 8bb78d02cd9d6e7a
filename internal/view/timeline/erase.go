package timeline

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// erase empties the thread of somebody who is to be forgotten.
func erase(tx *db.Tx, _ bus.Event, f fact.ContactErased) error {
	_, err := db.Exec(tx, qEmpty, f.Contact, f.Contact)
	return err
}
