package app_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"causerie/internal/platform/db"
)

// The house of docs/map.md: who may import whom. A package's level is that of the longest prefix below.
var levels = []struct {
	prefix string
	level  int
}{
	{"internal/platform/", 0}, {"internal/protocol/", 0},
	{"internal/schema", 1}, {"internal/fact", 1}, {"internal/assets", 1}, {"internal/sample", 1},
	{"internal/core/", 2}, {"internal/feature/", 3}, {"internal/channel/", 4}, {"internal/view/", 5},
	{"internal/api", pages + 1}, {"internal/transfer", pages + 1}, {"internal/app", pages + 2}, {"internal/demo", pages + 3}, {"internal/harness", pages + 3}, {"cmd/", pages + 4},
}

// pages is the level of every <name>web, whose folder lies in its capability's: above the read models, so that what
// only a page needs is not pushed down into core.
const pages = 6

// Inside one level, only these may import each other; the list has no cycle. Platform packages may import each other
// as Go allows; a <name>web imports its own capability.
var siblings = map[string][]string{
	"internal/core/consent":         {"internal/core/contact", "internal/core/delivery", "internal/core/house"},
	"internal/core/contact":         {"internal/core/house"},
	"internal/core/voice":           {"internal/core/media"},
	"internal/core/place":           {"internal/core/voice"},
	"internal/core/delivery":        {"internal/core/contact"},
	"internal/core/mailer":          {"internal/core/delivery", "internal/core/house"},
	"internal/core/suppression":     {"internal/core/delivery", "internal/core/house"},
	"internal/core/account":         {"internal/core/delivery", "internal/core/house", "internal/core/mailer"},
	"internal/core/coretest":        {"internal/core/contact", "internal/core/house", "internal/core/media", "internal/core/place", "internal/core/voice"},
	"internal/feature/begin":        {"internal/feature/post"},
	"internal/feature/inbox":        {"internal/feature/post"},
	"internal/feature/subscription": {"internal/feature/post"},
	"internal/feature/mandate":      {"internal/feature/inbox"},
	"internal/view/attribution":     {"internal/view/timeline"},
	"internal/view/desk":            {"internal/view/timeline"},
	"internal/view/disclosure":      {"internal/view/timeline"},
	"internal/transfer/wordpress":   {"internal/transfer"},
}

// The modules that the program may link (docs/decisions/0002-libraries.md).
var modules = []string{
	"github.com/nyaruka/phonenumbers", "google.golang.org/protobuf",
	"causerie", "code.dny.dev/ssrf", "github.com/JohannesKaufmann/", "github.com/VictoriaMetrics/metrics", "github.com/alecthomas/kong",
	"github.com/andybalholm/brotli", "github.com/aymerick/douceur", "github.com/danielgtaylor/huma/v2", "github.com/dustin/go-humanize",
	"github.com/emersion/", "github.com/google/uuid", "github.com/gorilla/css", "github.com/jackc/", "github.com/klauspost/compress",
	"github.com/kljensen/snowball", "github.com/mattn/go-isatty", "github.com/maypok86/otter/v2", "github.com/microcosm-cc/bluemonday",
	"github.com/ncruces/go-strftime", "github.com/remyoudompheng/bigfft", "github.com/valyala/",
	"github.com/yuin/goldmark", "golang.org/x/", "gopkg.in/yaml.v3", "modernc.org/", "github.com/fxamacker/cbor", "github.com/x448/float16",
}

type goPackage struct {
	ImportPath string
	Dir        string
	Imports    []string
	Module     *struct{ Path string }
}

func list(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Imports,Module"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func local(path string) (string, bool) { return strings.CutPrefix(path, "causerie/") }

func levelOf(path string) int {
	if isWeb(path) && !strings.HasPrefix(path, "internal/app") {
		return pages
	}
	best, level := -1, -1
	for _, l := range levels {
		if strings.HasPrefix(path+"/", l.prefix) || strings.HasPrefix(path, l.prefix) {
			if len(l.prefix) > best {
				best, level = len(l.prefix), l.level
			}
		}
	}
	return level
}

// capability returns the folder of the capability that path belongs to: internal/feature/post for .../post/postweb.
func capability(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case len(parts) >= 3 && parts[0] == "internal" && parts[1] != "api" && parts[1] != "transfer" && parts[1] != "app":
		return strings.Join(parts[:3], "/")
	default:
		return path
	}
}

