package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"causerie/internal/platform/clock"
)

// Engine is which database answers.
type Engine int

// The engines.
const (
	SQLite Engine = iota
	Postgres
)

// String returns "sqlite" or "postgres".
func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Options says which database to open. URL wins over Path.
type Options struct {
	Path     string // the SQLite file; its directory is made when missing
	URL      string // postgres://user@host/name
	Clock    clock.Clock
	Log      *slog.Logger
	Rehearse bool // run every Write twice, rolling the first back: for tests
	ReadOnly bool // make and change nothing, and need no right to: Write fails
	// Trace, when not nil, is told of each transaction, as "read" or "write", and of each query, by its name: for tests that
	// count. It is called from several goroutines.
	Trace func(name string)
}

// DB is an open database. Its methods may be called from several goroutines.
type DB struct {
	engine   Engine
	path     string
	url      string
	read     *sql.DB
	write    *sql.DB
	aside    *sql.DB // one connection, for ReadAside
	clock    clock.Clock
	log      *slog.Logger
	rehearse bool
	trace    func(name string)
	still    string   // of a SQLite file that is read without locks: what it looked like; see readOnly
	stmts    sync.Map // stmtKey -> *sql.Stmt, on SQLite; nil while it is being prepared

	mu      sync.Mutex // guards closed, and that goTracked begins nothing after it
	closed  bool
	tracked sync.WaitGroup
}

// Open opens the database and checks that it answers. It does not migrate it.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &DB{path: o.Path, url: o.URL, clock: o.Clock, log: o.Log, rehearse: o.Rehearse, trace: o.Trace}
	if d.clock == nil {
		d.clock = clock.System{}
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	var err error
	switch {
	case o.URL != "":
		err = d.openPostgres(o.URL, o.ReadOnly)
	case o.ReadOnly:
		err = d.openSQLiteReadOnly(o.Path)
	default:
		err = d.openSQLite(o.Path)
	}
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("db: %s does not answer: %w", d.Place(), err)
	}
	return d, nil
}

func (d *DB) openSQLite(path string) (err error) {
	if path == "" {
		return errors.New("db: no path")
	}
	d.engine = SQLite
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
		f.Close() // made with narrow rights before SQLite opens it; never opened by us again (POSIX locks)
	}
	// busy_timeout comes first, so that the pragmas after it wait rather than fail.
	common := "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(full)" +
		"&_pragma=temp_store(memory)&_pragma=mmap_size(0)"
	name := fileName(path)
	if d.write, err = sql.Open("sqlite", name+common+"&_pragma=cache_size(-8000)&_txlock=immediate"); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", name+common+"&_pragma=cache_size(-4000)&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	if d.aside, err = sql.Open("sqlite", name+common+"&_pragma=cache_size(-200)&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	d.aside.SetMaxOpenConns(1)
	return nil
}

// ErrAddress is returned for text that names no database of PostgreSQL. It does not quote the text, which may hold a password.
var ErrAddress = errors.New("the address of a database is postgres://user:password@host:5432/name " +
	"(in the name and the password @ is written %40, / %2F, : %3A, ? %3F, # %23, % %25)")

// parseAddress reads the address of a database of PostgreSQL. The error is ErrAddress, whatever is wrong: what the parsers say
// quotes pieces of it.
func parseAddress(address string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(address)
	// An unwritten / ? or # ends the host in the middle of a password: what follows has the @.
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Opaque != "" || u.Fragment != "" ||
		strings.Count(u.Path, "/") > 1 || strings.Contains(u.Path, "@") || u.User == nil && strings.Contains(address, "@") {
		return nil, ErrAddress
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, ErrAddress
	}
	return config, nil
}

func (d *DB) openPostgres(address string, readOnly bool) error {
	d.engine = Postgres
	config, err := parseAddress(address)
	if err != nil {
		return err
	}
	if readOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = applicationName
	}
	tune(config)
	d.write = stdlib.OpenDB(*config)
	d.write.SetMaxOpenConns(12)
	d.write.SetMaxIdleConns(12)
	d.read = d.write
	d.aside = stdlib.OpenDB(*config)
	d.aside.SetMaxOpenConns(1)
	return nil
}

// tune has the planner know what our houses are like: their pages are in memory, or on a disk without arms, so that 250 look-ups in an
// index cost less than reading a table of twenty thousand rows; and no query is worth compiling, or workers of its own: to
// start them costs more than a count of a hundred thousand. What the address says wins.
func tune(config *pgx.ConnConfig) {
	for name, value := range map[string]string{"random_page_cost": "1.1", "jit": "off", "max_parallel_workers_per_gather": "0"} {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
}

// tell lets Options.Trace know.
func (d *DB) tell(name string) {
	if d.trace != nil {
		d.trace(name)
	}
}

// Close closes every connection, and waits for the statements that are just being prepared.
func (d *DB) Close() error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	err := d.write.Close() // with it goes whoever waits for a connection
	if d.read != d.write && d.read != nil {
		err = errors.Join(err, d.read.Close())
	}
	if d.aside != nil {
		err = errors.Join(err, d.aside.Close())
	}
	d.tracked.Wait()
	d.stmts.Range(func(_, v any) bool {
		if s := v.(*sql.Stmt); s != nil {
			s.Close()
		}
		return true
	})
	return err
}

// goTracked runs f in a goroutine that Close waits for, unless the database is closed.
func (d *DB) goTracked(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.tracked.Go(f)
	}
}

// Engine tells which engine answers. Only queue, fulltext, live and core/delivery may ask.
func (d *DB) Engine() Engine { return d.engine }

// Clock returns the clock that the database tells time by.
func (d *DB) Clock() clock.Clock { return d.clock }

// Place names the database for a person, without its password.
func (d *DB) Place() string {
	if d.engine == SQLite {
		return d.path
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return "postgres"
	}
	u.RawQuery, u.Fragment = "", ""
	return u.Redacted()
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return classify(d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// Analyze refreshes the statistics by which queries are planned. Call it after a bulk import. With a limit SQLite looks at
// so many rows of each index, and keeps no samples of values: with samples it plans a query anew for each value bound.
func (d *DB) Analyze(ctx context.Context) error {
	how := "ANALYZE"
	if d.engine == SQLite {
		how = "PRAGMA analysis_limit = 1000; ANALYZE"
	}
	_, err := d.write.ExecContext(ctx, how)
	return classify(err)
}
