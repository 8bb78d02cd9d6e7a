package harness_test

import (
	"slices"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// handedOver are the tables about somebody whose words a copy tells; TestACopyTellsAllThatIsHeldAboutSomebodyAndNothingOfOthers
// compares the words.
var handedOver = []string{"contacts", "contact_values", "handles", "messages", "conversations", "mandates", "deliveries", "timeline", "consents", "subscribers"}

// notHandedOver are the other tables with a column that names a person, and why a copy leaves them out.
var notHandedOver = map[string]string{
	"answer_drafts":     "what somebody of the house types as an answer and has not said: their words, gone with the message",
	"calls":             "what the house noted of a call or a visit: the timeline tells its words",
	"contact_clues":     "their name and addresses again, folded, to find who is there twice",
	"consent_standings": "what the ledger of agreements comes to: the sheet tells it",
	"mandate_moves":     "through which stages a mandate went, and by whom: ids and instants; its stage and its end are told",
	"notices":           "that somebody is to be told of a message: ids and instants",
	"silences":          "when the house is to forget them, made of what a copy tells, and whether somebody keeps them: of the house",
	"proofs":            "names by which they signed, folded: the messages tell them",
}

// TestEveryTableAboutAPersonIsInACopyOrSaysWhyNot: a new table that names people is told to them, or says here why it is not.
func TestEveryTableAboutAPersonIsInACopyOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	tables, err := schema.Tables(t.Context(), schema.All())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"contact_id", "handle_id", "message_id", "conversation_id", "merged_into", "mandate_id", "delivery_id"}
	for _, table := range tables {
		about := slices.ContainsFunc(table.Columns, func(c db.Column) bool { return slices.Contains(names, c.Name) })
		told, why := slices.Contains(handedOver, table.Name), notHandedOver[table.Name]
		switch {
		case about && !told && why == "":
			t.Errorf("%s is about people: tell it in view/disclosure, or say here why not", table.Name)
		case told && why != "", !about && why != "":
			t.Errorf("%s needs no reason", table.Name)
		}
	}
}
