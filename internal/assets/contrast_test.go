package assets

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

var (
	tokenLine = regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6});`)
	darkStart = "@media (prefers-color-scheme:dark)"
)

// tokens reads the colours of css/10-tokens.css, light and dark.
func tokens(t *testing.T) (light, dark map[string]rgb) {
	t.Helper()
	raw, err := FS.ReadFile("css/10-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(raw), darkStart)
	if !ok {
		t.Fatal("no dark tokens")
	}
	read := func(s string) map[string]rgb {
		m := map[string]rgb{}
		for _, f := range tokenLine.FindAllStringSubmatch(s, -1) {
			c, ok := parseHex(f[2])
			if !ok {
				t.Fatalf("token %s: %s", f[1], f[2])
			}
			m[f[1]] = c
		}
		return m
	}
	light, dark = read(before), read(after)
	for name := range light {
		if _, ok := dark[name]; !ok {
			t.Errorf("--%s has no dark value", name)
		}
	}
	return light, dark
}

// WCAG 2.2, 1.4.3 and 1.4.11: text 4.5:1, what shows where to type 3:1.
func TestEveryTextIsReadOnEveryGroundInLightAndDark(t *testing.T) {
	light, dark := tokens(t)
	type pair struct {
		text, ground string
		least        float64
	}
	var pairs []pair
	for _, text := range []string{"ink", "soft", "faint", "accent", "ok", "wait", "bad"} {
		for _, ground := range []string{"paper", "card", "wash"} {
			pairs = append(pairs, pair{text, ground, 4.5})
		}
	}
	for _, kind := range []string{"accent", "ok", "wait", "bad"} {
		pairs = append(pairs, pair{kind, kind + "-wash", 4.5}, pair{"ink", kind + "-wash", 4.5})
	}
	pairs = append(pairs,
		pair{"paper", "ink", 4.5}, pair{"paper", "soft", 4.5}, pair{"paper", "accent", 4.5},
		pair{"edge", "paper", 3}, pair{"edge", "card", 3}, pair{"edge", "wash", 3}, pair{"bad", "card", 3})
	for mode, m := range map[string]map[string]rgb{"light": light, "dark": dark} {
		for _, p := range pairs {
			text, ok1 := m[p.text]
			ground, ok2 := m[p.ground]
			if !ok1 || !ok2 {
				t.Errorf("%s: no token --%s or --%s", mode, p.text, p.ground)
				continue
			}
			if got := contrast(text, ground); got < p.least {
				t.Errorf("%s: --%s on --%s is %.2f, under %.1f", mode, p.text, p.ground, got, p.least)
			}
		}
	}
}

// The initials of a face are white on both ends of its ground.
func TestInitialsAreReadOnEveryFace(t *testing.T) {
	css := sideOf(t, "css", "work")
	faces := regexp.MustCompile(`\.f(\d)\{background:linear-gradient\(135deg,(#[0-9a-f]{6}),(#[0-9a-f]{6})\)`).FindAllSubmatch(css, -1)
	if len(faces) != 8 {
		t.Fatalf("%d faces, want 8", len(faces))
	}
	for _, f := range faces {
		for _, stop := range f[2:] {
			c, ok := parseHex(string(stop))
			if got := contrast(c, rgb{1, 1, 1}); !ok || got < 4.5 {
				t.Errorf("face %s: white on %s is %.2f", f[1], stop, got)
			}
		}
	}
}

// accent.go repeats the grounds of the tokens: they must not part.
func TestGroundsOfAccentsAreThoseOfTheTokens(t *testing.T) {
	light, dark := tokens(t)
	for i, name := range []string{"paper", "card", "wash"} {
		if light[name].hex() != lightGrounds[i] || dark[name].hex() != darkGrounds[i] {
			t.Errorf("--%s: tokens say %s and %s, accent.go %s and %s", name, light[name].hex(), dark[name].hex(), lightGrounds[i], darkGrounds[i])
		}
	}
}

var accentSheet = regexp.MustCompile(`^:root\{--accent:(#[0-9a-f]{6});--accent-wash:(#[0-9a-f]{6})\}\n@media \(prefers-color-scheme:dark\)\{:root\{--accent:(#[0-9a-f]{6});--accent-wash:(#[0-9a-f]{6})\}\}\n$`)

func TestAnyColourOfAVoiceIsReadEverywhere(t *testing.T) {
	t.Parallel()
	light, dark := tokens(t)
	r := rand.New(rand.NewPCG(1, 2))
	colours := []string{"#000000", "#ffffff", "#ffff00", "#0000ff", "#ff0000", "#00ff00", "#808080", "#8a2f2a", "#FFAA00"}
	for range 1000 {
		colours = append(colours, fmt.Sprintf("#%06x", r.IntN(1<<24)))
	}
	for _, hex := range colours {
		css, err := AccentCSS(hex)
		if err != nil {
			t.Fatal(err)
		}
		m := accentSheet.FindStringSubmatch(css)
		if m == nil {
			t.Fatalf("%s: %q", hex, css)
		}
		var c [4]rgb
		for i := range c {
			c[i], _ = parseHex(m[i+1])
		}
		for i, tokens := range []map[string]rgb{light, dark} {
			accent, wash := c[2*i], c[2*i+1]
			for _, g := range []rgb{tokens["paper"], tokens["card"], tokens["wash"], wash} {
				if got := contrast(accent, g); got < 4.5 {
					t.Errorf("%s: accent %s on %s is %.2f", hex, accent.hex(), g.hex(), got)
				}
			}
			if got := contrast(tokens["ink"], wash); got < 4.5 {
				t.Errorf("%s: ink on %s is %.2f", hex, wash.hex(), got)
			}
		}
	}
}

// A colour that is already read stays the voice's own.
func TestAReadableColourIsKept(t *testing.T) {
	css, err := AccentCSS("#8a2f2a")
	if err != nil || !strings.HasPrefix(css, ":root{--accent:#8a2f2a;") {
		t.Errorf("%q, %v", css, err)
	}
}

func TestAColourThatIsNoneIsRefused(t *testing.T) {
	for _, bad := range []string{"", "#fff", "red", "#12345g", "8a2f2a0", "#+12345", "#8a2f2a;}body{display:none"} {
		if css, err := AccentCSS(bad); err == nil {
			t.Errorf("%q made %q", bad, css)
		}
	}
}

// FuzzAccentCSS: whatever is given, what comes out is that one sheet or a refusal.
func FuzzAccentCSS(f *testing.F) {
	for _, s := range []string{"#8a2f2a", "#000000", "#ffffff", "#zzzzzz", "", "#-12345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if css, err := AccentCSS(s); err == nil && !accentSheet.MatchString(css) {
			t.Errorf("%q made %q", s, css)
		}
	})
}

// No page's style may bring a colour of its own past the tokens: they could not be checked. Faces, print and shadows
// are the exceptions.
func TestColoursComeFromTokens(t *testing.T) {
	for _, side := range []string{"public", "work"} {
		for line := range bytes.Lines(sideOf(t, "css", side)) {
			s := string(line)
			if regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`).MatchString(s) && !tokenLine.MatchString(s) &&
				!regexp.MustCompile(`^\.f\d\{|^\.face\{|^  :root\{--paper:#fff`).MatchString(s) {
				t.Errorf("%s: a colour past the tokens: %s", side, s)
			}
		}
	}
}
