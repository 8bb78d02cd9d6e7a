package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationName is what sessions on PostgreSQL are called, unless the address says otherwise.
const applicationName = "causerie"

// InUse reports whether somebody has the database of o open: a server, or another command. It makes nothing, and a
// database that is not there is not in use. On PostgreSQL it sees the sessions that are called applicationName.
func InUse(ctx context.Context, o Options) (bool, error) {
	if o.URL != "" {
		return postgresInUse(ctx, o.URL)
	}
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	// Whoever has a database in WAL mode open holds a shared lock on it, which this connection cannot have beside it.
	name := fileName(o.Path) + "?_pragma=busy_timeout(0)&_pragma=locking_mode(exclusive)"
	alone, err := sql.Open("sqlite", name)
	if err != nil {
		return false, fmt.Errorf("db: %w", err)
	}
	defer alone.Close()
	var n int
	err = alone.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
	if e, ok := errors.AsType[*sqlite.Error](err); ok && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED) {
		return true, nil
	}
	return false, classify(err)
}

func postgresInUse(ctx context.Context, address string) (bool, error) {
	config, err := parseAddress(address)
	if err != nil {
		return false, err
	}
	probe := stdlib.OpenDB(*config)
	defer probe.Close()
	probe.SetMaxOpenConns(1)
	for try := 0; ; try++ {
		var n int
		err := probe.QueryRowContext(ctx, `SELECT COUNT(*) FROM pg_stat_activity
			 WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`, applicationName).Scan(&n)
		if err != nil || n == 0 {
			return false, classify(err)
		}
		if try == 20 {
			return true, nil
		}
		select { // a session that was closed stays in the list for a moment
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
