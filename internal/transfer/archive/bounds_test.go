package archive

import (
	"encoding/json"
	"math"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// TestAnInstantThatNobodyCanSayStaysOutsideOfArchives: a spoilt row is written with the nearest instant, so that the backup can be
// restored, and an archive that holds one is damaged.
func TestAnInstantThatNobodyCanSayStaysOutsideOfArchives(t *testing.T) {
	t.Parallel()
	columns := []db.Column{{Name: "id", Type: "int"}, {Name: "published_at", Type: "int"}}
	w := newRowWriter(schema.Table{Table: db.Table{Columns: columns}})
	for _, bad := range []int64{math.MaxInt64, math.MinInt64, 253402300800000} {
		w.cells[0], w.cells[1] = bad, bad
		w.line.Reset()
		for i, c := range columns {
			if err := w.value(w.cells[i], c.Name, c.Type); err != nil {
				t.Fatal(err)
			}
			w.line.WriteByte(' ')
		}
		var id, at int64
		d := json.NewDecoder(&w.line)
		if err := d.Decode(&id); err != nil || id != bad {
			t.Errorf("%d: the id became %d: %v", bad, id, err)
		}
		if err := d.Decode(&at); err != nil || at < firstInstant || at > lastInstant {
			t.Errorf("%d was written as %d: %v", bad, at, err)
		}
		line, err := json.Marshal(map[string]int64{"id": 1, "published_at": bad})
		if err != nil {
			t.Fatal(err)
		}
		if row, err := values(line, columns, nil); err == nil {
			t.Errorf("%d was read as %v", bad, row)
		}
	}
}
