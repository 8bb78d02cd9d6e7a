package db

import (
	"database/sql"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"causerie/internal/platform/fault"
)

// Query is a named SQL text. Make it with Q, at package level.
type Query struct {
	Name    string // "inbox.open": the package, then what it does
	SQL     string
	Package string // the import path of the package that made it
	once    bool   // see Once
}

// Once returns q as a query that runs once in the life of a process, or whose text is one of many: it is not kept prepared.
func Once(q Query) Query {
	q.once = true
	return q
}

var (
	registryMu sync.Mutex
	registry   []Query
)

// Q names a query and registers it, so that a test can prepare it on both engines and the layout test can see which
// package writes which table. Two queries of one name are a programmer's mistake.
func Q(name, text string) Query { return register(name, text) }

// register is Q for the functions of this package that packages call directly to name their queries.
func register(name, text string) Query {
	pc, _, _, _ := runtime.Caller(2)
	pkg := runtime.FuncForPC(pc).Name()
	if i := strings.LastIndex(pkg, "/"); i >= 0 {
		if j := strings.Index(pkg[i:], "."); j >= 0 {
			pkg = pkg[:i+j]
		}
	}
	q := Query{Name: name, SQL: text, Package: pkg}
	registryMu.Lock()
	defer registryMu.Unlock()
	for _, other := range registry {
		if other.Name == name {
			panic(fmt.Sprintf("db: two queries named %s, in %s and %s", name, path.Base(other.Package), path.Base(pkg)))
		}
	}
	registry = append(registry, q)
	return q
}

// Queries returns every registered query, by name.
func Queries() []Query {
	registryMu.Lock()
	defer registryMu.Unlock()
	all := slices.Clone(registry)
	slices.SortFunc(all, func(a, b Query) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Row is what a scan function reads one row from.
type Row interface {
	Scan(dest ...any) error
}

// One returns the one row of q. When there is none it returns fault.NotFound, named by the first part of the query's name.
func One[T any](tx *Tx, q Query, scan func(Row) (T, error), args ...any) (T, error) {
	var zero T
	rows, err := tx.query(q, q.SQL, true, args)
	if err != nil {
		return zero, wrap(q, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return zero, wrap(q, err)
		}
		what, _, _ := strings.Cut(q.Name, ".")
		return zero, fault.NotFound(what)
	}
	v, err := scan(rows)
	if err != nil {
		return zero, wrap(q, err)
	}
	return v, wrap(q, rows.Close())
}

// Maybe is One for rows that may well be absent: it returns false instead of a fault.
func Maybe[T any](tx *Tx, q Query, scan func(Row) (T, error), args ...any) (T, bool, error) {
	v, err := One(tx, q, scan, args...)
	if fault.Is(err, fault.KindNotFound) {
		return v, false, nil
	}
	return v, err == nil, err
}

// All returns every row of q, nil when there is none. The rows are read to the end before it returns.
func All[T any](tx *Tx, q Query, scan func(Row) (T, error), args ...any) ([]T, error) {
	return all(tx, q, q.SQL, true, scan, args)
}

// AllIn is All for a text that holds {in} where a list of keys goes, as in WHERE id IN ({in}). Without keys it asks
// nothing and returns nil. The other arguments keep the numbers $1, $2... that the text gives them.
func AllIn[T, K any](tx *Tx, q Query, scan func(Row) (T, error), keys []K, args ...any) ([]T, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var found []T
	for chunk := range slices.Chunk(keys, 500) {
		text, with := expand(q.SQL, chunk, args)
		part, err := all(tx, q, text, len(chunk) <= manyKeys, scan, with)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = part
			continue
		}
		found = append(found, part...)
	}
	return found, nil
}

// ExecIn is Exec for a text that holds {in}. It returns how many rows changed.
func ExecIn[K any](tx *Tx, q Query, keys []K, args ...any) (int64, error) {
	var changed int64
	for chunk := range slices.Chunk(keys, 500) {
		text, with := expand(q.SQL, chunk, args)
		n, err := tx.exec(q, text, len(chunk) <= manyKeys, with)
		if err != nil {
			return changed, err
		}
		changed += n
	}
	return changed, nil
}

// Exec runs a query that returns nothing and tells how many rows it changed.
func Exec(tx *Tx, q Query, args ...any) (int64, error) {
	return tx.exec(q, q.SQL, true, args)
}

// Texts with at most so many keys are kept prepared: those of a page, and of a batch that leaves. Keys come in powers of two, so nine
// texts at most are kept of a query.
const manyKeys = 256

// expand numbers the keys after the arguments, padded to a power of two so that few different texts exist.
func expand[K any](text string, keys []K, args []any) (string, []any) {
	n := 1
	for n < len(keys) {
		n *= 2
	}
	with := make([]any, 0, len(args)+n)
	with = append(with, args...)
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args) + i + 1))
		with = append(with, keys[min(i, len(keys)-1)])
	}
	return strings.ReplaceAll(text, "{in}", b.String()), with
}

