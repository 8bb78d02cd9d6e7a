// Package formkey remembers which forms were taken, so that one that is sent twice does its work once.
//
// A key is taken by the very transaction that makes what the form asks (db.Also): two processes that get the same form at once make
// one thing, and a crash leaves both or neither. What was refused leaves its key free. Only where the answer led is kept, and a hash of
// what was sent, for a day: nobody reloads the answer of a form later.
//
// It writes the table form_keys and fills web.Taken; web.Route.Once says where a form is taken so.
package formkey

import (
	"context"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// Keep is how long a key stays taken.
const Keep = 24 * time.Hour

var (
	qTake = db.Q("form_key.take", `
		INSERT INTO form_keys (key, path, at) VALUES ($1, '', $2) ON CONFLICT (key) DO NOTHING`)
	qLook   = db.Q("form_key.look", `SELECT path FROM form_keys WHERE key = $1`)
	qSettle = db.Q("form_key.settle", `UPDATE form_keys SET path = $2 WHERE key = $1`)
	qFree   = db.Q("form_key.release", `DELETE FROM form_keys WHERE key = $1`)
	qPrune  = db.Q("form_key.prune", `DELETE FROM form_keys WHERE key IN (SELECT key FROM form_keys WHERE at < $1 ORDER BY at LIMIT 500)`)
)

// Keys are the forms that were taken.
type Keys struct{ db *db.DB }

var _ web.Taken = (*Keys)(nil)

// New returns the keys kept in d.
func New(d *db.DB) *Keys { return &Keys{d} }

// Claim has the first write of the context take key.
func (k *Keys) Claim(ctx context.Context, key string) (context.Context, func() bool) {
	return db.Also(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qTake, key, db.At(tx.Now()))
		if err == nil && n == 0 {
			err = web.ErrTaken
		}
		return err
	})
}

// Look reports whether key is taken, and where its answer led.
func (k *Keys) Look(ctx context.Context, key string) (path string, taken bool, err error) {
	err = k.db.Read(ctx, func(tx *db.Tx) error {
		path, taken, err = db.Maybe(tx, qLook, db.Scalar[string], key)
		return err
	})
	return path, taken, err
}

// Settle keeps where the answer led.
func (k *Keys) Settle(ctx context.Context, key, path string) error {
	return k.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qSettle, key, path)
		return err
	})
}

// Release gives key back.
func (k *Keys) Release(ctx context.Context, key string) error {
	return k.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qFree, key)
		return err
	})
}

// Prune deletes the keys of yesterday, 500 in a transaction, and returns how many. A job does it each night.
func (k *Keys) Prune(ctx context.Context) (n int64, err error) {
	for gone := int64(500); gone == 500; n += gone {
		err := k.db.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qPrune, db.At(tx.Now().Add(-Keep)))
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
