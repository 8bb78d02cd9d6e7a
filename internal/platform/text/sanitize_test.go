package text

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPublishedAttacksComeOutHarmless(t *testing.T) {
	t.Parallel()
	for _, s := range payloads(t) {
		for _, p := range []Policy{Article, Comment} {
			out := string(Sanitize(s, p))
			if why := harm(out, p); why != "" {
				t.Errorf("policy %d: %s\n in  %q\n out %q", p, why, s, out)
			}
			if again := string(Sanitize(out, p)); again != out {
				t.Logf("policy %d is not stable for %q:\n %q\n %q", p, s, out, again)
			}
			r := Render(s, Options{Untrusted: p == Comment, Lang: "fr"})
			if why := harm(string(r.HTML), p); why != "" {
				t.Errorf("rendered, policy %d: %s\n in  %q\n out %q", p, why, s, r.HTML)
			}
		}
	}
}

// TestAttacksDoNotRunInARealBrowser needs CAUSERIE_BROWSER=1, node, Chromium, and playwright-core in the node_modules folder
// that CAUSERIE_NODE_MODULES names (or in NODE_PATH).
func TestAttacksDoNotRunInARealBrowser(t *testing.T) {
	if os.Getenv("CAUSERIE_BROWSER") == "" {
		t.Skip("CAUSERIE_BROWSER is not set.")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed.")
	}
	modules := os.Getenv("CAUSERIE_NODE_MODULES")
	if modules == "" {
		for _, d := range filepath.SplitList(os.Getenv("NODE_PATH")) {
			if _, err := os.Stat(filepath.Join(d, "playwright-core")); err == nil {
				modules = d
			}
		}
	}
	if _, err := os.Stat(filepath.Join(modules, "playwright-core")); modules == "" || err != nil {
		t.Skip("playwright-core is not to be found.")
	}
	oracle, err := os.ReadFile(testdata(t, "tools", "xss-oracle.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	// Modules are resolved from where the script lies: put it beside its dependency.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "oracle.mjs"), oracle, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	var snippets []string
	raw := payloads(t)
	for _, s := range raw {
		snippets = append(snippets, string(Sanitize(s, Article)), string(Sanitize(s, Comment)), string(Render(s, Options{Lang: "fr"}).HTML))
	}
	ask := func(list []string) []int {
		in, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var out []byte
		for try := 1; ; try++ {
			cmd := exec.Command(node, filepath.Join(dir, "oracle.mjs"))
			cmd.Stdin = bytes.NewReader(in)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			if out, err = cmd.Output(); err == nil {
				break
			}
			// On a machine short of memory the judge itself may be ended by the system: it is asked again. What it says counts, not that it fell.
			if try == 3 || !strings.Contains(stderr.String(), "browser has been closed") {
				t.Fatalf("oracle: %v\n%s", err, stderr.String())
			}
		}
		var answer struct {
			Total    int
			Executed []int
		}
		if err := json.Unmarshal(out, &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Total != len(list) {
			t.Fatalf("the oracle saw %d of %d", answer.Total, len(list))
		}
		return answer.Executed
	}
	if n := len(ask(raw)); n == 0 {
		t.Fatal("the oracle sees no attack in the raw payloads: it proves nothing")
	}
	for _, i := range ask(snippets) {
		t.Errorf("this runs: %q", snippets[i])
	}
}

func TestSanitizeKeepsWhatAuthorsNeed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		p              Policy
	}{
		{"prose", `<p>Un <em>mot</em> &amp; <a href="/x?a=1&amp;b=2">lien</a></p>`, `<p>Un <em>mot</em> &amp; <a href="/x?a=1&amp;b=2">lien</a></p>`, Article},
		{"stray ends", `<p>a</p></div></section>`, `<p>a</p>`, Article},
		{"left open", `<div><b>a`, `<div><b>a</b></div>`, Article},
		{"clobbering id", `<p id="location">a</p>`, `<p id="h-location">a</p>`, Article},
		{"a frame is a link", `<iframe src="//v.example/1"></iframe>`, `<a href="https://v.example/1" rel="noopener">v.example/1</a>`, Article},
		{"an image nobody may load", `<img src="javascript:1" alt="Le plan">`, `Le plan`, Article},
		{"bitmap data", `<img src="data:image/png;base64,iVBORw0KGgo=" alt="">`, `<img src="data:image/png;base64,iVBORw0KGgo=" alt="" loading="lazy" decoding="async"/>`, Article},
		{"vector data", `<img src="data:image/svg+xml;base64,PHN2Zz4=" alt="">`, ``, Article},
		{"data in a link", `<a href="data:image/png;base64,iVBORw0KGgo=">x</a>`, `x`, Article},
		{"a heading in a comment", `<h1>Oui</h1>`, `<p><strong>Oui</strong></p>`, Comment},
		{"an image in a comment", `<img src="https://e.example/i.png" alt="Le plan">`, `<a href="https://e.example/i.png" rel="nofollow ugc noopener">Le plan</a>`, Comment},
		{"a link in a comment", `<a href="https://e.example" rel="me" target="_blank">x</a>`, `<a href="https://e.example" rel="nofollow ugc noopener">x</a>`, Comment},
		{"boxes in a comment", `<div><div>a</div><div>b</div></div>`, `<p>a</p><p>b</p>`, Comment},
		{"skipped openings", `<img onerror=x><a><b></b></a>c`, `<b></b>c`, Article},
	}
	for _, tt := range tests {
		if got := string(Sanitize(tt.in, tt.p)); got != tt.want {
			t.Errorf("%s:\n got  %s\n want %s", tt.name, got, tt.want)
		}
	}
}

func TestDepthAndSizeAreBounded(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		strings.Repeat("<div>", 100_000), strings.Repeat("<b>", 20_000), strings.Repeat("<table>", 5_000), strings.Repeat("&", MaxComment+5),
		strings.Repeat("é", MaxComment),
	} {
		for _, p := range []Policy{Article, Comment} {
			if why := harm(string(Sanitize(s, p)), p); why != "" {
				t.Errorf("%q...: %s", s[:10], why)
			}
		}
	}
	for _, s := range []string{
		strings.Repeat(">", 5_000), strings.Repeat("[", 20_000), strings.Repeat("*a **b ", 5_000), strings.Repeat("- ", 3_000) + "x", strings.Repeat("[a](", 3_000),
		strings.Repeat("`", 20_000), strings.Repeat("<!-", 20_000), strings.Repeat("![", 20_000),
	} {
		for _, untrusted := range []bool{false, true} {
			r := Render(s, Options{Untrusted: untrusted})
			p := Article
			if untrusted {
				p = Comment
			}
			if why := harm(string(r.HTML), p); why != "" {
				t.Errorf("%q...: %s", s[:5], why)
			}
		}
	}
}
