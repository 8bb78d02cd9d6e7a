package site

import (
	"strings"
	"testing"
)

func TestAnExcerptOfASearchIsTypesetAcrossItsMarks(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, p := range found("fr-FR", "Un chêne coûte-t-il beaucoup ? La table : 4 000 € « net ».", "beaucoup table") {
		all.WriteString(p.Text)
	}
	if want := "Un chêne coûte\u2011t\u2011il beaucoup\u202F? La table\u00A0: 4\u202F000\u00A0€ «\u00A0net\u00A0»."; all.String() != want {
		t.Errorf("%q, want %q", all.String(), want)
	}
}
