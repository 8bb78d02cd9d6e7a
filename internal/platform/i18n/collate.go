package i18n

import (
	"sync"

	"golang.org/x/text/collate"
)

// Collate returns a comparison for slices.SortFunc in the order of l's dictionaries: "éclair" stands between
// "Bob" and "Eloi". Several goroutines may use it.
func Collate(l Lang) func(a, b string) int {
	var mu sync.Mutex // a Collator keeps buffers between calls
	c := collate.New(l.tag())
	return func(a, b string) int {
		mu.Lock()
		defer mu.Unlock()
		return c.CompareString(a, b)
	}
}
