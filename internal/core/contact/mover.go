package contact

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// Mover says how rows of a table follow a person: to the one that is kept when two are found to be one, and back when they are parted. Which rows
// went is remembered here, so that only these come back.
type Mover struct {
	Kind string   // what the rows are, for ever: "message"
	Of   db.Query // the ids of the rows of $1
	Give db.Query // the rows of $1 are those of $2
	Back db.Query // the rows of $2 that are {in} are those of $1 again
}

// Moves has the rows of a capability follow people. Call it while the program is wired; name is that of the capability.
func Moves(b *bus.Bus, name string, all ...Mover) {
	bus.Project(b, name, func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error {
		m, err := db.One(tx, qMergeOf, scanMerged, f.Gone)
		if err != nil {
			return err
		}
		for _, one := range all {
			ids, err := db.All(tx, one.Of, db.Scalar[int64], f.Gone)
			if err != nil {
				return err
			}
			if err := moved(tx, m.ID, one.Kind, ids); err != nil {
				return err
			}
			if _, err := db.Exec(tx, one.Give, f.Gone, f.Contact); err != nil {
				return err
			}
		}
		return nil
	})
	bus.Project(b, name, func(tx *db.Tx, _ bus.Event, f fact.ContactsParted) error {
		for _, one := range all {
			if err := back(tx, f.Gone, f.Contact, one.Kind, one.Back); err != nil {
				return err
			}
		}
		return nil
	})
}