func all[T any](tx *Tx, q Query, text string, keep bool, scan func(Row) (T, error), args []any) ([]T, error) {
	rows, err := tx.query(q, text, keep, args)
	if err != nil {
		return nil, wrap(q, err)
	}
	defer rows.Close()
	var found []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, wrap(q, err)
		}
		found = append(found, v)
	}
	return found, wrap(q, errors.Join(rows.Err(), rows.Close()))
}

func (tx *Tx) query(q Query, text string, keep bool, args []any) (*sql.Rows, error) {
	tx.db.tell(q.Name)
	if !tx.writable && writes(text) {
		return nil, errReadOnly
	}
	if stmt := tx.prepared(text, keep && !q.once); stmt != nil {
		return stmt.QueryContext(tx.ctx, args...)
	}
	return tx.tx.QueryContext(tx.ctx, text, tx.unkept(q, args)...)
}

func (tx *Tx) exec(q Query, text string, keep bool, args []any) (int64, error) {
	tx.db.tell(q.Name)
	if !tx.writable {
		return 0, wrap(q, errReadOnly)
	}
	var res sql.Result
	var err error
	if stmt := tx.prepared(text, keep && !q.once); stmt != nil {
		res, err = stmt.ExecContext(tx.ctx, args...)
	} else {
		res, err = tx.tx.ExecContext(tx.ctx, text, tx.unkept(q, args)...)
	}
	if err != nil {
		return 0, wrap(q, err)
	}
	n, err := res.RowsAffected()
	return n, wrap(q, err)
}

type stmtKey struct {
	text  string
	write bool
}

// prepared returns the statement of a text on the connection of tx, or nil while there is none yet. pgx keeps prepared
// statements by itself; SQLite does not, and preparing costs it a third of a small query. A statement is prepared in
// the background at its first use, because the pool's free connections may all be waited for by transactions that
// would then wait for each other. Texts that are one of many (keep is false) are not prepared.
func (tx *Tx) prepared(text string, keep bool) *sql.Stmt {
	if !keep || tx.schema || tx.aside || tx.db.engine != SQLite {
		return nil
	}
	key := stmtKey{text, tx.writable}
	if s, ok := tx.db.stmts.Load(key); ok {
		if s.(*sql.Stmt) == nil {
			return nil
		}
		return tx.tx.StmtContext(tx.ctx, s.(*sql.Stmt))
	}
	if _, begun := tx.db.stmts.LoadOrStore(key, (*sql.Stmt)(nil)); begun {
		return nil
	}
	pool := tx.db.read
	if tx.writable {
		pool = tx.db.write
	}
	tx.db.goTracked(func() {
		s, err := pool.Prepare(text)
		if err != nil {
			tx.db.stmts.Delete(key) // closed, or a query that fails by itself with its own error
			return
		}
		tx.db.stmts.Store(key, s)
	})
	return nil
}

// unkept returns args with the word to pgx not to keep the statement prepared, when q is not to be kept or the schema is
// changing under it. SQLite keeps only what prepared gives it.
func (tx *Tx) unkept(q Query, args []any) []any {
	if tx.db.engine == SQLite || !q.once && !tx.schema {
		return args
	}
	return append([]any{pgx.QueryExecModeDescribeExec}, args...)
}

func writes(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "INSERT", "UPDATE", "DELETE":
		return true
	}
	return false
}

func wrap(q Query, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", q.Name, err)
}
