package archive_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"
)

// rewrite makes an archive anew with some entries changed; nil removes one. Sums are not mended.
func rewrite(t *testing.T, b []byte, change map[string]func(string) *string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		text := content(t, f)
		for prefix, fn := range change {
			if strings.HasPrefix(f.Name, prefix) {
				if changed := fn(text); changed == nil {
					goto next
				} else {
					text = *changed
				}
			}
		}
		if e, err := w.Create(f.Name); err != nil {
			t.Fatal(err)
		} else if _, err := io.WriteString(e, text); err != nil {
			t.Fatal(err)
		}
	next:
	}
	must(t, w.Close())
	return out.Bytes()
}

func replace(old, new string) func(string) *string {
	return func(s string) *string {
		s = strings.Replace(s, old, new, 1)
		return &s
	}
}

func drop(string) *string { return nil }

func TestADamagedArchiveLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	refs := fill(t, h)
	whole, _ := write(t, h)
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 0x20
		return b
	}
	stored := bytes.Index(whole, []byte("file 1"))            // files are not compressed
	table := bytes.Index(whole, []byte("tables/posts")) + 100 // its name in front of it, and then well inside
	schemaIs := func(n int) []byte {
		return rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(fmt.Sprintf(`"schema": %d`, len(schema.All())), fmt.Sprintf(`"schema": %d`, n))})
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":               {nil, "archive.unreadable"},
		"not an archive":      {[]byte("PK, but no zip file at all"), "archive.unreadable"},
		"cut short":           {whole[:len(whole)-30], "archive.unreadable"},
		"cut in half":         {whole[:len(whole)/2], "archive.unreadable"},
		"a bit of a file":     {flip(stored), "archive.damaged"},
		"a bit of a table":    {flip(table), "archive.damaged"},
		"newer":               {schemaIs(len(schema.All()) + 1), "archive.newer"},
		"another format":      {rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(`"format": 1`, `"format": 2`)}), "archive.format"},
		"another program":     {rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(`"causerie"`, `"ghost"`)}), "archive.unreadable"},
		"manifest edited":     {schemaIs(1), "archive.damaged"},
		"a row less":          {rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(`"rows": 3`, `"rows": 4`)}), "archive.damaged"},
		"a table less":        {rewrite(t, whole, map[string]func(string) *string{"tables/posts": drop}), "archive.damaged"},
		"a file less":         {rewrite(t, whole, map[string]func(string) *string{"blobs/" + string(refs[0]): drop}), "archive.damaged"},
		"text changed":        {rewrite(t, whole, map[string]func(string) *string{"tables/posts": replace("posts", "pasts")}), "archive.damaged"},
		"no checksums":        {rewrite(t, whole, map[string]func(string) *string{"checksums": drop}), "archive.unreadable"},
		"checksums unread":    {rewrite(t, whole, map[string]func(string) *string{"checksums": replace("{", "[")}), "archive.damaged"},
		"an unknown column":   {rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(`"title"`, `"titel"`)}), "archive.damaged"},
		"a table we have not": {rewrite(t, whole, map[string]func(string) *string{"manifest.json": replace(`"name": "posts"`, `"name": "sessions"`)}), "archive.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := newHouse(t, db.SQLite)
			if _, err := restore(t, target, c.b, archive.Options{}); code(err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			nothingIn(t, target)
		})
	}
}

func nothingIn(t *testing.T, h archive.House) {
	t.Helper()
	_, m := write(t, h)
	for _, table := range m.Tables {
		if table.Rows != 0 {
			t.Errorf("%d rows in %s", table.Rows, table.Name)
		}
	}
	must(t, h.Blobs.Walk(t.Context(), func(ref blob.Ref, _ int64) error {
		return fmt.Errorf("file %s was left", ref)
	}))
}

// unchecked mends the checksums after an edit, as somebody who forges an archive would.
func unchecked(t *testing.T, b []byte, change map[string]func(string) *string) []byte {
	t.Helper()
	edited := rewrite(t, b, change)
	z, err := zip.NewReader(bytes.NewReader(edited), int64(len(edited)))
	must(t, err)
	sums := map[string]any{}
	digests := map[string]string{}
	for _, f := range z.File {
		if f.Name != "checksums.json" {
			digests[f.Name] = hexSum(content(t, f))
		}
	}
	sums["sha256"], sums["lost"] = digests, []string{}
	text, err := json.Marshal(sums)
	must(t, err)
	all := string(text)
	return rewrite(t, edited, map[string]func(string) *string{"checksums.json": func(string) *string { return &all }})
}

func TestAForgedArchiveThatTheDatabaseRefusesLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	refs := fill(t, h)
	whole, _ := write(t, h)
	for name, change := range map[string]map[string]func(string) *string{
		"a grant of nobody": {"tables/grants": replace(fmt.Sprint(int64(math.MaxInt64)), "5")},
		"the same slug twice": {"tables/tags": func(s string) *string {
			lines := strings.SplitAfter(s, "\n")
			s = lines[0] + lines[0] + lines[2]
			return &s
		}},
		"a number for text":   {"tables/voices": replace(`"kind":"personal"`, `"kind":1`)},
		"another column":      {"tables/voices": replace(`"kind":`, `"kynd":`)},
		"another content":     {"blobs/" + string(refs[1]): replace("file", "fire")},
		"a state we have not": {"tables/posts": replace(`"published"`, `"immortal"`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := newHouse(t, db.SQLite)
			if _, err := restore(t, target, unchecked(t, whole, change), archive.Options{}); err == nil {
				t.Error("restored")
			}
			nothingIn(t, target)
		})
	}
}

func FuzzCheck(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"manifest.json":  `{"format":1,"program":"causerie","schema":1,"tables":[{"name":"tags","columns":["id","slug","name"],"rows":1}]}`,
		"checksums.json": `{"sha256":{}}`, "tables/tags.jsonl": `{"id":1,"slug":"a","name":null}`,
	} {
		e, err := w.Create(name)
		must(f, err)
		_, err = io.WriteString(e, text)
		must(f, err)
	}
	must(f, w.Close())
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := archive.Check(t.Context(), bytes.NewReader(b), int64(len(b))); err == nil && m.Format != archive.Format {
			t.Errorf("%+v", m)
		}
	})
}

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
