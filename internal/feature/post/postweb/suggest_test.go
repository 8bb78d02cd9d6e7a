package postweb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
)

var proposal = regexp.MustCompile(`<option value="([^"]*)" data-n="(\d+)">`)

// proposed returns what a writing page proposes as tags, each with its number of posts.
func (a answer) proposed() (tags []string) {
	for _, m := range proposal.FindAllStringSubmatch(a.body, -1) {
		tags = append(tags, m[1]+" "+m[2])
	}
	return tags
}

func TestTagsAreProposedThatTheVoiceUses(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	for i, tags := range [][]string{{"Chêne", "C"}, {"Chêne", "C#", "C"}, {"Chêne", "C++"}} {
		k.draft(post.Input{Title: fmt.Sprint("Billet ", i), Tags: tags})
	}
	gone := k.draft(post.Input{Title: "Supprimé", Tags: []string{"Oublié"}})
	must(t, k.posts.Delete(t.Context(), k.who, gone.ID))
	elsewhere, err := k.posts.Create(t.Context(), k.who, post.Input{Voice: k.shop.ID, Title: "Ailleurs", Tags: []string{"Secret", "Chêne"}})
	must(t, err)
	k.who = actor.Actor{Account: 8, Name: "Yann", Grants: []actor.Grant{{Role: actor.Author, Voice: int64(k.voice.ID)}}}
	mine := k.draft(post.Input{Title: "Le mien", Section: "Métier"})
	page := k.get(here(mine))
	if got, want := page.proposed(), []string{"Chêne 3", "C 2", "C&#43;&#43; 1", "C# 1"}; !slices.Equal(got, want) {
		t.Errorf("proposed %q, want %q", got, want)
	}
	if !strings.Contains(page.text, "Les plus employés : Chêne, C, C++, C#.") {
		t.Error("without a script the tags most used are not read under the field")
	}
	if !strings.Contains(page.body, `list="known-section"`) || !strings.Contains(page.body, `value="Métier"></option>`) {
		t.Error("without a script the browser has no list of the sections")
	}
	if strings.Contains(page.body, "Secret") {
		t.Error("a tag of a voice that one does not write in is proposed")
	}
	if _, err := k.posts.UsedTags(t.Context(), k.who, elsewhere.Voice); err == nil {
		t.Error("the tags of a voice are told to who does not write in it")
	}
}

func TestAThousandTagsAreAHundredProposals(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	for i := range 12 {
		var tags []string
		for j := range 10 {
			tags = append(tags, fmt.Sprintf("mot %d %d", i, j))
		}
		k.draft(post.Input{Title: fmt.Sprint("Billet ", i), Tags: tags})
	}
	page := k.get(here(k.draft(post.Input{Title: "Le mien"})))
	if got := len(page.proposed()); got != 100 {
		t.Errorf("%d tags are sent", got)
	}
	usual := regexp.MustCompile(`Les plus employés : ([^.]*)\.`).FindStringSubmatch(page.text)
	if len(usual) == 0 || strings.Count(usual[1], ",") != 11 {
		t.Errorf("under the field: %q", usual)
	}
}
