package doctor

import (
	"slices"
	"strings"
	"testing"

	"causerie/internal/schema"
)

// named are the tables whose ids stand in a column, by its name: one name means one thing in the whole schema.
var named = map[string]string{
	"account_id": "accounts", "author_id": "accounts", "voice_id": "voices", "post_id": "posts", "section_id": "sections",
	"tag_id": "tags", "media_id": "media", "portrait_id": "media", "cover_id": "media", "contact_id": "contacts", "merged_into": "contacts",
	"handle_id": "handles", "conversation_id": "conversations", "message_id": "messages", "parent_id": "messages", "mandate_id": "mandates",
	"consent_id": "consents", "subscriber_id": "subscribers", "letter_id": "letters", "import_id": "imports",
	"field_id": "contact_fields", "merge_id": "contact_merges", "a_id": "contacts", "b_id": "contacts",
}

// A column of ids that nobody thought of when it was added would never be checked.
func TestEveryColumnOfIDsIsCheckedOrSaysWhyNot(t *testing.T) {
	tables, err := schema.Tables(t.Context(), schema.All())
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, r := range References() {
		checked[r.Table+"."+r.Column] = true
	}
	columns := map[string]bool{}
	for _, table := range tables {
		for _, c := range table.Columns {
			name, parent := table.Name+"."+c.Name, named[c.Name]
			columns[name] = true
			if c.Type != "int" || parent == "" && !strings.HasSuffix(c.Name, "_id") || checked[name] || unchecked[name] != "" {
				continue
			}
			if !slices.Contains(table.Parents, parent) {
				t.Errorf("%s names rows that nothing checks: say which in references, or why not in unchecked", name)
			}
		}
	}
	for name := range unchecked {
		if !columns[name] {
			t.Errorf("%s is unchecked, and is no column", name)
		}
	}
	for _, r := range References() {
		if !columns[r.Table+"."+r.Column] {
			t.Errorf("%+v is no column", r)
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
