package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// errNotSchema is a programmer's mistake: the schema changed in a transaction that is not ChangeSchema's.
var errNotSchema = errors.New("db: the schema can be changed inside ChangeSchema only")

// ChangeSchema is Write for changes of the schema, and for what must commit with one. A second process waits for it. fn
// may be run again when PostgreSQL asks for it, and is not rehearsed.
//
// On SQLite foreign keys are not enforced while fn runs: a table that is dropped to be made anew must not take the rows
// that refer to it along. They are all checked before the commit, and a row that refers to nothing is the error.
func (d *DB) ChangeSchema(ctx context.Context, fn func(*Tx) error) error {
	if d.engine == Postgres {
		return d.retry(ctx, d.write, sql.LevelReadCommitted, func(tx *Tx) error {
			// "causerie" in ASCII; held until the end of the transaction.
			if _, err := tx.tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(7161408104379868517)"); err != nil {
				return err
			}
			return fn(tx.forSchema())
		})
	}
	conn, err := d.write.Conn(ctx) // the only one, since the pragma is the connection's and cannot be set in a transaction
	if err != nil {
		return classify(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return classify(err)
	}
	defer func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = ON"); err != nil {
			conn.Raw(func(any) error { return driver.ErrBadConn }) // a fresh connection enforces them again
		}
	}()
	return d.retry(ctx, conn, 0, func(tx *Tx) error {
		if err := fn(tx.forSchema()); err != nil {
			return err
		}
		return checkForeignKeys(tx)
	})
}

func (tx *Tx) forSchema() *Tx {
	tx.schema = true
	return tx
}

// checkForeignKeys returns an error that names the first row that refers to one that is not there.
func checkForeignKeys(tx *Tx) error {
	var table, parent string
	var row sql.NullInt64
	var key int
	err := tx.tx.QueryRowContext(tx.ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("db: row %d of %s refers to a row of %s that is not there", row.Int64, table, parent)
}
