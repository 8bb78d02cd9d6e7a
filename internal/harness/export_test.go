package harness_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// madeOf are the columns that hold a person and are only made of what a copy tells, or are the program's own: they are not told.
var madeOf = []string{
	"contacts.name_key", "contacts.place_key", "contact_values.key", "contact_clues.clue", "contact_clues.firm", "handles.key", "handles.domain", "proofs.name_key", // folded from what is told
	"contact_merges.before", "contact_merges.after", // cards, which are told as such
	"messages.html", "messages.sender_key", "timeline.label", // made of the words that are told
	"search_documents.title", "search_documents.body", "search_documents.title_text", "search_documents.body_text", "search_documents.words",
	"idempotent_answers.body", // an answer of the API, for a week: the card itself
}

// TestACopyTellsAllThatIsHeldAboutSomebodyAndNothingOfOthers reads every text column that holds the person, as the erasure's test
// does, and looks for each of its texts in what is handed over.
func TestACopyTellsAllThatIsHeldAboutSomebodyAndNothingOfOthers(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		l := leave(t, h)
		// Somebody else speaks under the same post, and answers them.
		h.Visitor().Get(l.path).OK().Form("#repondre").Fill("name", "Maurice Tiers").Fill("email", "maurice@tiers.example").
			Fill("body", "Je ne suis pas de cet avis.").Submit().Is(http.StatusSeeOther)
		owner := h.SignIn()
		page := owner.Get("/app/contacts/" + l.person.String() + "/export").OK()
		if got := page.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control: %s", got)
		}
		files := unzip(t, page.Body)
		var readable, data string
		for name, body := range files {
			if strings.HasSuffix(name, ".json") {
				data = body
			} else {
				readable = html.UnescapeString(body)
			}
		}
		var told any
		if err := json.Unmarshal([]byte(data), &told); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		strs := textsOf(told)
		for _, c := range places(t, h, traces...) {
			if slices.Contains(madeOf, c) || strings.HasPrefix(c, "search_") {
				continue
			}
			table, column, _ := strings.Cut(c, ".")
			read(t, h, func(tx *db.Tx) error {
				rows, err := db.All(tx, db.Query{Name: "test.held", SQL: "SELECT CAST(" + column + " AS TEXT) FROM " + table + " WHERE " + column + " IS NOT NULL"}, db.Scalar[string])
				for _, row := range rows {
					if holds(row) && !slices.Contains(strs, row) {
						t.Errorf("%s holds %q, which the copy does not tell", c, row)
					}
				}
				return err
			})
		}
		for _, words := range []string{"Zorbec Quatremère", "Ici Zorbec, sous le billet.", "Zorbec voudrait refaire ses bureaux.", "Cher Zorbec, passez mardi.",
			"Merci de cette remarque.", "Zorbec paie bien", "zorbec@quatremere.example", "zorbec@ailleurs.example"} {
			if !strings.Contains(readable, words) {
				t.Errorf("the page to read does not say %q", words)
			}
		}
		if strings.Contains(data, "Maurice") || strings.Contains(readable, "pas de cet avis") || !strings.Contains(data, `"complete":true`) {
			t.Errorf("a third party is in the copy, or it is not whole: %s", data)
		}
		if status, answer := h.API("GET", "/contacts/"+l.person.String()+"/export", nil); status != http.StatusOK || answer["format"] != "causerie.person/1" ||
			len(answer["messages"].([]any)) < 6 || len(answer["deliveries"].([]any)) < 3 {
			t.Errorf("the API gives %d %v", status, answer)
		}
		if status, _ := h.API("GET", "/contacts/"+l.alias.String()+"/export", nil); status != http.StatusOK {
			t.Errorf("by an alias: %d", status)
		}
		if status, _ := h.API("GET", "/contacts/0000000000001/export", nil); status != http.StatusNotFound {
			t.Errorf("of nobody: %d", status)
		}
	})
}

// TestACopyHoldsWhatItsMakerMaySee: an editor of one voice gives what was said to it, and the copy says that there is more.
func TestACopyHoldsWhatItsMakerMaySee(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	other, err := h.Voices.Create(t.Context(), me, voice.NewVoice{Name: "L’atelier", Kind: voice.Corporate, Lang: "fr-FR"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(v voice.Voice, body string) inbox.Message {
		m, err := h.Inbox.Request(t.Context(), inbox.RequestInput{Voice: v.ID, Name: "Anne", Email: "anne@client.example", Body: body, Lang: "fr-FR"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	main := voice.Voice{ID: mainVoice(t, h)}
	first := ask(main, "Une question pour Jeanne.")
	ask(other, "Une autre pour l’atelier.")
	copyOf := func(grant actor.Grant) string {
		c, err := h.Disclosure.Of(t.Context(), actor.Actor{Account: 7, Grants: []actor.Grant{grant}}, first.Contact)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := c.WriteJSON(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	part := copyOf(actor.Grant{Voice: int64(other.ID), Role: actor.Editor})
	if !strings.Contains(part, "Une autre pour") || strings.Contains(part, "pour Jeanne") || !strings.Contains(part, `"complete":false`) {
		t.Errorf("an editor of the workshop gives %s", part)
	}
	whole := copyOf(actor.Grant{Role: actor.Owner})
	if !strings.Contains(whole, "Une autre pour") || !strings.Contains(whole, "pour Jeanne") || !strings.Contains(whole, `"complete":true`) {
		t.Errorf("the owner gives %s", whole)
	}
	if _, err := h.Disclosure.Of(t.Context(), actor.Actor{Account: 7, Grants: []actor.Grant{{Role: actor.Author}}}, first.Contact); err == nil {
		t.Error("an author made a copy")
	}
}

func holds(s string) bool {
	return slices.ContainsFunc(traces, func(trace string) bool { return strings.Contains(strings.ToLower(s), trace) })
}

// textsOf returns every text of a JSON value.
func textsOf(v any) (all []string) {
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, one := range v {
			all = append(all, textsOf(one)...)
		}
	case map[string]any:
		for _, one := range v {
			all = append(all, textsOf(one)...)
		}
	}
	return all
}

func unzip(t *testing.T, body []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	if len(files) != 2 {
		t.Fatalf("the copy is %d files", len(files))
	}
	return files
}
