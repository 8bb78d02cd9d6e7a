package feed_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/channel/site/feed"
)

func TestTheDateOfAFeedNeverGoesBackAndIsAnotherForOtherBytes(t *testing.T) {
	t.Parallel()
	var d feed.Dates
	first := d.Of("/feed.xml", "a", noon.Add(300*time.Millisecond))
	if !first.Equal(noon) {
		t.Errorf("the first date is %v", first)
	}
	if again := d.Of("/feed.xml", "a", noon.Add(time.Hour)); !again.Equal(first) {
		t.Errorf("nothing changed, and the date is %v", again)
	}
	second := d.Of("/feed.xml", "b", noon.Add(600*time.Millisecond)) // taken back in the same second
	if !second.After(first) {
		t.Errorf("%v, then %v", first, second)
	}
	if third := d.Of("/feed.xml", "c", noon.Add(-24*time.Hour)); !third.After(second) {
		t.Errorf("the date went back from %v to %v", second, third)
	}
	if !d.Of("/vide.xml", "a", time.Time{}).IsZero() {
		t.Error("a feed without any change has a date")
	}
	for i := range 5000 {
		d.Of(fmt.Sprint("/", i), "a", noon)
	}
}
