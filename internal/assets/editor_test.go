package assets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The scripts of the editor are made of the source that stands beside them: who changed it and forgot to make them is told.
func TestTheEditorIsMadeOfItsSource(t *testing.T) {
	names, err := filepath.Glob("editor/src/*.js")
	if err != nil || len(names) < 10 {
		t.Fatal(len(names), err)
	}
	names = append(names, "editor/package-lock.json")
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(h, "%s %d\n%s", filepath.Base(name), len(b), b)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	for _, name := range []string{"write", "rich"} {
		b, err := FS.ReadFile("static/" + name + ".js")
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := bytes.Cut(b, []byte("\n"))
		if !bytes.Contains(first, []byte("sha256:"+sum)) {
			t.Errorf("static/%s.js is older than its source: go generate ./internal/assets", name)
		}
	}
}

// What the editor weighs over the wire, with its styles: at most 180 KB, and it is asked for only where one writes.
func TestTheEditorIsLight(t *testing.T) {
	n := 0
	for _, name := range []string{"write.js", "rich.js", "editor.css"} {
		b, err := FS.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		n += gzipped(t, b)
	}
	if n > 180_000 {
		t.Errorf("the editor weighs %d bytes compressed", n)
	}
	for _, side := range []string{"public", "work"} {
		if bytes.Contains(sideOf(t, "js", side), []byte("ProseMirror")) {
			t.Errorf("every page of the %s side loads the editor", side)
		}
	}
	b, err := FS.ReadFile("static/editor-licences.txt")
	if err != nil || !bytes.Contains(b, []byte("@milkdown/")) || !bytes.Contains(b, []byte("prosemirror-search")) {
		t.Errorf("the licences of what is in it: %d bytes, %v", len(b), err)
	}
}
