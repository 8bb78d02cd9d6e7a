package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"causerie/internal/app"
)

const (
	mapFile = "../../docs/map.md"
	begins  = "<!-- facts: begin -->\n"
	ends    = "<!-- facts: end -->"
)

// TestTheMapTellsTheTruth compares the table of facts in docs/map.md with who really listens. CAUSERIE_WRITE=1 writes it.
func TestTheMapTellsTheTruth(t *testing.T) {
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var b strings.Builder
	b.WriteString("| fact | projections, in the same commit | reactions, as jobs |\n|---|---|---|\n")
	type row struct{ projections, reactions []string }
	rows, order := map[string]*row{}, []string{}
	for _, f := range app.Facts() {
		rows[f.Kind()] = &row{}
		order = append(order, f.Kind())
	}
	for _, l := range a.Bus.Listeners() {
		r := rows[l.Fact]
		if r == nil {
			t.Errorf("%s listens to %s, which app.Facts does not know", l.Name, l.Fact)
			continue
		}
		if l.Reaction {
			r.reactions = append(r.reactions, l.Name)
		} else {
			r.projections = append(r.projections, l.Name)
		}
	}
	for _, kind := range order {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", kind, strings.Join(rows[kind].projections, ", "), strings.Join(rows[kind].reactions, ", "))
	}
	raw, err := os.ReadFile(mapFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(raw), begins)
	have, after, ok2 := strings.Cut(rest, ends)
	if !ok1 || !ok2 {
		t.Fatalf("%s has lost its marks", mapFile)
	}
	if have == b.String() {
		return
	}
	if os.Getenv("CAUSERIE_WRITE") == "" {
		t.Fatalf("%s is stale: run `make map`", mapFile)
	}
	if err := os.WriteFile(mapFile, []byte(before+begins+b.String()+ends+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
