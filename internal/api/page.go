package api

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// page is a list, or the part of it that was asked for.
type page[T any] struct {
	Items      []T     `json:"items" nullable:"false"`
	NextCursor *string `json:"next_cursor" doc:"Give it back as cursor for the next page; null at the end"`
}

// newPage shows found, each as show says.
func newPage[R, T any](found []R, next string, show func(R) T) page[T] {
	p := page[T]{Items: make([]T, 0, len(found)), NextCursor: orNull(next)}
	for _, r := range found {
		p.Items = append(p.Items, show(r))
	}
	return p
}

const (
	defaultLimit = 20
	maxLimit     = 100
)

// limit is the parameter of that name, still as text: what is no number is our own problem, not huma's.
type limit string

// Schema describes l as the number that it is.
func (limit) Schema(huma.Registry) *huma.Schema {
	low, high := 1.0, float64(maxLimit)
	return &huma.Schema{Type: "integer", Minimum: &low, Maximum: &high, Default: defaultLimit}
}

// ListInput is what every list takes. It is exported because huma looks into no embedded struct that is not.
type ListInput struct {
	Limit  limit  `query:"limit"`
	Cursor string `query:"cursor" doc:"next_cursor of the page before"`
}

// size returns the limit.
func (in ListInput) size() (int, error) {
	if in.Limit == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(string(in.Limit))
	if err != nil || n < 1 || n > maxLimit {
		return 0, fault.Invalid("limit", "limit", maxLimit)
	}
	return n, nil
}

// cut is the page of a list that is short enough to be read whole.
func cut[T any](all []T, in ListInput, key func(T) string) ([]T, string, error) {
	n, err := in.size()
	if err != nil {
		return nil, "", err
	}
	if in.Cursor != "" {
		from := -1
		for i, one := range all {
			if key(one) == in.Cursor {
				from = i + 1
			}
		}
		if from < 0 {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		all = all[from:]
	}
	if len(all) <= n {
		return all, "", nil
	}
	return all[:n], key(all[n-1]), nil
}

// oneInput names one row.
type oneInput struct {
	ID string `path:"id"`
}

// parse reads the id of a path: what is none names nothing.
func parse[ID ~int64](noun, s string) (ID, error) {
	id, err := fact.Parse[ID](s)
	if err != nil {
		return 0, fault.NotFound(noun)
	}
	return id, nil
}

// parseField reads an id that stands in a property; null and "" name nothing.
func parseField[ID ~int64](field string, s opt[string], bad *fault.Problems) *ID {
	if !s.Set {
		return nil
	}
	var id ID
	if s.V != "" {
		var err error
		if id, err = fact.Parse[ID](s.V); err != nil {
			bad.Add(field, "unknown")
		}
	}
	return &id
}

// parseParam reads an id that stands in a query; "" chooses nothing.
func parseParam[ID ~int64](field, s string) (ID, error) {
	if s == "" {
		return 0, nil
	}
	id, err := fact.Parse[ID](s)
	if err != nil {
		return 0, fault.Invalid(field, "unknown")
	}
	return id, nil
}

// oneOf refuses a parameter that is none of these; "" chooses nothing.
func oneOf(field, given string, known ...string) error {
	if given == "" || slices.Contains(known, given) {
		return nil
	}
	return fault.Invalid(field, "unknown")
}

// words is a query of people, as a database takes it.
func words(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }

func accountOf(by actor.Actor) fact.AccountID { return fact.AccountID(by.Account) }

// orNull is s, null when there is none.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// instant is t in UTC, null when there is none, or none that JSON can say.
func instant(t time.Time) *time.Time {
	if t.IsZero() || !clock.Sayable(t) {
		return nil
	}
	t = t.UTC()
	return &t
}

// value is what p points at, zero for nil.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
