package frugal

import (
	"runtime/debug"
	"testing"
)

func TestTheCollectorIsAsItWasWhenNobodyAsksAnyMore(t *testing.T) {
	was := debug.SetGCPercent(123)
	defer debug.SetGCPercent(was)
	now := func() int {
		percent := debug.SetGCPercent(1)
		debug.SetGCPercent(percent)
		return percent
	}
	letter, first, second := Begin(Sending), Begin(Pictures), Begin(Pictures)
	for _, step := range []struct {
		done func()
		want int
	}{{func() {}, Pictures}, {first, Pictures}, {first, Pictures}, {second, Sending}, {letter, 123}, {letter, 123}} {
		if step.done(); now() != step.want {
			t.Errorf("the heap grows by %d percent, want %d", now(), step.want)
		}
	}
}
