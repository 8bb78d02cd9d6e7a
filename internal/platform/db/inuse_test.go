package db_test

import (
	"path/filepath"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

func TestADatabaseIsInUseWhileSomebodyHasItOpen(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			o := dbtest.Options(t, engine, steps)
			is := func(want bool) {
				t.Helper()
				if got, err := db.InUse(t.Context(), o); got != want || err != nil {
					t.Errorf("in use: %v, %v; want %v", got, err, want)
				}
			}
			is(false)
			d, err := db.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			plant(t, d)
			is(true)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			is(false)
			again, err := db.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if n := cents(t, again, "anne"); n != 100 {
				t.Errorf("after being asked, the database holds %d cents", n)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "none.db")
	if used, err := db.InUse(t.Context(), db.Options{Path: path}); used || err != nil {
		t.Errorf("a database that is not there: %v, %v", used, err)
	}
	if made, _ := filepath.Glob(path + "*"); len(made) > 0 {
		t.Errorf("made %v", made)
	}
}