func isWeb(path string) bool {
	return strings.HasSuffix(path, "web") && path != "internal/platform/web"
}

func TestImportsGoDownwards(t *testing.T) {
	used := map[string]bool{} // the pairs of siblings that some import needs
	for _, p := range list(t, "./...") {
		from, _ := local(p.ImportPath)
		if levelOf(from) < 0 {
			t.Errorf("%s stands nowhere in the house", from)
		}
		if base := filepath.Base(from); slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "manager"}, base) {
			t.Errorf("%s: a package is named for what it holds", from)
		}
		for _, imported := range p.Imports {
			to, ours := local(imported)
			if !ours {
				continue
			}
			a, b := levelOf(from), levelOf(to)
			same := capability(from) == capability(to)
			used[capability(from)+" "+capability(to)], used[from+" "+to] = true, true
			switch {
			case isWeb(to) && !strings.HasPrefix(from, "internal/app") && !strings.HasPrefix(from, "internal/harness") && !same:
				t.Errorf("%s imports the pages of %s", from, to)
			case isWeb(from) && to == "internal/platform/db":
				t.Errorf("%s imports db: pages ask services", from)
			case b > a:
				t.Errorf("%s (level %d) imports %s (level %d)", from, a, to, b)
			case a == b && a >= 2 && !same && !slices.Contains(siblings[capability(from)], capability(to)) && !slices.Contains(siblings[from], to) && a <= pages+1:
				t.Errorf("%s imports its sibling %s, which the list does not allow", from, to)
			case from == "cmd/causerie" && strings.HasPrefix(to, "internal/harness"):
				t.Errorf("the program links %s, which is for tests", to)
			}
		}
	}
	for from, all := range siblings {
		for _, to := range all {
			if !used[from+" "+to] {
				t.Errorf("the list allows %s to import %s, and nothing does", from, to)
			}
		}
	}
}

func TestOnlyDecidedModulesAreLinked(t *testing.T) {
	for _, p := range list(t, "-deps", "./cmd/causerie") {
		if p.Module == nil {
			continue
		}
		if !slices.ContainsFunc(modules, func(m string) bool { return p.Module.Path == m || strings.HasPrefix(p.Module.Path, m) }) {
			t.Errorf("%s links %s, which no decision names", p.ImportPath, p.Module.Path)
		}
	}
}

func TestDriversStayInDB(t *testing.T) {
	for _, p := range list(t, "./...") {
		from, _ := local(p.ImportPath)
		if strings.HasPrefix(from, "internal/platform/db") {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "database/sql" || strings.HasPrefix(imported, "github.com/jackc/pgx") || strings.HasPrefix(imported, "modernc.org/sqlite") {
				t.Errorf("%s imports %s", from, imported)
			}
		}
	}
}

var writesTable = regexp.MustCompile(`(?is)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)`)

func TestATableHasOneWriter(t *testing.T) {
	writers := map[string]map[string]bool{}
	for _, q := range db.Queries() {
		path, _ := local(q.Package)
		if strings.HasSuffix(path, "_test") {
			continue
		}
		for _, m := range writesTable.FindAllStringSubmatch(q.SQL, -1) {
			table := strings.ToLower(m[1])
			if table == "set" || table == "of" || table == "skip" { // ON CONFLICT DO UPDATE SET, FOR UPDATE OF
				continue
			}
			if writers[table] == nil {
				writers[table] = map[string]bool{}
			}
			writers[table][path] = true
		}
	}
	if len(writers) < 20 {
		t.Fatalf("only %d tables are written: this test no longer sees the queries", len(writers))
	}
	for table, by := range writers {
		if len(by) > 1 {
			t.Errorf("%s is written by %v", table, by)
		}
	}
}

// A template is read on the same screen as the code beside it.
func TestTemplatesAreWrapped(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() && e.Name() == "testdata" {
			return cmp.Or(err, fs.SkipDir)
		}
		if filepath.Ext(path) != ".tmpl" {
			return nil
		}
		source, err := os.ReadFile(path)
		for i, line := range strings.Split(string(source), "\n") {
			if n := utf8.RuneCountInString(line); n > 160 {
				t.Errorf("%s:%d has %d columns", path, i+1, n)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesTellOneStory(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && e.Name() != ".." && e.Name() != "." || e.Name() == "node_modules") && path != "../.." {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		lines := 0
		for s := bufio.NewScanner(f); s.Scan(); {
			lines++
		}
		if lines > 700 {
			t.Errorf("%s has %d lines", path, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
