package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Tx is one snapshot (in Read) or one write. It must not outlive the function that it is given to.
type Tx struct {
	ctx      context.Context
	tx       *sql.Tx
	db       *DB
	now      time.Time
	writable bool
	schema   bool // of ChangeSchema
	aside    bool // of ReadAside
	after    []func()
}

// Now is the instant of the transaction: the same at every call.
func (tx *Tx) Now() time.Time { return tx.now }

// Context is the context under which the transaction runs.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Engine tells which engine answers. Only queue, fulltext, live and core/delivery may ask.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// OnCommit calls fn once, after the transaction committed, on the goroutine that called Write. What fn does may be
// lost in a crash: it is for waking workers and dropping caches, never for anything that must happen.
func (tx *Tx) OnCommit(fn func()) { tx.after = append(tx.after, fn) }

const attempts = 12 // of a write that PostgreSQL asks to run again

// Read calls fn with one read-only snapshot.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error { return d.readOn(ctx, d.read, fn) }

// ReadAside is Read on a connection of its own, for what must not wait behind readers however many there are. Only live may
// call it.
func (d *DB) ReadAside(ctx context.Context, fn func(*Tx) error) error {
	return d.readOn(ctx, d.aside, fn)
}

func (d *DB) readOn(ctx context.Context, on *sql.DB, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	if d.engine == SQLite {
		opts = nil // the readers' connections are query_only, and a WAL reader sees one snapshot
	}
	tx, err := on.BeginTx(ctx, opts)
	if err != nil {
		return classify(err)
	}
	defer tx.Rollback()
	d.tell("read")
	return classify(fn(&Tx{ctx: ctx, tx: tx, db: d, now: d.clock.Now(), aside: on == d.aside}))
}

// Write calls fn with a serializable transaction and commits it, or rolls it back when fn fails. fn may be called more
// than once: it must do nothing but work on the database.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return d.writeAlso(ctx, fn)
}

// Claim is Write for taking and giving back jobs: on PostgreSQL it runs READ COMMITTED, because claims that skip locked
// rows fail each other under SERIALIZABLE. Only queue and core/delivery may call it.
func (d *DB) Claim(ctx context.Context, fn func(*Tx) error) error {
	return d.run(ctx, sql.LevelReadCommitted, fn)
}

func (d *DB) run(ctx context.Context, level sql.IsolationLevel, fn func(*Tx) error) error {
	if d.rehearse {
		// Its error is ignored: the run that counts meets it too.
		_, _ = d.once(ctx, d.write, d.options(level), fn, false)
	}
	return d.retry(ctx, d.write, level, fn)
}

// beginner is what begins a transaction: the writers' pool, or one of its connections.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

func (d *DB) options(level sql.IsolationLevel) *sql.TxOptions {
	if d.engine == SQLite {
		return nil // there is one writer
	}
	return &sql.TxOptions{Isolation: level}
}

// retry runs fn, and again while PostgreSQL asks for it.
func (d *DB) retry(ctx context.Context, on beginner, level sql.IsolationLevel, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		after, err := d.once(ctx, on, d.options(level), fn, true)
		if err == nil {
			for _, f := range after {
				f()
			}
			return nil
		}
		if again := isRetry(err) || (try == 1 && isCollision(err)); try == attempts || !again || ctx.Err() != nil {
			return classify(err)
		}
		pause := time.NewTimer(time.Duration(rand.IntN(1<<min(try, 6))+1) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

func (d *DB) once(ctx context.Context, on beginner, opts *sql.TxOptions, fn func(*Tx) error, keep bool) (after []func(), err error) {
	stx, err := on.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	defer stx.Rollback() // does nothing after a commit; ends the transaction after an error or a panic
	d.tell("write")
	tx := &Tx{ctx: ctx, tx: stx, db: d, now: d.clock.Now(), writable: true}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if !keep {
		return nil, nil
	}
	if err := stx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx.after, nil
}

// errReadOnly is a programmer's mistake: a query that writes inside Read.
var errReadOnly = errors.New("db: write in a read-only transaction")
