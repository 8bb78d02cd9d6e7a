package fact

import (
	"time"

	"causerie/internal/platform/id"
)

// New returns a fresh id of type ID, one of those above. fact.New[fact.PostID](tx.Now())
func New[ID ~int64](now time.Time) ID { return ID(id.New[struct{}](now)) }

// First returns where the ids of type ID that are made since an instant begin. See id.First.
func First[ID ~int64](since time.Time) ID { return ID(id.First[struct{}](since)) }

// Parse reads an id of type ID as people and programs write it outside; id.ErrMalformed when it is none.
func Parse[ID ~int64](s string) (ID, error) {
	n, err := id.Parse[struct{}](s)
	return ID(n), err
}
