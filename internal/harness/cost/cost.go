// Package cost tells whether what a program does for strangers grows with what they send, or faster.
//
// A test gives it the same work on an input and on one four times as long. Work in proportion takes four times the processor,
// work that grows with the square sixteen times; a machine that is busy makes both longer. What is measured is the
// processor's time of one thread, not the clock's, and the best of several tries counts: others can only make it more.
package cost

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Times is how many times as long the larger input of InProportion is.
const Times = 4

const (
	most  = 9                     // times the work of the smaller input: four and what sorting and caches add
	quick = 40 * time.Millisecond // of processor: below, nothing is told from noise
	tries = 5
)

// InProportion fails t when the work on the larger input, which is Times as long, is far more than Times that on the smaller.
func InProportion(t testing.TB, name string, smaller, larger func()) {
	t.Helper()
	best, than := time.Duration(1<<62), time.Duration(0)
	for range tries {
		if best = min(best, Processor(larger)); best <= quick {
			return
		}
		than = max(than, Processor(smaller)) // the slowest: one that was lucky proves nothing
		if best <= most*than {
			return
		}
	}
	t.Errorf("%s: %v of processor, and for an input %d times as long %v", name, than, Times, best)
}

// Processor is what f takes of it, on a thread of its own.
func Processor(f func()) time.Duration {
	done := make(chan time.Duration)
	go func() {
		runtime.LockOSThread()
		const thread = 1 // RUSAGE_THREAD
		var before, after syscall.Rusage
		syscall.Getrusage(thread, &before)
		f()
		syscall.Getrusage(thread, &after)
		done <- time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
	}()
	return <-done
}
