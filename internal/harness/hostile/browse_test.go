package hostile

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"causerie/internal/harness"
)

// browse shows what was shown to Chromium, each page in a frame without our content security policy. It needs
// CAUSERIE_BROWSER=1, node, and playwright-core in CAUSERIE_NODE_MODULES.
func (g *rig) browse() {
	g.t.Helper()
	modules := os.Getenv("CAUSERIE_NODE_MODULES")
	node, err := exec.LookPath("node")
	if os.Getenv("CAUSERIE_BROWSER") == "" || modules == "" || err != nil {
		g.t.Log("not shown to a browser: CAUSERIE_BROWSER, CAUSERIE_NODE_MODULES or node is missing")
		return
	}
	oracle, err := os.ReadFile(filepath.Join(harness.ProjectRoot(g.t), "..", "shared", "tools", "xss-oracle.mjs"))
	if err != nil {
		g.t.Logf("not shown to a browser: %v", err)
		return
	}
	dir := g.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "oracle.mjs"), oracle, 0o600); err != nil {
		g.t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil { // modules are found from where the script lies
		g.t.Fatal(err)
	}
	paths := slices.Sorted(maps.Keys(g.pages))
	list := []string{"<img src=x onerror=alert(1)>"}
	for _, path := range paths {
		body := g.pages[path]
		if i := bytes.Index(body, []byte("<body")); i >= 0 {
			body = body[i:]
		}
		list = append(list, strings.ToValidUTF8(string(body), "\ufffd"))
	}
	in, err := json.Marshal(list)
	if err != nil {
		g.t.Fatal(err)
	}
	var answer struct {
		Total    int
		Executed []int
	}
	sees := false
	for _, wait := range []string{"2500", "15000"} { // ms that a page has to run what it would: more on a busy machine
		cmd := exec.CommandContext(g.t.Context(), node, filepath.Join(dir, "oracle.mjs"))
		cmd.Stdin, cmd.Env = bytes.NewReader(in), append(os.Environ(), "WAIT="+wait)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			g.t.Fatalf("oracle: %v\n%s", err, stderr.String())
		}
		if err := json.Unmarshal(out, &answer); err != nil || answer.Total != len(list) {
			g.t.Fatalf("the oracle says %s (%v)", out, err)
		}
		if sees = slices.Contains(answer.Executed, 0); sees {
			break
		}
	}
	if !sees {
		g.t.Fatal("the oracle is blind: what must run did not")
	}
	for _, i := range answer.Executed {
		if i > 0 {
			g.errorf("in Chromium %s runs something", paths[i-1])
		}
	}
	g.t.Logf("Chromium saw %d pages", len(paths))
}
