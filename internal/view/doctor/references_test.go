package doctor

import (
	"slices"
	"testing"

	"causerie/internal/schema"
)

// A column of ids that nobody thought of when it was added would never be checked.
func TestEveryColumnOfIDsIsCheckedOrSaysWhyNot(t *testing.T) {
	known := map[string]bool{}
	for _, r := range References() {
		known[r.Table+"."+r.Column] = true
	}
	columns := map[string]bool{}
	for _, table := range schema.Tables() {
		for _, c := range table.Columns {
			name := table.Name + "." + c.Name
			columns[name] = true
			own := c.Name == "id" || slices.Equal(table.Key, []string{c.Name}) && parents[c.Name] == ""
			if c.Type == "id" && !own && !known[name] && unchecked[name] == "" {
				t.Errorf("%s names rows of a table that doctor does not know: say which in parents, mixed or unchecked", name)
			}
		}
	}
	for name := range unchecked {
		if !columns[name] && name != "search_documents.ref" {
			t.Errorf("%s is unchecked, and is no column", name)
		}
	}
	for _, r := range References() {
		if !columns[r.Table+"."+r.Column] {
			t.Errorf("%+v is no column", r)
		}
	}
	for _, name := range []string{"messages.voice_id", "messages.handle_id", "conversations.voice_id", "mandates.voice_id", "house.main_voice", "media_uses.subject"} {
		if !known[name] {
			t.Errorf("%s is not checked", name)
		}
	}
}

func TestLittleRoomIsSaid(t *testing.T) {
	if got := room("x", 499); got[0].Level != Wrong {
		t.Errorf("%+v", got)
	}
	if got := room("x", 500); got[0].Level != Well {
		t.Errorf("%+v", got)
	}
	if got, _ := (Doctor{Data: t.TempDir() + "/none"}).disk(t.Context()); got[0].Level != Note {
		t.Errorf("%+v", got)
	}
}
