// Package dbtest gives a test an empty, migrated database on each engine.
//
// SQLite is always there. PostgreSQL is reached at CAUSERIE_TEST_POSTGRES, which `make test` sets after starting a
// server of its own; without it the PostgreSQL half of a test is skipped, unless CAUSERIE_REQUIRE_POSTGRES is set.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

// Option changes how the database is opened.
type Option func(*db.Options)

// Clock sets the clock of the database.
func Clock(c clock.Clock) Option { return func(o *db.Options) { o.Clock = c } }

// ClockAt gives each database a clock of its own, a *clock.Manual that stands at t.
func ClockAt(t time.Time) Option { return func(o *db.Options) { o.Clock = clock.NewManual(t) } }

// Once keeps Write from running everything twice, for tests that measure.
func Once() Option { return func(o *db.Options) { o.Rehearse = false } }

// Count is what was asked of a database since the last Reset. The zero Count is ready; it may be read while it counts.
type Count struct {
	mu      sync.Mutex
	reads   int
	writes  int
	queries []string
}

// Counting tells c of every transaction and every query.
func Counting(c *Count) Option { return func(o *db.Options) { o.Trace = c.add } }

func (c *Count) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch name {
	case "read":
		c.reads++
	case "write":
		c.writes++
	default:
		c.queries = append(c.queries, name)
	}
}

// Reset forgets what was counted.
func (c *Count) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads, c.writes, c.queries = 0, 0, nil
}

// Transactions returns how many reads and writes began; a write that is rehearsed begins twice.
func (c *Count) Transactions() (reads, writes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reads, c.writes
}

// Queries returns the names of what was asked, in order.
func (c *Count) Queries() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.queries)
}

// Each runs fn once per engine, in parallel, on a database with the given schema.
func Each(t *testing.T, steps []db.Migration, fn func(t *testing.T, d *db.DB), opts ...Option) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			fn(t, Open(t, engine, steps, opts...))
		})
	}
}

// Open returns a new database of the engine, closed and dropped when the test ends.
func Open(t testing.TB, engine db.Engine, steps []db.Migration, opts ...Option) *db.DB {
	t.Helper()
	o := Options(t, engine, steps)
	o.Rehearse = true
	for _, opt := range opts {
		opt(&o)
	}
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Options returns the address of a new migrated database, for tests that open it themselves, twice or in another process.
func Options(t testing.TB, engine db.Engine, steps []db.Migration) db.Options {
	t.Helper()
	if engine == db.SQLite {
		return db.Options{Path: sqliteCopy(t, steps)}
	}
	return db.Options{URL: postgresCopy(t, steps)}
}

var (
	mu        sync.Mutex
	templates = map[string][]byte{} // hash of the schema -> a migrated, empty SQLite file
	made      = map[string]bool{}   // PostgreSQL templates that this process has seen
	counter   atomic.Int64
)

func hash(steps []db.Migration) string {
	h := fnv.New64a()
	for _, m := range steps {
		fmt.Fprintf(h, "%d %s %s\n", m.Number, m.Name, m.SQL)
	}
	return fmt.Sprintf("%x", h.Sum64())
}

func sqliteCopy(t testing.TB, steps []db.Migration) string {
	mu.Lock()
	defer mu.Unlock()
	key := hash(steps)
	if templates[key] == nil {
		dir := t.TempDir()
		d, err := db.Open(t.Context(), db.Options{Path: filepath.Join(dir, "template.db")})
		if err != nil {
			t.Fatalf("dbtest: %v", err)
		}
		_, err = d.Migrate(t.Context(), steps)
		snapshot := filepath.Join(dir, "snapshot.db")
		if err == nil {
			err = d.Snapshot(t.Context(), snapshot)
		}
		d.Close()
		if err == nil {
			templates[key], err = os.ReadFile(snapshot)
		}
		if err != nil {
			t.Fatalf("dbtest: %v", err)
		}
	}
	path := filepath.Join(t.TempDir(), "causerie.db")
	if err := os.WriteFile(path, templates[key], 0o600); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return path
}

func postgresCopy(t testing.TB, steps []db.Migration) string {
	server := os.Getenv("CAUSERIE_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CAUSERIE_REQUIRE_POSTGRES") != "" {
			t.Fatal("dbtest: CAUSERIE_TEST_POSTGRES is not set")
		}
		t.Skip("CAUSERIE_TEST_POSTGRES is not set: `make test` starts a server and sets it")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	ctx := context.Background()
	template := "causerie_template_" + hash(steps)
	if err := ensureTemplate(ctx, admin, server, template, steps); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	name := fmt.Sprintf("causerie_test_%d_%d", os.Getpid(), counter.Add(1))
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
		admin.Close()
	})
	return withDatabase(server, name)
}

// ensureTemplate makes the migrated template unless this schema already has one; other test processes wait for it.
func ensureTemplate(ctx context.Context, admin *sql.DB, server, template string, steps []db.Migration) error {
	mu.Lock()
	defer mu.Unlock()
	if made[template] {
		return nil
	}
	conn, err := admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(4242)"); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(4242)")
	var n int
	if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_database WHERE datname = $1", template).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		building := template + "_building"
		for _, text := range []string{"DROP DATABASE IF EXISTS " + building, "CREATE DATABASE " + building} {
			if _, err := conn.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		d, err := db.Open(ctx, db.Options{URL: withDatabase(server, building)})
		if err != nil {
			return err
		}
		_, err = d.Migrate(ctx, steps)
		d.Close()
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "ALTER DATABASE "+building+" RENAME TO "+template); err != nil {
			return err
		}
	}
	made[template] = true
	return nil
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}
