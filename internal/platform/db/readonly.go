package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"

	"github.com/jackc/pgx/v5/stdlib"
)

// fileName is how SQLite is told of a file whose name may hold any character.
func fileName(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// openSQLiteReadOnly opens a file that is there, without changing anything in its directory.
//
// Somebody who has it open, or was killed, leaves a -wal file beside it: then it is read like everybody does, with locks. With
// none, a reader would make one and leave it behind, and could not where the directory is not to be written; so the file is
// then read as one that nobody changes, and Still tells afterwards whether that was so.
func (d *DB) openSQLiteReadOnly(path string) (err error) {
	d.engine = SQLite
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	name := fileName(path) + "?mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=temp_store(memory)&_pragma=mmap_size(0)"
	if !exists(path+"-wal") || !exists(path+"-shm") && !writableNear(path) {
		name += "&immutable=1"
		d.still = looks(path)
	}
	if d.read, err = sql.Open("sqlite", name); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	d.read.SetMaxOpenConns(max(2, runtime.GOMAXPROCS(0)))
	d.write = d.read
	return nil
}

// Still reports whether the file was as it is from Open until now, for a database that was opened ReadOnly while nobody had it
// open. When it is not, what was read in between may be of two moments.
func (d *DB) Still() bool { return d.still == "" || d.still == looks(d.path) }

// looks tells a file, and the writes that wait beside it, from what they were.
func looks(path string) (s string) {
	for _, f := range []string{path, path + "-wal"} {
		info, err := os.Stat(f)
		if err != nil {
			s += "-;"
			continue
		}
		s += fmt.Sprintf("%d %d;", info.Size(), info.ModTime().UnixNano())
	}
	return s
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Unwritable says in words for an operator why the database takes no writes; "" when it does, as far as can be told without
// writing. The files of SQLite are looked at by who owns the directory they lie in.
func (d *DB) Unwritable(ctx context.Context) (string, error) {
	if d.engine != Postgres {
		return "", nil
	}
	config, err := parseAddress(d.url)
	if err != nil {
		return "", err
	}
	probe := stdlib.OpenDB(*config) // without what ReadOnly sets
	defer probe.Close()
	var standby, readOnly, tables bool
	err = probe.QueryRowContext(ctx, `SELECT pg_is_in_recovery(), CAST(current_setting('default_transaction_read_only') AS BOOLEAN),
		COALESCE(BOOL_AND(has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')), TRUE)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'`).
		Scan(&standby, &readOnly, &tables)
	switch {
	case err != nil:
		return "", classify(err)
	case standby:
		return "it is a standby, which only repeats what another server writes", nil
	case readOnly:
		return "default_transaction_read_only is on", nil
	case !tables:
		return "its user may not write to every table", nil
	}
	return "", nil
}
