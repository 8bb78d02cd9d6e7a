package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, engine db.Engine) archive.House {
	t.Helper()
	return archive.House{DB: dbtest.Open(t, engine, schema.All(), dbtest.Clock(clock.NewManual(noon))), Blobs: blob.Dir(t.TempDir()), Version: "test"}
}

// fixed are the values that a column must have; all others are made up.
var fixed = map[string][]any{
	"jobs.state": {"due", "held", "dead"}, "grants.role": {"reader", "editor", "author"}, "tokens.scope": {"read", "write", "read"},
	"voices.kind": {"personal", "corporate", "internal"}, "posts.kind": {"article", "note", "page"},
	"posts.status": {"published", "scheduled", "writing"}, "posts.comments": {"", "open", "closed"},
	"contacts.origin": {"comment", "request", "import"}, "handles.channel": {"email", "phone", "web"},
	"conversations.kind": {"comment", "request", "comment"}, "messages.direction": {"in", "out", "in"},
	"messages.kind": {"comment", "answer", "pingback"}, "messages.moderation": {"held", "visible", "spam"},
	"messages.attention": {"open", "answered", "closed"}, "deliveries.state": {"queued", "sent", "held"},
	"notices.what": {"request", "held", "answer"}, "notice_choices.requests": {"now", "daily", "never"},
	"notice_choices.held": {"now", "daily", "never"}, "notice_choices.published": {"never", "daily", "now"},
	"mandates.stage": {"won", "lost", "postponed"}, "mandates.amount_cents": {nil, int64(0), int64(-1)},
	"mandates.next_on": {nil, "2026-11-16", nil}, "posts.deleted_at": {nil, nil, int64(1)}, "posts.cover_id": {nil, int64(7), nil},
	"house_settings.key": {"relay", "comments.open", "share"},
}

var awkward = []string{"« L’été » : \"œuf\" \\ n° %d", "ligne\nligne\r\n\ttab <b>&amp;</b>  \u2028 ", "👩‍🏭 \x7f %d"}

// fill puts three rows into every table, one of each kind of trouble, and returns the files they name.
func fill(t *testing.T, h archive.House) []blob.Ref {
	t.Helper()
	var refs []blob.Ref
	for i := range 3 {
		ref, err := h.Blobs.Put(t.Context(), strings.NewReader(fmt.Sprintf("file %d", i)), 100)
		must(t, err)
		refs = append(refs, ref)
	}
	must(t, h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, table := range travelling(t) {
			var names []string
			var values []any
			for _, c := range table.Columns {
				names = append(names, c.Name)
			}
			for i := range 3 {
				for _, c := range table.Columns {
					v := fixed[table.Name+"."+c.Name]
					switch {
					case table.Name == "media_variants" && c.Name == "ref":
						values = append(values, string(refs[i]))
					case v != nil:
						values = append(values, v[i])
					case c.Type == "int" && (c.Name == "id" || strings.HasSuffix(c.Name, "_id")):
						values = append(values, math.MaxInt64-int64(i))
					case c.Type == "int":
						values = append(values, int64(i)*1_700_000_000_000)
					case c.Type == "bool":
						values = append(values, i == 1)
					case c.Type == "bytes":
						values = append(values, []byte{0, 255, byte(i)})
					default:
						values = append(values, strings.ReplaceAll(awkward[i], "%d", table.Name+c.Name))
					}
				}
			}
			q := db.Query{Name: "fill." + table.Name, SQL: "INSERT INTO " + table.Name + " (" + strings.Join(names, ", ") + ") VALUES {rows}"}
			if err := db.Insert(tx, q, len(names), values); err != nil {
				return err
			}
		}
		return nil
	}))
	return refs
}

func travelling(t *testing.T) []schema.Table {
	t.Helper()
	all, err := schema.Tables(t.Context(), schema.All())
	must(t, err)
	return slices.DeleteFunc(all, func(t schema.Table) bool { return t.Stays != "" })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, h archive.House) ([]byte, archive.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := archive.Write(t.Context(), h, &b)
	must(t, err)
	return b.Bytes(), m
}

