package db

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Migration is one step of the schema. The steps are numbered from 1 without a gap.
type Migration struct {
	Number int
	Name   string
	// SQL is one text for both engines. Types are written as tokens: {id} {int} {bool} {text} {bytes}, and {strict} after
	// the closing parenthesis of a table. Lines between "-- only sqlite" or "-- only postgres" and "-- end" are for
	// that engine alone. It may make a table anew, the only way in which SQLite changes a column or a constraint: create
	// it under another name, copy, drop, rename (between "-- only sqlite" and "-- end", beside ALTER TABLE for PostgreSQL).
	// SQLite does not enforce foreign keys meanwhile, so that rows of other tables stay; before the commit all are checked.
	SQL string
	// Fill is the step in Go, after SQL and in its transaction: for values that SQL cannot compute. It is history like
	// SQL, so it uses this package and the standard library only, and it is applied to the rows of older archives too.
	Fill func(tx *Tx) error
}

// On SQLite a flag is the other spelling of an integer: so that it is known for one (see declared).
var tokens = map[Engine]*strings.Replacer{
	SQLite: strings.NewReplacer("{id}", "INTEGER", "{int}", "INTEGER", "{bool}", "INT", "{text}", "TEXT",
		"{bytes}", "BLOB", "{strict}", "STRICT"),
	// Text compares by bytes on both engines; the order that people expect is computed in Go.
	Postgres: strings.NewReplacer("{id}", "BIGINT", "{int}", "BIGINT", "{bool}", "BOOLEAN", "{text}", `TEXT COLLATE "C"`,
		"{bytes}", "BYTEA", "{strict}", ""),
}

var only = regexp.MustCompile(`(?ms)^-- only (sqlite|postgres)\n(.*?)^-- end\n`)

func (m Migration) text(e Engine) string {
	t := only.ReplaceAllStringFunc(m.SQL, func(block string) string {
		parts := only.FindStringSubmatch(block)
		if parts[1] == e.String() {
			return parts[2]
		}
		return ""
	})
	return tokens[e].Replace(t)
}

// Migrate brings the schema to the last of steps. See MigrateTo.
func (d *DB) Migrate(ctx context.Context, steps []Migration) (int, error) {
	return d.MigrateTo(ctx, steps, len(steps))
}

// MigrateTo brings the schema to step n in one transaction, which a second process waits for, and returns how many steps
// it took: none when it was already there. It refuses a database that has more than len(steps), made by a newer program.
// Before it changes a SQLite database that holds something, it leaves a snapshot beside it; the last three are kept.
func (d *DB) MigrateTo(ctx context.Context, steps []Migration, n int) (done int, err error) {
	have, err := d.Version(ctx)
	if err != nil || n <= have && have <= len(steps) { // no lock to wait for, and no foreign keys to check
		return 0, err
	}
	if err := d.snapshotBeforeMigrating(ctx, have, n); err != nil {
		return 0, err
	}
	err = d.ChangeSchema(ctx, func(tx *Tx) error {
		done, err = MigrateIn(tx, steps, n)
		return err
	})
	if err == nil && done > 0 {
		d.pruneSnapshots()
	}
	return done, err
}

// MigrateIn is MigrateTo in the transaction of ChangeSchema, without a snapshot.
func MigrateIn(tx *Tx, steps []Migration, n int) (done int, err error) {
	if !tx.schema {
		return 0, errNotSchema
	}
	have, err := version(tx)
	if err != nil {
		return 0, err
	}
	if have > len(steps) {
		return 0, newer(tx, have, len(steps))
	}
	for _, m := range steps[have:max(have, n)] {
		if err := apply(tx, m); err != nil {
			return done, fmt.Errorf("db: migration %d %s: %w", m.Number, m.Name, err)
		}
		done++
	}
	return done, nil
}

func newer(tx *Tx, have, known int) error {
	return fmt.Errorf("db: %s has schema %d, this program knows %d: run the newer program, or restore a backup made before it",
		tx.db.Place(), have, known)
}

// VersionIn returns the number of the last migration, 0 for a database that has none.
func VersionIn(tx *Tx) (int, error) {
	if !tx.schema {
		return 0, errNotSchema
	}
	return version(tx)
}

func apply(tx *Tx, m Migration) error {
	if _, err := tx.tx.ExecContext(tx.ctx, m.text(tx.db.engine)); err != nil {
		return err
	}
	if m.Fill != nil {
		if err := m.Fill(tx); err != nil {
			return err
		}
	}
	_, err := tx.tx.ExecContext(tx.ctx, "INSERT INTO schema_migrations (number, name, at) VALUES ($1, $2, $3)", m.Number, m.Name, tx.now.UnixMilli())
	return err
}

func version(tx *Tx) (int, error) {
	create := "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)"
	if _, err := tx.tx.ExecContext(tx.ctx, create); err != nil {
		return 0, err
	}
	var n int
	err := tx.tx.QueryRowContext(tx.ctx, "SELECT COALESCE(MAX(number), 0) FROM schema_migrations").Scan(&n)
	return n, err
}

// Version returns the number of the last migration, 0 for a database that has none.
func (d *DB) Version(ctx context.Context) (int, error) {
	exists := "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_migrations'"
	if d.engine == Postgres {
		exists = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_migrations'"
	}
	var n int
	if err := d.write.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return 0, classify(err)
	}
	err := d.write.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM schema_migrations").Scan(&n)
	return n, classify(err)
}
