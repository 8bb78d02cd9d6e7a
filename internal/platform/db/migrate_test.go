package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

// A page goes with its book.
var shelves = []db.Migration{
	{Number: 1, Name: "books", SQL: `
CREATE TABLE books (id {id} PRIMARY KEY, title {text} NOT NULL, shelf {text} NOT NULL CHECK (shelf IN ('left', 'right'))) {strict};
CREATE TABLE pages (id {id} PRIMARY KEY, book_id {id} NOT NULL REFERENCES books (id) ON DELETE CASCADE) {strict};
INSERT INTO books (id, title, shelf) VALUES (1, 'Été', 'left'), (2, 'hiver', 'right');
INSERT INTO pages (id, book_id) VALUES (10, 1), (11, 1), (20, 2);
`},
	{Number: 2, Name: "any_shelf", SQL: `
-- only sqlite
CREATE TABLE books_new (id {id} PRIMARY KEY, title {text} NOT NULL, shelf {text} NOT NULL) {strict};
INSERT INTO books_new (id, title, shelf) SELECT id, title, shelf FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
-- end
-- only postgres
ALTER TABLE books DROP CONSTRAINT books_shelf_check;
-- end
ALTER TABLE books ADD COLUMN title_key {text} NOT NULL DEFAULT '';
`, Fill: fillTitleKeys},
}

func fillTitleKeys(tx *db.Tx) error {
	titles, err := db.All(tx, db.Query{Name: "books.titles", SQL: `SELECT title FROM books`}, db.Scalar[string])
	if err != nil {
		return err
	}
	for _, title := range titles {
		update := db.Query{Name: "books.key", SQL: `UPDATE books SET title_key = $1 WHERE title = $2`}
		if _, err := db.Exec(tx, update, strings.ToLower(title), title); err != nil {
			return err
		}
	}
	return nil
}

func texts(t *testing.T, d *db.DB, sql string) (all []string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, db.Query{Name: "test.texts", SQL: sql}, db.Scalar[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func try(d *db.DB, sql string) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(tx, db.Once(db.Query{Name: "test.try", SQL: sql}))
		return err
	})
}

func TestATableIsMadeAnewWithoutTheRowsOfOthersAndFilled(t *testing.T) {
	dbtest.Each(t, shelves[:1], func(t *testing.T, d *db.DB) {
		if n, err := d.Migrate(t.Context(), shelves); n != 1 || err != nil {
			t.Fatalf("%d steps, %v", n, err)
		}
		if got := texts(t, d, `SELECT title_key FROM books ORDER BY id`); strings.Join(got, " ") != "été hiver" {
			t.Errorf("the keys are %q", got)
		}
		if err := try(d, `INSERT INTO books (id, title, shelf) VALUES (3, 'tas', 'floor')`); err != nil {
			t.Errorf("the old constraint is still there: %v", err)
		}
		if n := len(texts(t, d, `SELECT CAST(id AS TEXT) FROM pages`)); n != 3 {
			t.Errorf("%d pages are left of 3", n)
		}
		if err := try(d, `INSERT INTO pages (id, book_id) VALUES (90, 9)`); !db.IsForeign(err) {
			t.Errorf("after a migration, a page of no book gave %v", err)
		}
		if err := try(d, `DELETE FROM books WHERE id = 1`); err != nil {
			t.Error(err)
		}
		if n := len(texts(t, d, `SELECT CAST(id AS TEXT) FROM pages`)); n != 1 {
			t.Errorf("%d pages are left, want the one of the other book", n)
		}
	})
}

func TestAMigrationThatLeavesAReferenceToNothingChangesNothing(t *testing.T) {
	dbtest.Each(t, shelves, func(t *testing.T, d *db.DB) {
		careless := append(shelves[:2:2], db.Migration{Number: 3, Name: "careless", SQL: `
ALTER TABLE pages ADD COLUMN number {int};
-- only sqlite
DELETE FROM books WHERE id = 2;
-- end
-- only postgres
UPDATE pages SET book_id = 7 WHERE book_id = 2;
-- end
`})
		_, err := d.Migrate(t.Context(), careless)
		if err == nil || d.Engine() == db.SQLite && !strings.Contains(err.Error(), "row 20 of pages refers to a row of books that is not there") {
			t.Errorf("got %v", err)
		}
		if n, err := d.Version(t.Context()); n != 2 || err != nil {
			t.Errorf("version %d, %v", n, err)
		}
		if got := texts(t, d, `SELECT title FROM books WHERE id IN (SELECT book_id FROM pages) ORDER BY id`); len(got) != 2 {
			t.Errorf("left %v", got)
		}
	})
}

