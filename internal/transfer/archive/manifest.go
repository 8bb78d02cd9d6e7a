package archive

import (
	"context"
	"embed"
	"slices"
	"time"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// Texts holds fr.json and en.json: the sentences of the refusals (fault.archive.*) and of the commands.
//
//go:embed *.json
var Texts embed.FS

// Format is the number of the format that this package writes. It reads this one only.
const Format = 1

// House is where an archive comes from or goes to: a database and its files.
type House struct {
	DB      *db.DB
	Blobs   blob.Store
	Version string         // of the program, for the manifest
	Schema  []db.Migration // that the program knows; nil is schema.All
}

func (h House) schema() []db.Migration {
	if h.Schema == nil {
		return schema.All()
	}
	return h.Schema
}

// Manifest says what an archive holds.
type Manifest struct {
	Format    int       `json:"format"`
	Program   string    `json:"program"` // "causerie"
	Version   string    `json:"version"`
	Schema    int       `json:"schema"` // number of the last migration
	Engine    string    `json:"engine"` // that it came from
	CreatedAt time.Time `json:"created_at"`
	Tables    []Table   `json:"tables"`
	Files     int       `json:"files"` // that rows name, those of Lost too
	// Lost are the files that rows name and that were not there, or were damaged, when the archive was made. They stand
	// in checksums.json, since they are known last.
	Lost []string `json:"-"`
}

// Table is one table in an archive.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Rows returns how many rows of a table there are, 0 for one that is not there.
func (m Manifest) Rows(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// sums is checksums.json.
type sums struct {
	SHA256 map[string]string `json:"sha256"` // entry -> hexadecimal digest of its content
	Lost   []string          `json:"lost"`
}

const (
	manifestName = "manifest.json"
	sumsName     = "checksums.json"
	tablesDir    = "tables/"
	blobsDir     = "blobs/"
)

func tableName(name string) string { return tablesDir + name + ".jsonl" }

// travelling are the tables of an archive made at the last of steps.
func travelling(ctx context.Context, steps []db.Migration) ([]schema.Table, error) {
	all, err := schema.Tables(ctx, steps)
	return slices.DeleteFunc(all, func(t schema.Table) bool { return t.Stays != "" }), err
}
