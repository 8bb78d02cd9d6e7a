package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"causerie/internal/app"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"
	"causerie/internal/view/doctor"

	"github.com/google/go-cmp/cmp"
)

// olderHouse was written by the program as it was at schema 7: a house with posts in every state, comments and requests with their
// answers, mandates, people of the house, files, mails that were sent and one that waits.
const olderHouse = "testdata/house-schema7.zip"

func older(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(olderHouse)
	must(t, err)
	return b
}

// rowsOf returns the rows of each table of an archive with their columns sorted, since a schema may say them in another order.
func rowsOf(t *testing.T, b []byte) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for name, text := range tables(t, b) {
		for line := range strings.Lines(text) {
			row := map[string]any{}
			d := json.NewDecoder(strings.NewReader(line))
			d.UseNumber()
			must(t, d.Decode(&row))
			if row["html"] != nil {
				row["html"] = "" // which is not believed
			}
			sorted, err := json.Marshal(row)
			must(t, err)
			found[name] = append(found[name], string(sorted))
		}
	}
	return found
}

func TestAnOlderArchiveIsPutIntoItsOwnSchemaRowForRow(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		h := archive.House{DB: d, Blobs: blob.Dir(t.TempDir()), Schema: schema.All()[:7]}
		whole := older(t)
		done, err := restore(t, h, whole, archive.Options{})
		must(t, err)
		again, m := write(t, h)
		if diff := cmp.Diff(rowsOf(t, whole), rowsOf(t, again)); diff != "" {
			t.Errorf("the archive (-) and what was restored of it (+) differ:\n%s", diff)
		}
		if m.Files != done.Files || m.Files < 20 || len(m.Lost) > 0 {
			t.Errorf("%d files of %d, %d lost", m.Files, done.Files, len(m.Lost))
		}
	})
}

func TestAnOlderArchiveRestoresWholeIntoTheProgramOfToday(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			address := dbtest.Options(t, engine, nil).URL
			a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Database: address, URL: &url.URL{Scheme: "https", Host: "ateliers-aubin.example"},
				Clock: clock.NewManual(noon.AddDate(0, 0, 10)), Captured: &mail.Captured{}, Rehearse: true})
			must(t, err)
			defer a.Close()
			h := archive.House{DB: a.DB, Blobs: a.Blobs}
			whole := older(t)
			done, err := restore(t, h, whole, archive.Options{Hold: true, Rebuild: a.Rebuild})
			must(t, err)
			if done.Held != 1 {
				t.Errorf("%d mails are held, want the one that waited", done.Held)
			}
			_, m := write(t, h)
			for _, table := range done.Tables {
				if !slices.Contains(mayShrink, table.Name) && m.Rows(table.Name) < table.Rows {
					t.Errorf("%s: %d rows of %d", table.Name, m.Rows(table.Name), table.Rows)
				}
			}
			if diff := cmp.Diff(words(t, whole), wordsNow(t, a.DB)); diff != "" {
				t.Errorf("what was said before (-) and is said now (+) differs:\n%s", diff)
			}
			for _, f := range a.Doctor().Look(t.Context()) {
				if f.Level == doctor.Wrong {
					t.Errorf("%s: %s", f.What, f.Text)
				}
			}
			shapes := a.Queue.Bodies()
			for _, f := range app.Facts() {
				shapes[f.Kind()] = reflect.New(reflect.TypeOf(f)).Interface()
			}
			mustBeRead(t, a.DB, "facts", shapes, 400)
			mustBeRead(t, a.DB, "jobs", shapes, 5)
			fresh := dbtest.Open(t, engine, schema.All())
			if diff := cmp.Diff(dbtest.Describe(t, fresh), dbtest.Describe(t, a.DB)); diff != "" {
				t.Errorf("made at once (-) and by way of an older archive (+), the schema differs:\n%s", diff)
			}
		})
	}
}

// mustBeRead decodes every body of a table, of which there are least at least, into the shape of its kind.
func mustBeRead(t *testing.T, d *db.DB, table string, shapes map[string]any, least int) {
	t.Helper()
	type stored struct{ kind, body string }
	var all []stored
	must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, db.Once(db.Query{Name: "test.stored", SQL: "SELECT kind, body FROM " + table}), func(r db.Row) (s stored, err error) {
			err = r.Scan(&s.kind, &s.body)
			return s, err
		})
		return err
	}))
	if len(all) < least {
		t.Errorf("%d %s, want %d at least", len(all), table, least)
	}
	for _, s := range all {
		shape := shapes[s.kind]
		if shape == nil {
			t.Errorf("%s of kind %s, which nobody knows", table, s.kind)
			continue
		}
		d := json.NewDecoder(strings.NewReader(s.body))
		d.DisallowUnknownFields()
		if err := d.Decode(shape); err != nil {
			t.Errorf("%s %s is not read: %v", s.kind, s.body, err)
		}
	}
}

