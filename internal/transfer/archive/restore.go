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
	"causerie/internal/platform/live"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web/pagecache"
	"causerie/internal/schema"
)

// Options say how to restore. The zero Options work.
type Options struct {
	// Hold stops all that leaves when letters were waiting in the archive: the house that it was made of may have sent
	// them since. Somebody then looks, and lets them go or not. A move needs no hold: nothing was sent since.
	Hold bool
	// Inhabited refuses an archive in which there is no house (archive.empty): it was made of nothing.
	Inhabited bool
	// Rebuild is called after the commit, to fill what archives leave out: the search; and what they are not believed: HTML.
	Rebuild func(ctx context.Context) error

	own bool // the archive was just made of a house of ours: it is believed
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

// Restore puts the house of an archive into an empty one: a database in which nothing was made yet, or a migrated one without
// a house. The archive is verified first (see Check for the refusals); a house that is there is the conflict
// archive.not_empty. In one transaction the schema of the archive is made, the rows are put into it, and the steps that are
// younger than the archive are taken. After an error to is as it was, unless it came from Options.Rebuild.
func Restore(ctx context.Context, to House, r io.ReaderAt, size int64, o Options) (done Restored, err error) {
	steps := to.schema()
	a, err := open(ctx, r, size, steps)
	if err != nil {
		return done, err
	}
	done.Manifest = a.manifest
	if o.Inhabited && a.manifest.Rows("house") == 0 {
		return done, fault.Conflict("archive.empty")
	}
	if err := to.vacant(ctx); err != nil {
		return done, err
	}
	put, err := a.put(ctx, to.Blobs)
	if err == nil {
		err = to.DB.ChangeSchema(ctx, func(tx *db.Tx) error {
			if err := a.insert(tx, steps, o.own); err != nil {
				return err
			}
			done.Held = 0
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
		return Restored{}, refused(dir, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := Write(ctx, from, disk{f, dir}); err != nil {
		return Restored{}, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return Restored{}, fmt.Errorf("archive: %w", err)
	}
	rebuild := o.Rebuild
	o.Rebuild, o.own = nil, true // it writes rows: the comparison comes first
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
	tables, err := travelling(ctx, h.schema())
	if err != nil {
		return nil, err
	}
	w := newWriter(io.Discard, h.DB.Clock().Now())
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		for _, t := range tables {
			if err := w.table(tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	return w.sums.SHA256, err
}

// vacant returns archive.not_empty when somebody lives in h, before anything is done about it.
func (h House) vacant(ctx context.Context) error {
	have, err := h.DB.Version(ctx)
	if err != nil || have == 0 || have > len(h.schema()) {
		return err // of a newer program: migrating says so
	}
	tables, err := schema.Tables(ctx, h.schema()[:have])
	if err != nil {
		return err
	}
	return h.DB.Read(ctx, func(tx *db.Tx) error { return vacant(tx, tables) })
}

// vacant returns archive.not_empty when one of tables holds rows that make a house.
func vacant(tx *db.Tx, tables []schema.Table) error {
	for _, t := range tables {
		if t.Stays != "" || strings.HasPrefix(t.Name, "job") { // a program that was only opened may have written there
			continue
		}
		n, err := db.One(tx, named("any."+t.Name, "SELECT COUNT(*) FROM (SELECT 1 FROM "+t.Name+" LIMIT 1) AS one"), db.Scalar[int64])
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.Conflict("archive.not_empty")
		}
	}
	return nil
}

// insert makes the schema of the archive, writes every row into it, and migrates what is then there to the last of steps.
func (a *opened) insert(tx *db.Tx, steps []db.Migration, own bool) error {
	have, err := db.VersionIn(tx)
	if err != nil {
		return err
	}
	if have > 0 && have <= len(steps) { // else UndoIn says what is wrong
		if err := checkVacant(tx, steps[:have]); err != nil {
			return err
		}
	}
	if err := db.UndoIn(tx, steps); err != nil {
		return err
	}
	if _, err := db.MigrateIn(tx, steps, a.manifest.Schema); err != nil {
		return err
	}
	for _, t := range a.tables {
		if t.Stays != "" { // it travelled when the archive was made
			continue
		}
		if err := a.insertTable(tx, t, own); err != nil {
			if db.IsForeign(err) || db.IsUnique(err) {
				return damaged(tableName(t.Name), err)
			}
			return err
		}
	}
	if _, err := db.MigrateIn(tx, steps, len(steps)); err != nil {
		return err
	}
	if len(steps) < len(schema.All()) { // an older schema has no topics, and no server runs on it
		return nil
	}
	return live.Leave(tx, pagecache.Site) // for a server that runs on the empty database
}

// checkVacant makes sure, with everybody else kept out, that nobody moved in since vacant was asked.
func checkVacant(tx *db.Tx, steps []db.Migration) error {
	tables, err := schema.Tables(tx.Context(), steps)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := db.LockIn(tx, t.Name); err != nil {
			return err
		}
	}
	return vacant(tx, tables)
}

func (a *opened) insertTable(tx *db.Tx, t schema.Table, own bool) error {
	width := len(t.Columns)
	q := db.Query{Name: "archive.insert." + t.Name, SQL: "INSERT INTO " + t.Name + " (" + strings.Join(columnsOf(t), ", ") + ") VALUES {rows}"}
	full := width * max(1, 240/width) // SQLite looks up each $n among those before it: short statements are faster
	batch := make([]any, 0, full)
	doubt := doubting(t)
	err := a.rows(tx.Context(), t, func(row []any) error {
		if !own {
			doubt(row)
		}
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

// doubting returns what is done to each row of t before it is written. The HTML of an archive is not believed, whoever made
// it: what has a source loses it, to be set again (Options.Rebuild), and the rest passes the sanitiser.
func doubting(t schema.Table) func(row []any) {
	at := func(column string) int {
		return slices.IndexFunc(t.Columns, func(c db.Column) bool { return c.Name == column })
	}
	html, body := at("html"), at("body")
	return func(row []any) {
		if html < 0 {
			return
		}
		if body >= 0 && row[body] != "" {
			row[html] = ""
		} else if s, ok := row[html].(string); ok && s != "" {
			row[html] = string(text.Sanitize(s, text.Article))
		}
	}
}

// hold stops all that leaves when letters wait, and returns how many do.
func hold(tx *db.Tx) (int64, error) {
	n, err := db.One(tx, named("waiting", `SELECT COUNT(*) FROM deliveries WHERE state IN ('queued', 'sending', 'deferred')`), db.Scalar[int64])
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
