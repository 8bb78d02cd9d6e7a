package db

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// also is what the first write of a context does besides.
type also struct {
	fn   func(*Tx) error
	done atomic.Bool
}

type alsoKey struct{}

// Also returns a context whose first write that is committed does fn too, before its own work and in the same transaction: what fn
// refuses is not done. done reports whether such a write was committed. Like any function of Write, fn may run more than once.
func Also(ctx context.Context, fn func(*Tx) error) (with context.Context, done func() bool) {
	a := &also{fn: fn}
	return context.WithValue(ctx, alsoKey{}, a), a.done.Load
}

// writeAlso is Write in a context that may ask for more.
func (d *DB) writeAlso(ctx context.Context, fn func(*Tx) error) error {
	a, ok := ctx.Value(alsoKey{}).(*also)
	if !ok || a.done.Load() {
		return d.run(ctx, sql.LevelSerializable, fn)
	}
	err := d.run(ctx, sql.LevelSerializable, func(tx *Tx) error {
		if err := a.fn(tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err == nil {
		a.done.Store(true)
	}
	return err
}
