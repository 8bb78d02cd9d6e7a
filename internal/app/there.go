package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// The files of a house that are looked at before its database is opened.
const (
	databaseFile = "causerie.db"
	movedFile    = "causerie.db.moved" // beside a database that was moved away from, says where to
)

// What Open refuses when Config asks for it, and a database that was moved away from; all wrap a sentence for the operator.
var (
	ErrNoHouse     = errors.New("there is no house here yet: run causerie setup")
	ErrOlderSchema = errors.New("the database waits to be migrated: run causerie serve, or restore it with the program that made it")
	ErrMoved       = errors.New("the house has moved")
)

// look refuses what can be told from the directory alone.
func (c Config) look() error {
	if c.Database != "" {
		if _, err := os.Stat(c.Data); c.Existing && errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("--data %s is not there: the files of the house are in its directory, whatever its database", c.Data)
		}
		return nil
	}
	if _, err := os.Stat(c.file(databaseFile)); errors.Is(err, fs.ErrNotExist) {
		if c.Existing {
			return fmt.Errorf("%s: %w", c.Data, ErrNoHouse)
		}
		if !c.AsItIs {
			_ = os.Remove(c.file(movedFile)) // it spoke of a database that is no longer here
		}
		return nil
	}
	if to := c.moved(); to != "" && !c.AsItIs && !c.Left {
		return fmt.Errorf("%s: %w to %s: say so to each command (--database or CAUSERIE_DATABASE, --data). To go back to what it left here, remove %s",
			c.Data, ErrMoved, to, c.file(movedFile))
	}
	return nil
}

// moved returns where the house went from the database in its directory, "" when it did not.
func (c Config) moved() string {
	if c.Database != "" {
		return ""
	}
	to, _ := os.ReadFile(c.file(movedFile)) // mostly there is none
	return strings.TrimSpace(string(to))
}

// MovedTo notes, beside a database that the house was moved away from, where it is now: whoever forgets to say so does not
// serve or back up what it left.
func (c Config) MovedTo(place string) error {
	if c.Database != "" {
		return nil
	}
	return os.WriteFile(c.file(movedFile), []byte(place+"\n"), 0o600)
}
