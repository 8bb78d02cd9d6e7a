package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
)

var steps = []db.Migration{{Number: 1, Name: "first", SQL: `
	CREATE TABLE coins (id {id} PRIMARY KEY, owner {text} NOT NULL, cents {int} NOT NULL, gone {bool} NOT NULL) {strict};
	CREATE UNIQUE INDEX coins_owner ON coins (owner);
`}}

var (
	qInsert = db.Q("coins.insert", `INSERT INTO coins (id, owner, cents, gone) VALUES ($1, $2, $3, $4)`)
	qCents  = db.Q("coins.cents", `SELECT cents FROM coins WHERE owner = $1`)
	qMove   = db.Q("coins.move", `UPDATE coins SET cents = cents + $1 WHERE owner = $2`)
	qList   = db.Q("coins.list", `SELECT owner FROM coins WHERE gone = $1 AND owner IN ({in}) ORDER BY owner`)
	qMany   = db.Q("coins.many", `INSERT INTO coins (id, owner, cents, gone) VALUES {rows}`)
)

func plant(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return db.Insert(tx, qMany, 4, []any{1, "anne", 100, false, 2, "bob", 100, false, 3, "Zoé", 0, true})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func cents(t *testing.T, d *db.DB, owner string) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, qCents, db.Scalar[int64], owner)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAWriteIsAllOrNothingAndRunsItsFunctionTwiceInTests(t *testing.T) {
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		plant(t, d)
		runs, committed := 0, 0
		broken := errors.New("broken in the middle")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := db.Exec(tx, qMove, -30, "anne"); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || cents(t, d, "anne") != 100 {
			t.Fatalf("a failed write left %d cents, err %v", cents(t, d, "anne"), err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			runs++
			tx.OnCommit(func() { committed++ })
			_, err := db.Exec(tx, qMove, -30, "anne")
			return err
		})
		if err != nil || runs != 2 || committed != 1 || cents(t, d, "anne") != 70 {
			t.Fatalf("runs %d, committed %d, cents %d, err %v", runs, committed, cents(t, d, "anne"), err)
		}
	})
}

func TestConcurrentWritesLoseNothing(t *testing.T) {
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		plant(t, d)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						have, err := db.One(tx, qCents, db.Scalar[int64], "anne")
						if err != nil || have < 1 {
							return err
						}
						if _, err := db.Exec(tx, qMove, -1, "anne"); err != nil {
							return err
						}
						_, err = db.Exec(tx, qMove, 1, "bob")
						return err
					})
					if err != nil && !fault.Is(err, fault.KindUnavailable) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if a, b := cents(t, d, "anne"), cents(t, d, "bob"); a+b != 200 {
			t.Fatalf("%d + %d cents, want 200 together", a, b)
		}
	})
}

func TestAReaderCannotWrite(t *testing.T) {
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, qInsert, 1, "eve", 1, false)
			return err
		})
		if err == nil {
			t.Fatal("a write inside Read was accepted")
		}
	})
}

func TestListsErrorsAndTypesAreTheSameOnBothEngines(t *testing.T) {
	dbtest.Each(t, steps, func(t *testing.T, d *db.DB) {
		plant(t, d)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			names, err := db.AllIn(tx, qList, db.Scalar[string], []string{"bob", "anne", "nobody"}, false)
			if err != nil || strings.Join(names, " ") != "anne bob" {
				t.Errorf("got %v, %v", names, err)
			}
			_, err = db.One(tx, qCents, db.Scalar[int64], "nobody")
			if !fault.Is(err, fault.KindNotFound) {
				t.Errorf("an absent row gave %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, qInsert, 9, "anne", 1, false)
			return err
		})
		if !db.IsUnique(err) {
			t.Fatalf("a second anne gave %v", err)
		}
	})
}

func TestAnOlderProgramRefusesANewerDatabase(t *testing.T) {
	newer := append(steps[:1:1], db.Migration{Number: 2, Name: "second", SQL: `CREATE TABLE more (id {id} PRIMARY KEY) {strict};`})
	dbtest.Each(t, newer, func(t *testing.T, d *db.DB) {
		if _, err := d.Migrate(t.Context(), steps); err == nil || !strings.Contains(err.Error(), "newer program") {
			t.Fatalf("got %v", err)
		}
		if n, err := d.Migrate(t.Context(), newer); n != 0 || err != nil {
			t.Fatalf("migrating again took %d steps, %v", n, err)
		}
	})
}
