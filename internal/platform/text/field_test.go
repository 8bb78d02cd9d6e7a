package text

import (
	"strings"
	"testing"
)

func TestAFieldOfOneLineIsOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Nos\r\n délais\t ": "Nos délais", "12\u00a0400\u202f!": "12\u00a0400\u202f!", "a\x00b\x7fc": "a b c", "\xff": "\uFFFD", " \n ": "",
	} {
		if got := OneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWhatIsTooLongIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{" éléments ", 8, "éléments"}, {"éléments", 7, "élémen…"}, {"éléments", 1, "…"}, {"éléments", 0, ""}, {"", 0, ""}, {"abc", -1, ""},
	} {
		if got := Clip(c.in, c.limit); got != c.want {
			t.Errorf("Clip(%q, %d) is %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func TestParagraphsArePartedByBlankLines(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", " \n\n ": "", "un": "un", "un\ndeux": "un deux", "un\r\n\r\n\r\ndeux \n": "un|deux"} {
		if got := strings.Join(Paragraphs(in), "|"); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
