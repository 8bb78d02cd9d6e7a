package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"causerie/internal/platform/clock"
)

// Table is a table as the migrations make it.
type Table struct {
	Name    string
	Columns []Column // in their order
	Key     []string // the columns of the primary key
	Parents []string // the other tables that its foreign keys refer to, sorted
}

// Column is a column of a Table.
type Column struct {
	Name string
	Type string // "int" (an id or a count), "bool", "text" or "bytes"
}

// TablesOf returns the tables that stand after steps, those that others refer to first. It takes the steps on an empty SQLite
// database in memory, and so understands whatever they do to a table: make it anew, rename it, drop a column.
func TablesOf(ctx context.Context, steps []Migration) ([]Table, error) {
	all, err := objectsOf(ctx, steps)
	if err != nil {
		return nil, err
	}
	var sorted []Table
	for len(all) > 0 {
		next := slices.IndexFunc(all, func(o object) bool {
			return !slices.ContainsFunc(all, func(other object) bool { return slices.Contains(o.Parents, other.Name) })
		})
		if next < 0 {
			return nil, fmt.Errorf("db: %s and others refer to each other", all[0].Name)
		}
		if all[next].kind == "table" {
			sorted = append(sorted, all[next].Table)
		}
		all = slices.Delete(all, next, next+1)
	}
	return sorted, nil
}

// object is a table, a virtual table or a view.
type object struct {
	Table
	kind string // as SQLite calls it
}

func objectsOf(ctx context.Context, steps []Migration) (all []object, err error) {
	d := &DB{engine: SQLite, path: "memory", clock: clock.System{}, log: slog.New(slog.DiscardHandler), trace: func(string) {}}
	if d.write, err = sql.Open("sqlite", ":memory:"); err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	d.read = d.write
	d.write.SetMaxOpenConns(1) // each connection would have a database of its own
	defer d.Close()
	err = d.ChangeSchema(ctx, func(tx *Tx) error {
		if _, err := MigrateIn(tx, steps, len(steps)); err != nil {
			return err
		}
		all, err = objectsIn(tx)
		return err
	})
	return all, err
}

var (
	queryObjects = Query{Name: "sqlite.objects", once: true, SQL: `
		SELECT l.name, l.type
		  FROM pragma_table_list l JOIN sqlite_master m ON m.name = l.name
		 WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual')
		 ORDER BY m.rowid`}
	queryColumns = Query{Name: "sqlite.columns", once: true, SQL: `SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid`}
	queryParents = Query{Name: "sqlite.parents", once: true, SQL: `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1) WHERE "table" <> $1 ORDER BY 1`}
)

// declared are the types of columns on SQLite, where a flag is an integer of another spelling.
var declared = map[string]string{"INTEGER": "int", "BIGINT": "int", "INT": "bool", "TEXT": "text", "BLOB": "bytes"}

func objectsIn(tx *Tx) ([]object, error) {
	all, err := All(tx, queryObjects, func(r Row) (o object, err error) {
		err = r.Scan(&o.Name, &o.kind)
		return o, err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		o := &all[i]
		if o.kind != "table" {
			continue
		}
		key := map[int]string{}
		_, err := All(tx, queryColumns, func(r Row) (struct{}, error) {
			var c Column
			var place int // in the primary key, from 1
			if err := r.Scan(&c.Name, &c.Type, &place); err != nil {
				return struct{}{}, err
			}
			known, ok := declared[strings.ToUpper(c.Type)]
			if !ok {
				return struct{}{}, fmt.Errorf("db: %s.%s is of type %q, which is none of the tokens", o.Name, c.Name, c.Type)
			}
			c.Type = known
			o.Columns = append(o.Columns, c)
			if place > 0 {
				key[place] = c.Name
			}
			return struct{}{}, nil
		}, o.Name)
		if err != nil {
			return nil, err
		}
		for place := 1; place <= len(key); place++ {
			o.Key = append(o.Key, key[place])
		}
		if o.Parents, err = All(tx, queryParents, Scalar[string], o.Name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// UndoIn drops, with its rows, all that steps made in this database, whatever step it stands at: it is as if no step had
// been taken. It touches nothing that they did not make. What a step makes on one engine only must be a table or a view that
// the other knows by the same name.
func UndoIn(tx *Tx, steps []Migration) error {
	if !tx.schema {
		return errNotSchema
	}
	have, err := version(tx)
	if err != nil {
		return err
	}
	if have > len(steps) {
		return newer(tx, have, len(steps))
	}
	all, err := objectsOf(tx.ctx, steps[:have])
	if err != nil {
		return err
	}
	cascade := "" // on SQLite nothing refers to anything while the schema changes
	if tx.db.engine == Postgres {
		cascade = " CASCADE"
	}
	for _, o := range slices.Backward(all) {
		kind := "TABLE"
		if o.kind == "view" {
			kind = "VIEW"
		}
		if _, err := tx.tx.ExecContext(tx.ctx, "DROP "+kind+" IF EXISTS "+o.Name+cascade); err != nil {
			return fmt.Errorf("db: %s: %w", o.Name, err)
		}
	}
	return nil
}

// LockIn keeps every other transaction out of a table until this one ends. On SQLite there is one writer anyway.
func LockIn(tx *Tx, table string) error {
	if tx.db.engine == SQLite {
		return nil
	}
	_, err := tx.tx.ExecContext(tx.ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE")
	return err
}
