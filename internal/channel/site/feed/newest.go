package feed

import (
	"cmp"
	"slices"

	"causerie/internal/feature/inbox"
)

// newest flattens a conversation and returns its last messages, the newest first.
func newest(thread []inbox.Comment) []inbox.Comment {
	var all []inbox.Comment
	var walk func(level []inbox.Comment)
	walk = func(level []inbox.Comment) {
		for _, m := range level {
			all = append(all, m)
			walk(m.Children)
		}
	}
	walk(thread)
	slices.SortStableFunc(all, func(a, b inbox.Comment) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all[:min(len(all), Entries)]
}
