package post_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"causerie/internal/feature/post"
)

// A file may hold any byte; what is kept is text that both engines take.
func TestWhateverBytesAFileHoldsItIsKeptAsText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, s := range []string{"a\x00b", "caf\xe9", "\xed\xa0\x80", "\x00", "a\r\nb"} {
			p := w.create(post.Input{Title: "T" + s, Summary: s, Question: s, Section: "S" + s, Tags: []string{"t" + s}, Body: s + " fin"})
			if !utf8.ValidString(p.Body) || strings.ContainsAny(p.Body, "\x00\r") || !strings.HasSuffix(p.Body, " fin") {
				t.Errorf("%q is kept as %q", s, p.Body)
			}
		}
	})
}
