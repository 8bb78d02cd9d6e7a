package db_test

import (
	"fmt"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

var (
	cups = []db.Migration{{Number: 1, Name: "first", SQL: `
		CREATE TABLE cups (id {id} PRIMARY KEY, owner {text} NOT NULL, at {int}, hot {bool}, words {bytes}, left_at {int}) {strict};
	`}}
	qCups   = db.Q("cups.many", `INSERT INTO cups (id, owner, at, hot, words, left_at) VALUES {rows} ON CONFLICT DO NOTHING`)
	qCupsOf = db.Q("cups.all", `SELECT id, owner, at, hot, words, left_at FROM cups ORDER BY id`)
)

// TestManyRowsAreWrittenAsTheyAreGiven: what is empty in some of them or in all, a column of bytes, hundreds of rows and one alone; those that
// are there already are not counted.
func TestManyRowsAreWrittenAsTheyAreGiven(t *testing.T) {
	dbtest.Each(t, cups, func(t *testing.T, d *db.DB) {
		want := map[int64]string{}
		add := func(added int64, rows ...[]any) {
			t.Helper()
			var values []any
			for _, r := range rows {
				values = append(values, r...)
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				n, err := db.InsertNew(tx, qCups, 6, values)
				if n != added {
					t.Errorf("%d rows are new, want %d", n, added)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var all [][]any
		for i := range int64(700) {
			var at, hot any
			if i%3 > 0 {
				at, hot = i*1000, i%2 == 0
			}
			all = append(all, []any{i, fmt.Sprintf("É'%d{},\"\\", i), at, hot, nil, nil})
			want[i] = fmt.Sprint(all[i]...)
		}
		add(700, all...)
		one := []any{int64(1000), "alone", nil, true, []byte{0, 255}, int64(7)}
		want[1000] = fmt.Sprint(one...)
		add(1, one)
		more := [][]any{{int64(1001), "bytes", nil, nil, []byte("a"), nil}, {int64(1002), "bytes", int64(-1), nil, nil, nil}}
		want[1001], want[1002] = fmt.Sprint(more[0]...), fmt.Sprint(more[1]...)
		add(2, append(more, one)...)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			found, err := db.All(tx, qCupsOf, func(r db.Row) (row [6]any, err error) {
				return row, r.Scan(&row[0], &row[1], &row[2], &row[3], &row[4], &row[5])
			})
			if len(found) != len(want) {
				t.Errorf("%d rows of %d", len(found), len(want))
			}
			for _, row := range found {
				if n, ok := row[3].(int64); ok { // SQLite has no truth values
					row[3] = n == 1
				}
				if got := fmt.Sprint(row[:]...); got != want[row[0].(int64)] {
					t.Errorf("%s, want %s", got, want[row[0].(int64)])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