func TestMigratingStopsAtTheStepThatIsAskedFor(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		for _, c := range []struct{ to, done, version int }{{0, 0, 0}, {1, 1, 1}, {1, 0, 1}, {2, 1, 2}, {1, 0, 2}} {
			done, err := d.MigrateTo(t.Context(), shelves, c.to)
			version, err2 := d.Version(t.Context())
			if done != c.done || version != c.version || err != nil || err2 != nil {
				t.Errorf("to %d took %d steps and came to %d, want %+v: %v %v", c.to, done, version, c, err, err2)
			}
		}
	})
}

func TestAStepThatFailsTakesTheStepsBeforeItBack(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		failing := append(shelves[:1:1], db.Migration{Number: 2, Name: "fails", Fill: func(tx *db.Tx) error { return os.ErrInvalid }})
		if n, err := d.Migrate(t.Context(), failing); err == nil || !strings.Contains(err.Error(), "migration 2 fails") {
			t.Errorf("%d steps, %v", n, err)
		}
		if n, err := d.Version(t.Context()); n != 0 || err != nil {
			t.Errorf("version %d, %v", n, err)
		}
	})
}

func TestTheSchemaIsChangedWhereItMay(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.MigrateIn(tx, shelves, 1)
			return err
		})
		if err == nil {
			t.Error("an ordinary write migrated")
		}
	})
}

func TestTheLastThreeSnapshotsBeforeMigratingAreKept(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC))
	path := filepath.Join(t.TempDir(), "house.db")
	d, err := db.Open(t.Context(), db.Options{Path: path, Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	steps := shelves[:1:1]
	for n := 2; n <= 7; n++ {
		if _, err := d.Migrate(t.Context(), steps); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, db.Migration{Number: n, Name: "next", SQL: `UPDATE books SET title = title || '+';`})
		clk.Advance(time.Hour)
	}
	found, err := filepath.Glob(path + ".before-*")
	if err != nil || len(found) != 3 {
		t.Fatalf("kept %v, %v", found, err)
	}
	for i, want := range []string{".before-0004-", ".before-0005-", ".before-0006-"} {
		if !strings.Contains(found[i], want) {
			t.Errorf("kept %v", found)
		}
		if info, err := os.Stat(found[i]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v: a snapshot is its owner's alone", info.Mode(), err)
		}
	}
	old, err := db.Open(t.Context(), db.Options{Path: found[0]})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if n, err := old.Version(t.Context()); n != 3 || err != nil {
		t.Errorf("the snapshot is at %d, %v", n, err)
	}
}

func TestAQueryThatRunsOnceAnswersAsOthersDo(t *testing.T) {
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		plant(t, d)
		q := db.Once(db.Query{Name: "coins.once", SQL: `SELECT owner FROM coins WHERE gone = $1 AND cents = $2 ORDER BY id`})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			names, err := db.All(tx, q, db.Scalar[string], false, 100)
			if err != nil || strings.Join(names, " ") != "anne bob" {
				t.Errorf("got %v, %v", names, err)
			}
			names, err = db.AllIn(tx, db.Once(qList), db.Scalar[string], []string{"bob", "nobody"}, false)
			if err != nil || strings.Join(names, " ") != "bob" {
				t.Errorf("got %v, %v", names, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTwoProcessesMigrateOnce(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			o := dbtest.Options(t, engine, shelves[:1])
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					d, err := db.Open(context.Background(), o)
					if err != nil {
						t.Error(err)
						return
					}
					defer d.Close()
					if _, err := d.Migrate(context.Background(), shelves); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// Each start asks for the newest schema. Where it is there, nothing is locked, and no foreign key is checked: that reads the
// whole database.
func TestANewestSchemaIsOpenedAtOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			o := dbtest.Options(t, engine, shelves)
			var told []string
			o.Trace = func(name string) { told = append(told, name) }
			d, err := db.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if n, err := d.Migrate(t.Context(), shelves); n != 0 || err != nil || len(told) > 0 {
				t.Errorf("%d steps, %v, in %q", n, err, told)
			}
		})
	}
}
