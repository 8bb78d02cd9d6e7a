package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"causerie/internal/platform/fault"
)

// IsUnique reports whether err says that a row with such a key is already there.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505" // unique_violation
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsForeign reports whether err says that a row refers to one that is not there.
func IsForeign(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23503" // foreign_key_violation
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
	}
	return false
}

// isCollision reports whether err says that a row with such a primary key is already there: two processes that made the
// same id in the same millisecond, or a natural key that is taken. Running the function once more tells which.
func isCollision(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505" && strings.HasSuffix(e.ConstraintName, "_pkey")
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// IsDamaged reports whether err says that what the database keeps is not what it wrote.
func IsDamaged(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code := e.Code() & 0xff
		return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "XX001" || e.Code == "XX002" || e.Code == "22021") // data_corrupted, index_corrupted, a text that is none
}

// isAway reports whether a classified error says that the database does not answer.
func isAway(err error) bool {
	return fault.Is(err, fault.KindUnavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// isRetry reports whether PostgreSQL asks to run the transaction again.
func isRetry(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01") // serialization_failure, deadlock_detected
}

// classify turns what the machine refuses (no disk, no server) into the fault that says so, and leaves the rest.
func classify(err error) error {
	if err == nil || fault.KindOf(err) != fault.KindInternal || errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return fault.Unavailable("disk_full", err)
		case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY:
			return fault.Unavailable("database_unavailable", err)
		}
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code[:2] {
		case "53": // insufficient resources; 53100 is a full disk
			if e.Code == "53100" {
				return fault.Unavailable("disk_full", err)
			}
			return fault.Unavailable("database_unavailable", err)
		case "57", "58", "08": // operator intervention, system error, connection exception
			return fault.Unavailable("database_unavailable", err)
		case "40":
			return fault.Unavailable("database_busy", err)
		}
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Unavailable("disk_full", err)
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[*net.OpError](err) // not net.Error: what a file system refuses fits that too
	if connecting || network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) {
		return fault.Unavailable("database_unavailable", err)
	}
	return err
}