func restore(t *testing.T, h archive.House, b []byte, o archive.Options) (archive.Restored, error) {
	t.Helper()
	return archive.Restore(t.Context(), h, bytes.NewReader(b), int64(len(b)), o)
}

// tables returns the tables of an archive, as text.
func tables(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	found := map[string]string{}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "tables/") {
			found[f.Name] = content(t, f)
		}
	}
	return found
}

func content(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	must(t, err)
	defer r.Close()
	text, err := io.ReadAll(r)
	must(t, err)
	return string(text)
}

func TestAHouseComesBackAsItWasOnEitherEngine(t *testing.T) {
	engines := []db.Engine{db.SQLite, db.Postgres}
	for _, from := range engines {
		for _, to := range engines {
			t.Run(from.String()+" to "+to.String(), func(t *testing.T) {
				t.Parallel()
				source, target := newHouse(t, from), newHouse(t, to)
				refs := fill(t, source)
				first, m := write(t, source)
				if m.Engine != from.String() || m.Schema != len(schema.All()) || m.Version != "test" || m.Files != 3 || m.Rows("posts") != 3 || !m.CreatedAt.Equal(noon) {
					t.Errorf("manifest %+v", m)
				}
				rebuilt := 0
				got, err := restore(t, target, first, archive.Options{Rebuild: func(context.Context) error { rebuilt++; return nil }})
				must(t, err)
				if d := cmp.Diff(m, got.Manifest); d != "" || rebuilt != 1 || got.Held != 0 {
					t.Errorf("restored %s, rebuilt %d times, held %d", d, rebuilt, got.Held)
				}
				second, _ := write(t, target)
				if d := cmp.Diff(unset(tables(t, first)), unset(tables(t, second))); d != "" {
					t.Errorf("before (-) and after (+): %s", d)
				}
				for i, ref := range refs {
					f, _, err := target.Blobs.Open(t.Context(), ref)
					must(t, err)
					b, err := io.ReadAll(f)
					f.Close()
					if want := fmt.Sprintf("file %d", i); err != nil || string(b) != want {
						t.Errorf("file %q, want %q: %v", b, want, err)
					}
				}
			})
		}
	}
}

func TestSecretsAndSessionsStayOutOfTheArchive(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	b, m := write(t, h)
	if m.Rows("house_settings") != 2 || strings.Contains(tables(t, b)["tables/house_settings.jsonl"], `"relay"`) {
		t.Error("the sealed relay is in the archive")
	}
	for _, name := range []string{"sessions", "password_resets", "certificates", "idempotent_answers", "search_documents"} {
		if _, there := tables(t, b)["tables/"+name+".jsonl"]; there {
			t.Errorf("%s is in the archive", name)
		}
	}
}

func TestAHouseThatIsThereIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	b, _ := write(t, h)
	before := tables(t, b)
	if _, err := restore(t, h, b, archive.Options{}); code(err) != "archive.not_empty" {
		t.Errorf("%v", err)
	}
	after, _ := write(t, h)
	if d := cmp.Diff(before, tables(t, after)); d != "" {
		t.Error(d)
	}
}

func code(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Code
	}
	return fmt.Sprint(err)
}

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

func TestALostFileDoesNotStopABackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	refs := fill(t, h)
	must(t, h.Blobs.Delete(t.Context(), refs[2]))
	b, m := write(t, h)
	if d := cmp.Diff([]string{string(refs[2])}, m.Lost); d != "" {
		t.Error(d)
	}
	got, err := restore(t, newHouse(t, db.SQLite), b, archive.Options{})
	must(t, err)
	if d := cmp.Diff([]string{string(refs[2])}, got.Lost); d != "" {
		t.Error(d)
	}
}

