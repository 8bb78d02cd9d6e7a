package id_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"causerie/internal/platform/id"
)

type mark struct{}

func TestIdsOfOneMillisecondStrictlyIncreaseWhateverOtherClocksSay(t *testing.T) {
	now, other := time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 3e6, time.UTC)
	var last, lastOther id.ID[mark]
	for range 5000 {
		next, nextOther := id.New[mark](now), id.New[mark](other)
		if next <= last || nextOther <= lastOther {
			t.Fatalf("%d after %d, %d after %d", next, last, nextOther, lastOther)
		}
		last, lastOther = next, nextOther
	}
}

func TestIdsOfManyGoroutinesAreAllDifferent(t *testing.T) {
	now := time.Now()
	var mu sync.Mutex
	seen := map[id.ID[mark]]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				i := id.New[mark](now)
				mu.Lock()
				seen[i] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 8000 {
		t.Errorf("%d different ids of 8000", len(seen))
	}
}

func TestAnIdReadsBackFromTextJSONAndColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := id.ID[mark](rapid.Int64Min(0).Draw(t, "id"))
		var fromJSON, fromColumn id.ID[mark]
		b, err := json.Marshal(want)
		if err != nil || json.Unmarshal(b, &fromJSON) != nil || fromJSON != want {
			t.Fatalf("%d through JSON %s is %d", want, b, fromJSON)
		}
		v, err := want.Value()
		if err != nil || fromColumn.Scan(v) != nil || fromColumn != want {
			t.Fatalf("%d through a column is %d", want, fromColumn)
		}
	})
}

func TestWhatIsNoIdIsRefused(t *testing.T) {
	for _, s := range []string{"", "1", "0000000000000", "zzzzzzzzzzzzz", "g1v7e9y2k3mpé", "G1V7E9Y2K3MPQ", "01234567890123", "' OR 1=1 --  "} {
		if got, err := id.Parse[mark](s); err == nil {
			t.Errorf("%q is %d", s, got)
		}
	}
}

func TestAnIdTellsWhenItWasMade(t *testing.T) {
	at := time.Date(2027, 1, 2, 3, 4, 5, 678e6, time.UTC)
	if got := id.New[struct{ _ int }](at).Time(); !got.Equal(at) {
		t.Errorf("%v, want %v", got, at)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("0d3p1nw9q5rfk")
	f.Add("7zzzzzzzzzzzz")
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := id.Parse[mark](s); err == nil && i.String() != s {
			t.Errorf("%q reads as %d, which writes %q", s, i, i)
		}
	})
}

func TestAClockThatStandsStillBesideOneThatRunsMakesNoIDTwice(t *testing.T) {
	still := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var last id.ID[struct{}]
	for i := range 50_000 {
		now := id.New[struct{}](still)
		if now <= last {
			t.Fatalf("%v after %v", now, last)
		}
		last = now
		id.New[struct{}](still.Add(time.Duration(i+1) * time.Millisecond))
	}
}
