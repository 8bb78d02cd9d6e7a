package db_test

import (
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

var (
	scopedSteps = []db.Migration{{Number: 1, Name: "first", SQL: `
	CREATE TABLE words (id {id} PRIMARY KEY, voice_id {int}, said {text} NOT NULL) {strict};
`}}
	qWords  = db.Q("words.insert", `INSERT INTO words (id, voice_id, said) VALUES {rows}`)
	qLatest = db.ScopedQ("words.latest", `
		SELECT said FROM words WHERE said > $1 AND {scope:voice_id} ORDER BY id DESC LIMIT CAST($2 AS BIGINT)`)
)

func TestAScopedQueryShowsTheVoicesOfItsScopeAndFillsItsPage(t *testing.T) {
	dbtest.Each(t, scopedSteps, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return db.Insert(tx, qWords, 3, []any{
				1, 1, "a1", 2, 2, "b2", 3, 3, "c3", 4, nil, "n4", 5, 1, "a5", 6, 2, "b6", 7, 3, "c7", 8, nil, "n8", 9, 3, "c9"})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			scope actor.Scope
			limit int
			want  []string
		}{
			{actor.Scope{All: true}, 3, []string{"c9", "n8", "c7"}},
			{actor.Scope{Voices: []int64{1}}, 3, []string{"a5", "a1"}},
			{actor.Scope{Voices: []int64{1, 2}}, 3, []string{"b6", "a5", "b2"}},
			{actor.Scope{Voices: []int64{1, 2, 3}}, 2, []string{"c9", "c7"}},
			{actor.Scope{Voices: []int64{8, 9}}, 3, nil},
			{actor.Scope{}, 3, nil},
		} {
			var got []string
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				got, err = db.AllScoped(tx, qLatest, c.scope, db.Scalar[string], "", c.limit)
				return err
			})
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, %v; want %v", c.scope, got, err, c.want)
			}
		}
	})
}

func TestAScopedQueryIsRegisteredTwiceByThePackageThatMadeIt(t *testing.T) {
	found := map[string]db.Query{}
	for _, q := range db.Queries() {
		found[q.Name] = q
	}
	all, some := found["words.latest"], found["words.latest_of_voices"]
	if strings.Contains(all.SQL, "{") || !strings.Contains(some.SQL, "voice_id IN ({in})") || strings.Contains(some.SQL, "scope") {
		t.Errorf("the texts are %s and %s", all.SQL, some.SQL)
	}
	if all.Package != qWords.Package || some.Package != qWords.Package {
		t.Errorf("made by %s and %s, want %s", all.Package, some.Package, qWords.Package)
	}
}

func TestAScopedQueryWithoutAPlaceForItsConditionIsAProgrammersMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	db.ScopedQ("words.forgetful", `SELECT said FROM words`)
}