func TestLettersThatWaitedAreHeldAfterARestore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	b, _ := write(t, h)
	target := newHouse(t, db.SQLite)
	got, err := restore(t, target, b, archive.Options{Hold: true})
	must(t, err)
	if got.Held != 1 {
		t.Errorf("%d held", got.Held)
	}
	again, _ := write(t, target)
	if !strings.Contains(tables(t, again)["tables/job_lanes_held.jsonl"], `{"lane":"*"`) {
		t.Error("all that leaves is not held")
	}
}

func TestABackupIsOneNewFileForItsOwner(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	dir := t.TempDir()
	path := filepath.Join(dir, "house.zip")
	_, err := archive.Backup(t.Context(), h, path)
	must(t, err)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, err := archive.Backup(t.Context(), h, path); code(err) != "archive.exists" {
		t.Errorf("%v", err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%v", names)
	}
	_, err = archive.RestoreFile(t.Context(), newHouse(t, db.SQLite), path, archive.Options{})
	must(t, err)
	if _, err := archive.RestoreFile(t.Context(), newHouse(t, db.SQLite), path+".none", archive.Options{}); code(err) != "archive.no_file" {
		t.Errorf("%v", err)
	}
	if _, err := archive.Backup(t.Context(), h, filepath.Join(dir, "none", "house.zip")); err == nil {
		t.Error("a backup into a directory that is not there")
	}
}

// A backup that could not be restored is none: it is refused, and nothing bears its name. The command line does the same with a
// damaged SQLite file.
func TestABackupThatCouldNotBeReliedOnIsNotMade(t *testing.T) {
	t.Parallel()
	refuses := func(t *testing.T, h archive.House, want string) {
		t.Helper()
		dir := t.TempDir()
		if _, err := archive.Backup(t.Context(), h, filepath.Join(dir, "house.zip")); code(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
		if names, _ := os.ReadDir(dir); len(names) != 0 {
			t.Errorf("it left %v", names)
		}
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		refuses(t, newHouse(t, engine), "archive.nothing")
		h := newHouse(t, engine)
		for _, ref := range fill(t, h) {
			must(t, h.Blobs.Delete(t.Context(), ref))
		}
		refuses(t, h, "archive.no_files")
	}
	h := newHouse(t, db.Postgres)
	fill(t, h)
	must(t, h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range []string{"SET LOCAL session_replication_role = replica", "DELETE FROM voices"} {
			if _, err := db.Exec(tx, db.Query{Name: "t.break", SQL: text}); err != nil {
				return err
			}
		}
		return nil
	}))
	refuses(t, h, "archive.sick")
}

func TestAnArchiveOfNothingIsNotRestoredByTheCommand(t *testing.T) {
	t.Parallel()
	b, _ := write(t, newHouse(t, db.SQLite))
	if _, err := restore(t, newHouse(t, db.SQLite), b, archive.Options{Inhabited: true}); code(err) != "archive.empty" {
		t.Error(err)
	}
}

// full is a disk that takes so many bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, &os.PathError{Op: "write", Path: "house.zip", Err: syscall.ENOSPC}
	}
	return len(b), nil
}

func TestADiskThatIsFullIsNotTakenForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	for _, left := range []int{0, 5_000, 9_000} {
		_, err := archive.Write(t.Context(), h, archive.OnDisk(&full{left}, "/backups/house.zip"))
		if code(err) != "archive.disk_full" || !strings.Contains(err.Error(), "/backups/house.zip") {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
	if _, err := archive.Write(t.Context(), h, &full{0}); code(err) != "disk_full" {
		t.Error(err)
	}
}

func TestAMoveComparesBothSides(t *testing.T) {
	t.Parallel()
	source, target := newHouse(t, db.SQLite), newHouse(t, db.Postgres)
	fill(t, source)
	dir := t.TempDir()
	got, err := archive.Move(t.Context(), source, target, dir, archive.Options{})
	must(t, err)
	if got.Rows("messages") != 3 {
		t.Errorf("%+v", got)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("left %v", names)
	}
}

func TestTextThatPostgresCannotHoldMovesWithoutIt(t *testing.T) {
	t.Parallel()
	source, target := newHouse(t, db.SQLite), newHouse(t, db.Postgres)
	must(t, source.DB.Write(t.Context(), func(tx *db.Tx) error {
		return db.Insert(tx, db.Query{Name: "t.nul", SQL: "INSERT INTO tags (id, slug, name) VALUES {rows}"}, 3, []any{int64(1), "a\x00b", "c\xffd"})
	}))
	_, err := archive.Move(t.Context(), source, target, t.TempDir(), archive.Options{})
	must(t, err)
	b, _ := write(t, target)
	if got, want := tables(t, b)["tables/tags.jsonl"], `{"id":1,"slug":"ab","name":"c�d"}`+"\n"; got != want {
		t.Errorf("%q", got)
	}
}

func TestABackupIsOneInstantWhileTheHouseGoesOn(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		h := archive.House{DB: d, Blobs: blob.Dir(t.TempDir())}
		add := func(i int) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				// Two tables that must always agree, the later one read first by name of neither.
				if err := db.Insert(tx, db.Query{Name: "t.a", SQL: "INSERT INTO tags (id, slug, name) VALUES {rows}"}, 3, []any{int64(i), fmt.Sprint(i), "x"}); err != nil {
					return err
				}
				return db.Insert(tx, db.Query{Name: "t.b", SQL: "INSERT INTO imported (source, kind, external, local, at) VALUES {rows}"}, 5,
					[]any{"s", "tag", fmt.Sprint(i), int64(i), int64(0)})
			})
		}
		must(t, add(1))
		stop, stopped := make(chan struct{}), make(chan error, 1)
		go func() {
			for i := 2; ; i++ {
				select {
				case <-stop:
					stopped <- nil
					return
				default:
				}
				if err := add(i); err != nil {
					stopped <- err
					return
				}
			}
		}()
		for range 10 {
			if _, m := write(t, h); m.Rows("tags") != m.Rows("imported") || m.Rows("tags") == 0 {
				t.Errorf("%d and %d", m.Rows("tags"), m.Rows("imported"))
			}
		}
		close(stop)
		must(t, <-stopped)
	}, dbtest.Once())
}

func TestTheSentencesAreCompleteInBothLanguages(t *testing.T) {
	t.Parallel()
	c := i18n.New()
	must(t, c.Add(archive.Texts))
	for _, err := range c.Check() {
		t.Error(err)
	}
	for _, key := range []string{"exists", "no_file", "schema", "unreadable", "format", "newer", "damaged", "not_empty", "differs"} {
		if !c.Has(i18n.FrFR, "fault.archive."+key) {
			t.Errorf("no sentence for %s", key)
		}
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

func TestTheCommandsTellWhatTheyDid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	refs := fill(t, h)
	must(t, h.Blobs.Delete(t.Context(), refs[0]))
	c := i18n.New()
	must(t, c.Add(archive.Texts))
	for _, l := range []i18n.Lang{i18n.FrFR, i18n.En} {
		var out strings.Builder
		v := archive.Printer{Out: &out, Catalog: c, Lang: l}
		path := filepath.Join(t.TempDir(), "house.zip")
		must(t, archive.RunBackup(t.Context(), h, path, v))
		must(t, archive.RunRestore(t.Context(), newHouse(t, db.SQLite), path, nil, v))
		must(t, archive.RunMove(t.Context(), h, newHouse(t, db.SQLite), t.TempDir(), nil, v))
		if n := strings.Count(out.String(), "\n"); n != 10 { // figures, lost and secrets thrice; held once
			t.Errorf("%d lines:\n%s", n, out.String())
		}
	}
	if missing := c.Missing(); len(missing) > 0 {
		t.Error(missing)
	}
}
