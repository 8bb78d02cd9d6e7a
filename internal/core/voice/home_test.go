package voice

import (
	"strings"
	"testing"
)

func TestAHostIsReadAsPeopleGiveIt(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"blog.exemple.fr": "blog.exemple.fr", " Blog.Exemple.FR. ": "blog.exemple.fr", "https://blog.exemple.fr/": "blog.exemple.fr",
		"HTTP://blog.exemple.fr": "blog.exemple.fr", "été.exemple.fr": "xn--t-9fab.exemple.fr",
	} {
		if got, ok := ParseHost(given); !ok || got != want {
			t.Errorf("%q is read as %q, %v, want %q", given, got, ok, want)
		}
	}
	for _, given := range []string{"", "localhost", "192.0.2.1", "[2001:db8::1]", "blog.exemple.fr:8080", "blog.exemple.fr/a", "a_b.exemple.fr", "-a.exemple.fr",
		"a..fr", "a b.fr", strings.Repeat("a.", 200) + "fr", strings.Repeat("a", 64) + ".fr", "a@b.fr", "<b>.fr"} {
		if got, ok := ParseHost(given); ok {
			t.Errorf("%q is read as %q", given, got)
		}
	}
}
