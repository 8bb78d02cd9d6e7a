package transfer_test

import (
	"fmt"
	"testing"

	"causerie/internal/transfer"
)

func TestAReportNamesEachPlaceAndSaysWhenItCannot(t *testing.T) {
	t.Parallel()
	var r transfer.Report
	for i := range 50 {
		r.Add("private", "", fmt.Sprintf("Billet %d", i))
		r.Add("meta", "k", fmt.Sprintf("Billet %d", i))
	}
	if private, meta := r.Notes[0], r.Notes[1]; len(private.Examples) != 50 || len(meta.Examples) != 5 || meta.Count != 50 {
		t.Errorf("%d and %d places of %d", len(private.Examples), len(meta.Examples), meta.Count)
	}
	for i := range 1000 {
		r.Add("shortcode", fmt.Sprint(i), "x")
	}
	if last := r.Notes[len(r.Notes)-1]; len(r.Notes) != 500 || last.Kind != "more" || last.Count != 1000-497 {
		t.Errorf("%d notes, the last %+v", len(r.Notes), last)
	}
}
