package api_test

import (
	"fmt"
	"testing"

	"causerie/internal/platform/db"
)

// What is changed while somebody reads page after page is neither lost nor given twice.
func TestListsLoseNothingThatIsChangedWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		w := newWorld(t, engine).opened()
		for path, body := range map[string]func(i int) object{
			"/posts": func(i int) object { return object{"title": fmt.Sprint("Billet ", i), "body": "x"} },
			"/contacts": func(i int) object {
				return object{"name": fmt.Sprint("Personne ", i), "email": fmt.Sprintf("p%d@x.example", i)}
			},
			"/mandates": func(i int) object { return object{"title": fmt.Sprint("Mandat ", i)} },
		} {
			made := map[string]bool{}
			var ids []string
			for i := range 7 {
				id := w.post("/api/v1"+path, body(i)).want(201).id()
				made[id], ids = true, append(ids, id)
			}
			seen := map[string]int{}
			field := "title"
			if path == "/contacts" {
				field = "name"
			}
			for cursor, page := "", 0; ; page++ {
				got := w.get("/api/v1" + path + "?limit=2&cursor=" + cursor).want(200)
				for _, one := range got.items() {
					seen[one["id"].(string)]++
				}
				for _, id := range ids { // the one that was not read for the longest is renamed after each page
					if seen[id] == 0 {
						w.patch("/api/v1"+path+"/"+id, object{field: fmt.Sprint("Changé ", page)}).want(200)
						break
					}
				}
				next, more := got.body["next_cursor"].(string)
				if !more {
					break
				}
				cursor = next
			}
			for id := range made {
				if seen[id] != 1 {
					t.Errorf("%s, %s: %s was given %d times", engine, path, id, seen[id])
				}
			}
		}
	}
}
