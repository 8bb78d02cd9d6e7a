package post_test

import (
	"testing"

	"causerie/internal/feature/post"
)

func TestWhatASignTellsApartStaysApart(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"C": "c", "C++": "c-plus-plus", "C#": "c-sharp", "F#": "f-sharp", ".NET": "net", "Bois & co": "bois-co", "Métier / Outils": "metier-outils",
		"Notepad++": "notepad-plus-plus", "Plus": "plus"} {
		if got := post.TermSlug(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if a, b := post.TermSlug("日本"), post.TermSlug("中国"); a == b || a == "" {
		t.Errorf("%q and %q", a, b)
	}
}
