package attribution_test

import (
	"regexp"
	"testing"

	"causerie/internal/schema"
)

// counting are the words by which a program that follows readers names its tables and columns.
var counting = regexp.MustCompile(`(^|_)(views?|visits?|visitors?|hits?|clicks?|impressions?|pixel|beacon|reads|readers?|referr?er|utm|ip|fingerprint|geo|cookie)(_|$)`)

// Attribution stands on what people did by writing to the house and on what they say, and so must have nothing else to stand
// on: no table and no column counts, follows or recognises who reads (GDPR, article 5(1)(c)).
func TestTheSchemaHasNowhereToCountReaders(t *testing.T) {
	tables, err := schema.Tables(t.Context(), schema.All())
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) < 20 {
		t.Fatalf("only %d tables are looked at", len(tables))
	}
	for _, table := range tables {
		if counting.MatchString(table.Name) {
			t.Errorf("the table %s", table.Name)
		}
		for _, c := range table.Columns {
			if counting.MatchString(c.Name) {
				t.Errorf("the column %s.%s", table.Name, c.Name)
			}
		}
	}
	for _, name := range []string{"page_views", "reader_id", "ip", "referrer", "last_click_at"} {
		if !counting.MatchString(name) {
			t.Errorf("%s would not be seen", name)
		}
	}
}
