// Package frugal keeps the memory of the program small while something large or long goes on, for some processor time.
//
// The collector lets a heap grow to some multiple of what lives in it. That multiple suits pages from memory; with a picture of 200 MB
// open, or a letter to twenty thousand that leaves for minutes, it is memory for nothing.
package frugal

import (
	"runtime/debug"
	"slices"
	"sync"
)

// By how many percent the heap may grow before it is collected.
const (
	Pictures = 10 // costs little, since pixels hold no addresses to follow
	Sending  = 60 // costs some hundredths of the processor
)

var (
	mu    sync.Mutex
	asked []int // by those who have not called done
	usual int   // what holds when nobody asks
)

// Begin has the heap grow by percent at most until done is called; by less while somebody else asks for less.
func Begin(percent int) (done func()) {
	mu.Lock()
	defer mu.Unlock()
	was := debug.SetGCPercent(slices.Min(append(asked, percent)))
	if len(asked) == 0 {
		usual = was
	}
	asked = append(asked, percent)
	return sync.OnceFunc(func() {
		mu.Lock()
		defer mu.Unlock()
		i := slices.Index(asked, percent)
		asked = slices.Delete(asked, i, i+1)
		if len(asked) == 0 {
			debug.SetGCPercent(usual)
			return
		}
		debug.SetGCPercent(slices.Min(asked))
	})
}
