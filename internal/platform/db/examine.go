package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// mostDamages is how many damages Examine tells: the first ones say what there is to do.
const mostDamages = 20

// Examine reads the whole database and returns what is damaged, in words for an operator: pages and indexes that are not what
// they should be, rows that refer to rows that are not there, text that is none. It changes nothing. A whole database
// returns nothing; the error is that of a database that does not answer.
//
// SQLite checks its own structure, but not what a page of text holds: a page that was overwritten by zeros may be well
// placed. So every value is read too. PostgreSQL keeps no such check outside its extensions; there every row is read with all
// that it stores elsewhere, which a damaged page does not survive, and indexes and constraints are asked for.
func (d *DB) Examine(ctx context.Context) ([]string, error) {
	if err := d.Ping(ctx); err != nil {
		return nil, err
	}
	if d.engine == Postgres {
		return d.examinePostgres(ctx)
	}
	return d.examineSQLite(ctx)
}

func (d *DB) examineSQLite(ctx context.Context) ([]string, error) {
	found, err := d.strings(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", mostDamages))
	if err != nil {
		return damageOr(found, err)
	}
	if found = slices.DeleteFunc(found, func(s string) bool { return s == "ok" }); len(found) > 0 {
		for i, s := range found {
			found[i] = strings.TrimPrefix(strings.ReplaceAll(s, "\n", ": "), "*** in database main ***: ")
		}
		return found, nil // reading what is misplaced would tell the same again, or not end
	}
	rows, err := d.read.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return damageOr(found, err)
	}
	defer rows.Close()
	for len(found) < mostDamages && rows.Next() {
		var table, parent string
		var row sql.NullInt64
		var key int
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return damageOr(found, err)
		}
		found = append(found, fmt.Sprintf("row %d of %s refers to a row of %s that is not there", row.Int64, table, parent))
	}
	if err := rows.Err(); err != nil {
		return damageOr(found, err)
	}
	tables, err := d.strings(ctx, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		return damageOr(found, err)
	}
	for _, table := range tables {
		if found, err = d.readThrough(ctx, found, table); err != nil || len(found) >= mostDamages {
			return damageOr(found, err)
		}
	}
	return found, nil
}

// readThrough reads every value of a table of SQLite, and adds what is no text where text should be.
func (d *DB) readThrough(ctx context.Context, found []string, table string) ([]string, error) {
	rows, err := d.read.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return found, err
	}
	defer rows.Close()
	kinds, err := rows.ColumnTypes()
	if err != nil {
		return found, err
	}
	cells := make([]sql.RawBytes, len(kinds))
	into := make([]any, len(kinds))
	for i := range cells {
		into[i] = &cells[i]
	}
	broken := make([]int, len(kinds))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return found, err
		}
		for i, k := range kinds {
			if k.DatabaseTypeName() == "TEXT" && (!utf8.Valid(cells[i]) || bytes.IndexByte(cells[i], 0) >= 0) {
				broken[i]++
			}
		}
	}
	for i, n := range broken {
		if n > 0 {
			found = append(found, fmt.Sprintf("%d rows of %s hold what is no text in %s", n, table, kinds[i].Name()))
		}
	}
	return found, rows.Err()
}

const (
	postgresTables = `SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.relname`
	postgresIndexes = `SELECT 'the index ' || c.relname || ' is not valid: REINDEX it' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT (i.indisvalid AND i.indisready) ORDER BY 1`
	// For each foreign key, the query that counts the rows that break it.
	postgresForeign = `SELECT format('SELECT COUNT(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)',
			k.conrelid::regclass, string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '),
			k.confrelid::regclass, string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ')),
		k.conrelid::regclass::text, k.confrelid::regclass::text
		FROM pg_constraint k
		CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u(child, parent)
		JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.child
		JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.parent
		JOIN pg_namespace n ON n.oid = k.connamespace
		WHERE k.contype = 'f' AND n.nspname = current_schema()
		GROUP BY k.oid, k.conrelid, k.confrelid ORDER BY 2, 3`
)

func (d *DB) examinePostgres(ctx context.Context) ([]string, error) {
	found, err := d.strings(ctx, postgresIndexes)
	if err != nil {
		return nil, classify(err)
	}
	tables, err := d.strings(ctx, postgresTables)
	if err != nil {
		return nil, classify(err)
	}
	for _, table := range tables {
		var n sql.NullInt64 // the text of a row holds what is stored elsewhere too
		if err := d.read.QueryRowContext(ctx, "SELECT SUM(LENGTH(CAST(t AS TEXT))) FROM "+table+" t").Scan(&n); err != nil {
			if away := classify(err); isAway(away) {
				return found, away
			}
			found = append(found, table+" cannot be read whole: "+err.Error())
		}
	}
	rows, err := d.read.QueryContext(ctx, postgresForeign)
	if err != nil {
		return found, classify(err)
	}
	type key struct{ query, child, parent string }
	var keys []key
	for rows.Next() {
		var k key
		if err := rows.Scan(&k.query, &k.child, &k.parent); err != nil {
			break
		}
		keys = append(keys, k)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return found, classify(err)
	}
	for _, k := range keys {
		var n int64
		if err := d.read.QueryRowContext(ctx, k.query).Scan(&n); err != nil {
			return damageOr(found, err)
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("%d rows of %s refer to rows of %s that are not there", n, k.child, k.parent))
		}
	}
	return found, nil
}

// strings returns the one column of a query.
func (d *DB) strings(ctx context.Context, text string) (all []string, err error) {
	rows, err := d.read.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return all, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// damageOr adds an error to what is damaged when it tells of damage; any other it returns.
func damageOr(found []string, err error) ([]string, error) {
	if err == nil {
		return found, nil
	}
	if IsDamaged(err) {
		return append(found, err.Error()), nil
	}
	return found, classify(err)
}
