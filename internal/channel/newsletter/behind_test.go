package newsletter

import "testing"

func TestANoteIsNotSaidTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ title, words, want string }{
		{"Le chêne est là.", "Le chêne est là. Il sèche.", "Il sèche."},
		{"Le chêne est là.", "Le chêne est là.", ""},
		{"Le chêne est…", "Le chêne est là, et il sèche.", "…\u00a0là, et il sèche."},
		{"Autre chose", "Le chêne est là.", ""},
	} {
		if got := behind(c.title, c.words); got != c.want {
			t.Errorf("%q behind %q is %q, want %q", c.words, c.title, got, c.want)
		}
	}
}
