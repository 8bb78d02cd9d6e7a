// Package schema is the one numbered list of migrations, for both engines.
//
// A file is one step and is never changed once a release has carried it: what comes next is a new file. Types are the
// tokens of db.Migration. Instants are milliseconds UTC, civil days YYYY-MM-DD, money cents beside its currency; flags
// are {bool}; texts that may be absent are empty rather than NULL; keys that people type in any case or accent are folded in
// Go into a *_key column; HTML stands in a column html, beside its source in body, so that whoever restores does not believe it. Foreign keys stay inside one package's tables: between packages `causerie doctor` checks.
package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"causerie/internal/platform/db"
)

//go:embed *.sql
var files embed.FS

// fills are the steps in Go, by the name of their migration. Each stands in a file beside its SQL, 0009_word.go beside
// 0009_word.sql, is history like it, and uses nothing of the product: SQL, db and the standard library.
var fills = map[string]func(tx *db.Tx) error{
	"outbox":    fillOutbox,
	"shapes":    fillShapes,
	"unused":    fillUnused,
	"retention": fillRetention,
}

// All returns every migration, in order.
func All() []db.Migration {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		panic(err)
	}
	steps := make([]db.Migration, 0, len(names))
	filled := 0
	for i, name := range names { // Glob sorts
		number, rest, _ := strings.Cut(strings.TrimSuffix(name, ".sql"), "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != i+1 {
			panic(fmt.Sprintf("schema: %s is not migration %d", name, i+1))
		}
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		if fills[rest] != nil {
			filled++
		}
		steps = append(steps, db.Migration{Number: n, Name: rest, SQL: string(text), Fill: fills[rest]})
	}
	if filled != len(fills) {
		panic("schema: a step in Go has no migration of its name")
	}
	return steps
}
