package postweb

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"causerie/internal/feature/post"
)

var placed = regexp.MustCompile(`name="(place_[a-z]+(?::[0-9a-z]+)?)"`)

func TestSectionsAndTheMenuArePutInOrderOnOnePage(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	k.draft(post.Input{Title: "Le chêne", Body: "x", Section: "Bois", Tags: []string{"chêne"}})
	k.draft(post.Input{Title: "Le fer", Body: "x", Section: "Métal"})
	a := k.get(TermsPath)
	names := placed.FindAllStringSubmatch(a.body, -1)
	if a.code != http.StatusOK || len(names) != 3 || !strings.Contains(a.text, "Choisi de lui-même") || !strings.Contains(a.text, "chêne") {
		t.Fatalf("%d %v\n%s", a.code, names, a.text)
	}
	id := k.voice.ID.String()
	if a = k.post("/app/settings/menu", "voice", id, "place_notes", "2", names[1][1], "1", names[0][1], ""); a.code != http.StatusSeeOther {
		t.Fatal(a.code, a.text)
	}
	if a = k.get(TermsPath); !strings.Contains(a.text, "Choisi par vous") || strings.Index(a.body, names[1][1]) > strings.Index(a.body, "place_notes") {
		t.Error("the menu is not in its order:", a.text)
	}
	section := strings.TrimPrefix(names[0][1], "place_section:")
	if a = k.post(TermsPath+"/"+section, "voice", id, "name", ""); a.code != http.StatusUnprocessableEntity {
		t.Error("a section without a name:", a.code)
	}
	other := strings.TrimPrefix(names[1][1], "place_section:")
	if a = k.post(TermsPath+"/"+section, "voice", id, "remove", "1", "into", other); a.code != http.StatusSeeOther {
		t.Error(a.code, a.text)
	}
	if a = k.post(TermsPath+"/"+section, "voice", id, "name", "Encore"); a.code != http.StatusNotFound {
		t.Error("a section that is no more is renamed:", a.code)
	}
	k.post("/app/settings/menu", "voice", id, "auto", "1", "place_notes", "1")
	if a = k.get(TermsPath); !strings.Contains(a.text, "Choisi de lui-même") {
		t.Error("the menu is not left to the site:", a.text)
	}
}
