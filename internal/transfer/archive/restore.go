package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
)

// Options say how to restore. The zero Options work.
type Options struct {
	// Hold stops all that leaves when letters were waiting in the archive: the house that it was made of may have sent
	// them since. Somebody then looks, and lets them go or not. A move needs no hold: nothing was sent since.
	Hold bool
	// Rebuild is called after the commit, to fill what archives leave out: the search.
	Rebuild func(ctx context.Context) error
}

// Restored is what Restore did.
type Restored struct {
	Manifest
	Held int64 // letters that were waiting, when they are now held
}

// RestoreFile is Restore from a file.
func RestoreFile(ctx context.Context, to House, path string, o Options) (Restored, error) {
	f, err := os.Open(path)
	if err != nil {
		return Restored{}, fault.Conflict("archive.no_file", path).Because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Restored{}, fmt.Errorf("archive: %w", err)
	}
	return Restore(ctx, to, f, info.Size(), o)
}

// Restore puts the house of an archive into an empty one: migrated, and without a single row. The archive is verified
// first (see Check for the refusals); a house that is there is the conflict archive.not_empty. After an error to is
// still empty, unless it came from Options.Rebuild.
func Restore(ctx context.Context, to House, r io.ReaderAt, size int64, o Options) (done Restored, err error) {
	a, err := open(ctx, r, size)
	if err != nil {
		return done, err
	}
	done.Manifest = a.manifest
	if err := to.DB.Read(ctx, empty); err != nil {
		return done, err
	}
	put, err := a.put(ctx, to.Blobs)
	if err == nil {
		err = to.DB.Write(ctx, func(tx *db.Tx) error {
			done.Held = 0
			if err := a.insert(tx); err != nil {
				return err
			}
			if o.Hold {
				done.Held, err = hold(tx)
			}
			return err
		})
	}
	if err != nil {
		for _, ref := range put { // a row may not name them; what cannot be removed is a file that nobody sees
			err = errors.Join(err, to.Blobs.Delete(context.WithoutCancel(ctx), ref))
		}
		return done, err
	}
	if err := to.DB.Analyze(ctx); err != nil {
		return done, err
	}
	if o.Rebuild != nil {
		return done, o.Rebuild(ctx)
	}
	return done, nil
}

// Move copies a house into an empty one, on another engine or another disk, by way of an archive in a new file in dir,
// and then proves that every table holds the same on both sides. Nobody may work in the house meanwhile. The archive is
// removed.
func Move(ctx context.Context, from, to House, dir string, o Options) (Restored, error) {
	f, err := os.CreateTemp(dir, ".causerie-move-*")
	if err != nil {
		return Restored{}, fmt.Errorf("archive: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := Write(ctx, from, f); err != nil {
		return Restored{}, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return Restored{}, fmt.Errorf("archive: %w", err)
	}
	rebuild := o.Rebuild
	o.Rebuild = nil // may write rows: the comparison comes first
	done, err := Restore(ctx, to, f, size, o)
	if err != nil {
		return done, err
	}
	before, err := digests(ctx, from)
	if err != nil {
		return done, err
	}
	after, err := digests(ctx, to)
	if err != nil {
		return done, err
	}
	for _, table := range slices.Sorted(maps.Keys(before)) {
		if before[table] != after[table] {
			return done, fault.Conflict("archive.differs", table)
		}
	}
	if rebuild != nil {
		return done, rebuild(ctx)
	}
	return done, nil
}

// digests returns the SHA-256 of each table as an archive would hold it, which is the same on both engines.
func digests(ctx context.Context, h House) (map[string]string, error) {
	w := newWriter(io.Discard, h.DB.Clock().Now())
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		for _, t := range schema.Tables() {
			if err := w.table(tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	return w.sums.SHA256, err
}

// queued are the tables of the queue, which a program that was only opened may already have touched.
func queued(t schema.Table) bool { return strings.HasPrefix(t.Name, "job") }

// empty returns archive.not_empty when somebody lives here.
func empty(tx *db.Tx) error {
	for _, t := range schema.Tables() {
		if queued(t) {
			continue
		}
		n, err := number(tx, named("any."+t.Name, "SELECT COUNT(*) FROM (SELECT 1 FROM "+t.Name+" LIMIT 1) AS one WHERE 1 IN ({in})"))
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.Conflict("archive.not_empty")
		}
	}
	return nil
}

// insert writes every row. It may run twice: it reads the archive anew each time.
func (a *opened) insert(tx *db.Tx) error {
	if err := empty(tx); err != nil {
		return err
	}
	for _, t := range a.tables {
		if queued(t) {
			if _, err := db.ExecIn(tx, named("clear."+t.Name, "DELETE FROM "+t.Name+" WHERE 1 IN ({in})"), []int64{1}); err != nil {
				return err
			}
		}
		if err := a.insertTable(tx, t); err != nil {
			if db.IsForeign(err) || db.IsUnique(err) {
				return damaged(tableName(t.Name), err)
			}
			return err
		}
	}
	_, err := db.ExecIn(tx, named("bump", `UPDATE site_version SET version = version + 1 WHERE id IN ({in})`), []int64{1})
	return err
}

func (a *opened) insertTable(tx *db.Tx, t schema.Table) error {
	width := len(t.Columns)
	q := named("insert."+t.Name, "INSERT INTO "+t.Name+" ("+strings.Join(columnsOf(t), ", ")+") VALUES {rows}")
	full := width * max(1, 240/width) // SQLite looks up each $n among those before it: short statements are faster
	batch := make([]any, 0, full)
	err := a.rows(tx.Context(), t, func(row []any) error {
		batch = append(batch, row...)
		if len(batch) < full {
			return nil
		}
		err := db.Insert(tx, q, width, batch)
		batch = batch[:0]
		return err
	})
	if err != nil {
		return err
	}
	return db.Insert(tx, q, width, batch)
}

// hold stops all that leaves when letters wait, and returns how many do.
func hold(tx *db.Tx) (int64, error) {
	n, err := number(tx, named("waiting", `SELECT COUNT(*) FROM deliveries WHERE 1 IN ({in}) AND state IN ('queued', 'sending', 'deferred')`))
	if err != nil || n == 0 {
		return n, err
	}
	// '*' is queue.Everything.
	return n, db.Insert(tx, named("hold", `INSERT INTO job_lanes_held (lane, at) VALUES {rows} ON CONFLICT (lane) DO NOTHING`), 2, []any{"*", db.At(tx.Now())})
}

// put keeps the files, and returns those that were not there before.
func (a *opened) put(ctx context.Context, blobs blob.Store) (put []blob.Ref, err error) {
	for _, ref := range a.files {
		f, _, err := blobs.Open(ctx, ref)
		if err == nil {
			f.Close()
		} else if !errors.Is(err, blob.ErrNotFound) {
			return put, err
		} else {
			put = append(put, ref)
		}
		in, err := a.open(a.entries[blobsDir+string(ref)])
		if err != nil {
			return put, err
		}
		got, err := blobs.Put(ctx, in, math.MaxInt64-1)
		if err := in.end(err); err != nil {
			return put, err
		}
		if got != ref {
			return append(put, got), damaged(blobsDir+string(ref), errors.New("the content is not what the name says"))
		}
	}
	return put, nil
}
