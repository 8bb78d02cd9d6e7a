package picture

import (
	"runtime/debug"
	"sync"
)

// The collector lets a heap grow to twice what lives in it: with a picture of 200 MB open, to 400. While one is open it
// collects after a tenth. That costs little, since pixels hold no addresses to follow.

var (
	frugalMu sync.Mutex
	open     int // pictures
	usual    int // the collector's percentage when none is
)

const frugalPercent = 10

// Frugal keeps the memory of the program small until done is called: for whoever decodes a large picture and scales it.
func Frugal() (done func()) {
	frugalMu.Lock()
	defer frugalMu.Unlock()
	if open++; open == 1 {
		usual = debug.SetGCPercent(frugalPercent)
	}
	return sync.OnceFunc(func() {
		frugalMu.Lock()
		defer frugalMu.Unlock()
		if open--; open == 0 {
			debug.SetGCPercent(usual)
		}
	})
}
