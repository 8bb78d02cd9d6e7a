package db

import (
	"context"
	"database/sql"
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
	// that engine alone.
	SQL string
}

var tokens = map[Engine]*strings.Replacer{
	SQLite: strings.NewReplacer("{id}", "INTEGER", "{int}", "INTEGER", "{bool}", "INTEGER", "{text}", "TEXT",
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

// Migrate brings the schema to the last of steps in one transaction, which a second process waits for. It refuses a
// database that a newer program has migrated. Before it changes a SQLite database that holds something, it leaves a
// snapshot beside it. It returns how many steps it took.
func (d *DB) Migrate(ctx context.Context, steps []Migration) (int, error) {
	if err := d.snapshotBeforeMigrating(ctx, steps); err != nil {
		return 0, err
	}
	done := 0
	rehearse := d.rehearse
	d.rehearse = false // DDL twice would be slow, and no handler hides in it
	defer func() { d.rehearse = rehearse }()
	err := d.run(ctx, sql.LevelReadCommitted, func(tx *Tx) error {
		done = 0
		if d.engine == Postgres {
			// "causerie" in ASCII; held until the end of the transaction.
			if _, err := tx.tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(7161408104379868517)"); err != nil {
				return err
			}
		}
		have, err := version(tx)
		if err != nil {
			return err
		}
		if have > len(steps) {
			return fmt.Errorf("db: %s has schema %d, this program knows %d: run the newer program, or restore a backup made before it",
				d.Place(), have, len(steps))
		}
		for _, m := range steps[have:] {
			if _, err := tx.tx.ExecContext(ctx, m.text(d.engine)); err != nil {
				return fmt.Errorf("db: migration %d %s: %w", m.Number, m.Name, err)
			}
			if _, err := tx.tx.ExecContext(ctx, "INSERT INTO schema_migrations (number, name, at) VALUES ($1, $2, $3)",
				m.Number, m.Name, tx.now.UnixMilli()); err != nil {
				return err
			}
			done++
		}
		return nil
	})
	return done, err
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

func (d *DB) snapshotBeforeMigrating(ctx context.Context, steps []Migration) error {
	have, err := d.Version(ctx)
	if err != nil || d.engine != SQLite || have == 0 || have >= len(steps) {
		return err
	}
	copyTo := fmt.Sprintf("%s.before-%04d-%d", d.path, len(steps), d.clock.Now().Unix())
	d.log.Info("snapshot before migrating", "file", copyTo)
	return d.Snapshot(ctx, copyTo)
}