// mayShrink are the tables of which a migration drops rows: the jobs that carried mail are the deliveries' own now, and what is
// done leaves less of a trail.
var mayShrink = []string{"jobs", "jobs_done"}

var spoken = map[string]string{ // table -> the column that must come through every migration as it was
	"posts": "body", "messages": "body", "contacts": "name", "handles": "value", "mandates": "title", "deliveries": "subject", "accounts": "email",
	"voices": "slug", "tags": "name", "sections": "slug",
}

// words returns those columns in an archive, sorted.
func words(t *testing.T, b []byte) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for name, text := range tables(t, b) {
		table := strings.TrimSuffix(strings.TrimPrefix(name, "tables/"), ".jsonl")
		for line := range strings.Lines(text) {
			var row map[string]any
			must(t, json.Unmarshal([]byte(line), &row))
			if column := spoken[table]; column != "" {
				found[table] = append(found[table], row[column].(string))
			}
		}
		slices.Sort(found[table])
	}
	return present(found)
}

// wordsNow returns them in a database.
func wordsNow(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		for table, column := range spoken {
			all, err := db.All(tx, db.Once(db.Query{Name: "test." + table, SQL: "SELECT " + column + " FROM " + table}), db.Scalar[string])
			if err != nil {
				return err
			}
			slices.Sort(all)
			found[table] = all
		}
		return nil
	}))
	return present(found)
}

// present leaves out what is empty.
func present(m map[string][]string) map[string][]string {
	for k, v := range m {
		if len(v) == 0 {
			delete(m, k)
		}
	}
	return m
}

// tomorrow are steps that a later program might take: a column is computed, one renamed, one dropped, a table made anew and one gone.
func tomorrow() []db.Migration {
	steps := schema.All()
	n := len(steps)
	return append(steps[:n:n],
		db.Migration{Number: n + 1, Name: "tomorrow", SQL: `
ALTER TABLE tags RENAME COLUMN name TO label;
ALTER TABLE tags ADD COLUMN label_key {text} NOT NULL DEFAULT '';
ALTER TABLE sections DROP COLUMN position;
DROP TABLE imported;
CREATE TABLE drafts (post_id {id} NOT NULL, account_id {int} NOT NULL, fields {text} NOT NULL, PRIMARY KEY (post_id, account_id)) {strict};
INSERT INTO drafts (post_id, account_id, fields) SELECT post_id, account_id, fields FROM post_drafts;
DROP TABLE post_drafts;
`, Fill: func(tx *db.Tx) error {
			labels, err := db.All(tx, db.Query{Name: "t.labels", SQL: `SELECT label FROM tags`}, db.Scalar[string])
			if err != nil {
				return err
			}
			for _, l := range labels {
				if _, err := db.Exec(tx, db.Query{Name: "t.key", SQL: `UPDATE tags SET label_key = $1 WHERE label = $2`}, strings.ToUpper(l), l); err != nil {
					return err
				}
			}
			return nil
		}})
}

func TestDroppedAndRenamedColumnsDoNotMakeAnOlderArchiveDamaged(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		source := newHouse(t, db.SQLite)
		fill(t, source)
		whole, m := write(t, source)
		h := archive.House{DB: d, Blobs: blob.Dir(t.TempDir()), Schema: tomorrow()}
		for _, b := range [][]byte{whole, older(t)} {
			done, err := restore(t, h, b, archive.Options{})
			must(t, err)
			_, now := write(t, h)
			if now.Rows("drafts") != done.Rows("post_drafts") || now.Rows("tags") != done.Rows("tags") || now.Schema != len(tomorrow()) {
				t.Errorf("%d drafts, %d tags of %d and %d, at schema %d", now.Rows("drafts"), now.Rows("tags"), m.Rows("post_drafts"), m.Rows("tags"), now.Schema)
			}
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				n, err := db.One(tx, db.Once(db.Query{Name: "t.filled", SQL: `SELECT COUNT(*) FROM tags WHERE label_key <> ''`}), db.Scalar[int64])
				if n != now.Rows("tags") {
					t.Errorf("%d of %d tags were filled", n, now.Rows("tags"))
				}
				return err
			}))
			must(t, d.ChangeSchema(t.Context(), func(tx *db.Tx) error { return db.UndoIn(tx, tomorrow()) }))
		}
	})
}

func TestAColumnThatTheSchemaOfAnArchiveDoesNotHaveIsDamage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	edited := unchecked(t, older(t), map[string]func(string) *string{"manifest.json": replace(`"handle_id"`, `"handel_id"`)})
	if _, err := restore(t, h, edited, archive.Options{}); code(err) != "archive.damaged" {
		t.Errorf("%v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(edited), int64(len(edited)))
	if err != nil || len(z.File) < 30 {
		t.Errorf("the edited archive is not one: %v", err)
	}
	nothingIn(t, h)
}
