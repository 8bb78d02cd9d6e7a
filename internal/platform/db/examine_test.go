package db_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

var examined = []db.Migration{{Number: 1, Name: "examined", SQL: `
	CREATE TABLE shelves (id {id} PRIMARY KEY, name {text} NOT NULL) {strict};
	CREATE TABLE books (id {id} PRIMARY KEY, shelf_id {int} NOT NULL REFERENCES shelves (id), body {text} NOT NULL) {strict};
	CREATE INDEX books_body ON books (shelf_id);`}}

func put(t *testing.T, d *db.DB, texts ...string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := db.Exec(tx, db.Query{Name: "test.put", SQL: text}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// book has pages of its own, beyond the page of its row.
var book = fmt.Sprintf("INSERT INTO books (id, shelf_id, body) VALUES (1, 1, '%s')", strings.Repeat("Le chêne dure. ", 2000))

func TestAWholeDatabaseHasNoDamage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, examined, func(t *testing.T, d *db.DB) {
		put(t, d, "INSERT INTO shelves (id, name) VALUES (1, 'bois')", book)
		if found, err := d.Examine(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestARowThatRefersToNothingIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, examined, func(t *testing.T, d *db.DB) {
		put(t, d, "INSERT INTO shelves (id, name) VALUES (1, 'bois')", book)
		if d.Engine() == db.Postgres {
			put(t, d, "SET LOCAL session_replication_role = replica", "DELETE FROM shelves")
		} else {
			plain, err := sql.Open("sqlite", "file:"+filepath.ToSlash(d.Place()))
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			if _, err := plain.Exec("DELETE FROM shelves"); err != nil { // foreign keys are a matter of the connection
				t.Fatal(err)
			}
		}
		found, err := d.Examine(t.Context())
		if err != nil || len(found) != 1 || !strings.Contains(found[0], "of books refer") || !strings.Contains(found[0], "of shelves") {
			t.Errorf("%q, %v", found, err)
		}
	})
}

// Each page of a SQLite file in turn is overwritten, by zeros, by noise and by letters. What was an intact database before is
// never called whole then, unless the page was free.
func TestAnOverwrittenPageIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.db")
	d, err := db.Open(t.Context(), db.Options{Path: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), examined); err != nil {
		t.Fatal(err)
	}
	put(t, d, "INSERT INTO shelves (id, name) VALUES (1, 'bois')", book)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	var noise []byte
	for sum := sha256.Sum256(nil); len(noise) < page; sum = sha256.Sum256(sum[:]) {
		noise = append(noise, sum[:]...)
	}
	for name, with := range map[string][]byte{"zeros": make([]byte, page), "noise": noise, "letters": bytes.Repeat([]byte("x"), page)} {
		for at := 0; at < len(whole); at += page {
			broken := filepath.Join(dir, "broken.db")
			if err := os.WriteFile(broken, append(append(append([]byte(nil), whole[:at]...), with...), whole[at+page:]...), 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := db.Open(t.Context(), db.Options{Path: broken, ReadOnly: true})
			if err != nil {
				continue // the first page
			}
			found, err := d.Examine(t.Context())
			if err == nil && len(found) == 0 {
				t.Errorf("page %d of %d overwritten by %s is not found", at/page+1, len(whole)/page, name)
			}
			d.Close()
		}
	}
}

// listing is what lies in a directory, to the byte.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %x\n", e.Name(), sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestWhoOpensReadOnlyChangesNothingAndCannot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a b?#.db")
	if _, err := db.Open(t.Context(), db.Options{Path: file, ReadOnly: true}); err == nil {
		t.Error("a database that is not there was opened")
	}
	writer, err := db.Open(t.Context(), db.Options{Path: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Migrate(t.Context(), examined); err != nil {
		t.Fatal(err)
	}
	look := func(when string, want int) *db.DB {
		t.Helper()
		d, err := db.Open(t.Context(), db.Options{Path: file, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		count := db.Query{Name: "test.count", SQL: "SELECT COUNT(*) FROM shelves"}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(tx, count, db.Scalar[int])
			if n != want {
				t.Errorf("%s: %d shelves, want %d", when, n, want)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", when, err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, db.Query{Name: "test.add", SQL: "INSERT INTO shelves (id, name) VALUES (9, 'x')"})
			return err
		})
		if err == nil {
			t.Errorf("%s: it wrote", when)
		}
		return d
	}
	put(t, writer, "INSERT INTO shelves (id, name) VALUES (1, 'bois')")
	d := look("beside who writes", 1)
	if !d.Still() {
		t.Error("who reads with locks sees one moment")
	}
	d.Close()
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	before := listing(t, dir)
	d = look("alone", 1)
	if !d.Still() {
		t.Error("nobody wrote")
	}
	if after := listing(t, dir); after != before {
		t.Errorf("it left\n%s\nand found\n%s", after, before)
	}
	if writer, err = db.Open(t.Context(), db.Options{Path: file}); err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	put(t, writer, "INSERT INTO shelves (id, name) VALUES (2, 'fer')")
	if d.Still() {
		t.Error("somebody wrote meanwhile")
	}
	d.Close()
}

func TestAnAddressThatDoesNotReadIsNotQuoted(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://claire:s3cr/et@127.0.0.1/causerie", "postgres://claire:s3cr?et@127.0.0.1/causerie", "postgres://claire:s3cr#et@127.0.0.1/causerie",
		"postgres://claire:s3cr%et@127.0.0.1/causerie", "postgres://claire:12/s3cret@127.0.0.1/causerie", "postgres://claire:12/s3cret@127.0.0.1",
		"postgres://claire:12?s3cret@127.0.0.1/causerie", "postgres://claire:s3cret@127.0.0.1:80a/causerie", "postgres://claire:s3cret@[::1/causerie",
		"postgres://claire:s3 cr et@127.0.0.1/causerie\n", "mysql://claire:s3cret@127.0.0.1/causerie", "host=127.0.0.1 user=claire password=s3cret",
		"postgres:claire:s3cret@127.0.0.1/causerie", "claire:s3cret@127.0.0.1/causerie", "postgres://claire:s3cret@127.0.0.1/causerie?sslmode=s3cret",
	} {
		_, err := db.Open(t.Context(), db.Options{URL: address})
		_, inUse := db.InUse(t.Context(), db.Options{URL: address})
		for _, err := range []error{err, inUse} {
			if err == nil || strings.Contains(err.Error(), "s3") || strings.Contains(err.Error(), "et@") {
				t.Errorf("%q: %v", address, err)
			}
		}
	}
}
