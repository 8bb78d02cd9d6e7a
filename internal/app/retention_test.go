package app_test

import (
	"testing"

	"causerie/internal/app"
	"causerie/internal/fact"
)

// TestEveryFactIsKeptAsItWasDecided lists the facts that are kept as records: a new kind is decided here.
func TestEveryFactIsKeptAsItWasDecided(t *testing.T) {
	records := map[string]bool{
		"house.set_up": true, "house.changed": true, "house.opened": true, "house.closed": true,
		"account.created": true, "account.granted": true, "account.password_changed": true,
		"voice.created": true, "voice.changed": true, "voice.moved": true,
		"post.published": true, "post.scheduled": true, "post.unpublished": true, "post.deleted": true, "post.restored": true,
		"contact.merged": true, "contact.erased": true, "contact.handle_verified": true, "contact.handle_removed": true,
		"mandate.opened": true, "mandate.moved": true,
	}
	for _, f := range app.Facts() {
		want := fact.KeepTrace
		if records[f.Kind()] {
			want = fact.KeepRecord
		}
		if got := fact.Keep(f.Kind()); got != want {
			t.Errorf("%s is kept for %v, want %v", f.Kind(), got, want)
		}
		delete(records, f.Kind())
	}
	if len(records) > 0 {
		t.Errorf("no fact is named %v", records)
	}
	if fact.Keep("of.another_program") != fact.KeepRecord {
		t.Error("what is not known is not kept")
	}
}
