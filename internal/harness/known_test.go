package harness_test

import (
	"strings"
	"testing"

	"causerie/internal/harness"
)

// Somebody of the house who reads an article is not asked for a name that the house knows, and a stranger is never shown it.
func TestTheCommentFormKnowsWhoIsOfTheHouse(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Planted: true})
	const article = "/nos-delais-dits-franchement"
	email := `value="` + h.Owner.Email + `"`
	for range 2 { // the second may come from the cache of pages
		if p := h.Visitor().Get(article).OK(); strings.Contains(string(p.Body), email) {
			t.Error("a stranger is shown the address of the owner")
		}
		if p := h.SignIn().Get(article).OK(); !strings.Contains(string(p.Body), email) || !strings.Contains(string(p.Body), `value="`+h.Owner.Name+`"`) {
			t.Error("the owner is asked for her name")
		}
	}
}
