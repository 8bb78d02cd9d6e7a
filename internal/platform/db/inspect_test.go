package db_test

import (
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"

	"github.com/google/go-cmp/cmp"
)

// library is what a table may live through: made anew, renamed, a column dropped, renamed and added, a table dropped.
var library = append(shelves[:2:2],
	db.Migration{Number: 3, Name: "loans", SQL: `
CREATE TABLE loans (book_id {id} NOT NULL REFERENCES books (id), reader {text} NOT NULL, back {bool} NOT NULL, slip {bytes}, PRIMARY KEY (reader, book_id)) {strict};
CREATE TABLE dust (id {id} PRIMARY KEY) {strict};
CREATE VIEW lent AS SELECT book_id FROM loans WHERE NOT back;
CREATE INDEX loans_book ON loans (book_id);
-- only sqlite
CREATE VIRTUAL TABLE words USING fts5(word);
-- end
-- only postgres
CREATE TABLE words (word TEXT);
-- end
`},
	db.Migration{Number: 4, Name: "tidy", SQL: `
ALTER TABLE pages RENAME TO leaves;
ALTER TABLE leaves RENAME COLUMN book_id TO volume_id;
ALTER TABLE books DROP COLUMN shelf;
ALTER TABLE books ADD COLUMN lost {bool};
DROP TABLE dust;
`})

func TestTablesAreKnownWhateverTheMigrationsDoToThem(t *testing.T) {
	t.Parallel()
	got, err := db.TablesOf(t.Context(), library)
	if err != nil {
		t.Fatal(err)
	}
	integer, text := func(n string) db.Column { return db.Column{Name: n, Type: "int"} }, func(n string) db.Column { return db.Column{Name: n, Type: "text"} }
	want := []db.Table{
		{Name: "schema_migrations", Columns: []db.Column{integer("number"), text("name"), integer("at")}, Key: []string{"number"}},
		{Name: "books", Columns: []db.Column{integer("id"), text("title"), text("title_key"), {Name: "lost", Type: "bool"}}, Key: []string{"id"}},
		{Name: "leaves", Columns: []db.Column{integer("id"), integer("volume_id")}, Key: []string{"id"}, Parents: []string{"books"}},
		{Name: "loans", Columns: []db.Column{integer("book_id"), text("reader"), {Name: "back", Type: "bool"}, {Name: "slip", Type: "bytes"}},
			Key: []string{"reader", "book_id"}, Parents: []string{"books"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("want (-), got (+):\n%s", d)
	}
	first, err := db.TablesOf(t.Context(), library[:1])
	if err != nil || len(first) != 3 || first[2].Name != "pages" || first[1].Columns[2].Name != "shelf" {
		t.Errorf("after the first step: %+v, %v", first, err)
	}
}

func TestWhatTheMigrationsMadeIsTakenBackAndNothingElse(t *testing.T) {
	dbtest.Each(t, library, func(t *testing.T, d *db.DB) {
		whole := dbtest.Describe(t, d)
		if err := d.ChangeSchema(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, db.Query{Name: "test.other", SQL: `CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)`})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.ChangeSchema(t.Context(), func(tx *db.Tx) error { return db.UndoIn(tx, library) }); err != nil {
			t.Fatal(err)
		}
		for _, line := range dbtest.Describe(t, d) {
			if !strings.Contains(line, "somebody_elses") {
				t.Errorf("left: %s", line)
			}
		}
		err := d.ChangeSchema(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, db.Query{Name: "test.drop", SQL: `DROP TABLE somebody_elses`})
			return err
		})
		if n, err2 := d.Migrate(t.Context(), library); n != 4 || err != nil || err2 != nil {
			t.Fatalf("%d steps, %v, %v", n, err, err2)
		}
		if diff := cmp.Diff(whole, dbtest.Describe(t, d)); diff != "" {
			t.Errorf("made again (+) it differs:\n%s", diff)
		}
	})
}
