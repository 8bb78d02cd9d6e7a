package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
)

// Backup writes an archive of the house to a new file at path, readable by its owner only. It has that name when it is good: the
// database was examined, the file is on the disk, was read back from there and verified as Restore would. After an error
// there is no such file. The refusals are the conflicts archive.exists, archive.nothing (no house is in it),
// archive.no_files (none of its files is there: another directory), archive.sick (with the first damage of the
// database) and those of Check, and archive.disk_full.
func Backup(ctx context.Context, from House, path string) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return m, fault.Conflict("archive.exists", path)
	}
	damages, err := from.DB.Examine(ctx)
	if err != nil {
		return m, err
	}
	if len(damages) > 0 {
		return m, fault.Conflict("archive.sick", damages[0])
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".causerie-backup-*") // mode 0600
	if err != nil {
		return m, refused(filepath.Dir(path), err)
	}
	defer os.Remove(f.Name()) // nothing is there any more once it has its name
	defer f.Close()
	if m, err = Write(ctx, from, disk{f, path}); err != nil {
		return m, err
	}
	if err := f.Sync(); err != nil {
		return m, refused(path, err)
	}
	if err := from.readBack(ctx, f, m); err != nil {
		return m, err
	}
	if err := f.Close(); err != nil {
		return m, refused(path, err)
	}
	err = os.Link(f.Name(), path) // unlike a rename, never over another file
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(f.Name(), path) // a file system without links
	}
	if errors.Is(err, fs.ErrExist) {
		return m, fault.Conflict("archive.exists", path)
	}
	if err != nil {
		return m, refused(path, err)
	}
	return m, syncFolder(filepath.Dir(path))
}

// readBack verifies the archive that was just written to f, as one that comes from elsewhere, and that it is that of m.
func (h House) readBack(ctx context.Context, f *os.File, m Manifest) error {
	if m.Rows("house") == 0 {
		return fault.Conflict("archive.nothing", h.DB.Place())
	}
	if m.Files > 0 && len(m.Lost) == m.Files {
		return fault.Conflict("archive.no_files", m.Files)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return refused(f.Name(), err)
	}
	a, err := open(ctx, f, size, h.schema())
	if err != nil {
		return err
	}
	if got := a.manifest; got.Files != m.Files || len(got.Lost) != len(m.Lost) || !slices.EqualFunc(got.Tables, m.Tables, func(x, y Table) bool { return x.Name == y.Name && x.Rows == y.Rows }) {
		return damaged(manifestName, errors.New("it is not what was written"))
	}
	return nil
}

// disk is a file that says in our words why it takes no more, before anybody takes it for the database.
type disk struct {
	io.Writer
	path string // as the operator calls it
}

func (d disk) Write(b []byte) (int, error) {
	n, err := d.Writer.Write(b)
	if err != nil {
		err = refused(d.path, err)
	}
	return n, err
}

// refused says why a file cannot be written.
func refused(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return &fault.Error{Kind: fault.KindUnavailable, Code: "archive.disk_full", Args: []any{path}}
	}
	return fault.Conflict("archive.unwritable", path).Because(err)
}

// syncFolder makes a new name survive a power cut, where folders can be synced.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return nil // it may be written and not read
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return refused(path, err)
	}
	return nil
}

// Write writes an archive of the house to w: all rows as one snapshot shows them, then the files that they name. Files
// that are not there, or damaged, do not keep it from being made: they are in Lost.
func Write(ctx context.Context, from House, w io.Writer) (Manifest, error) {
	version, err := from.DB.Version(ctx)
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{Format: Format, Program: "causerie", Version: from.Version, Schema: version, Engine: from.DB.Engine().String(),
		CreatedAt: from.DB.Clock().Now().UTC().Truncate(time.Second)}
	steps := from.schema()
	if version != len(steps) {
		return m, fault.Conflict("archive.schema", version, len(steps))
	}
	tables, err := travelling(ctx, steps)
	if err != nil {
		return m, fmt.Errorf("archive: %w", err)
	}
	out := newWriter(w, m.CreatedAt)
	var refs []string
	err = from.DB.Read(ctx, func(tx *db.Tx) error {
		refs, err = out.rows(tx, tables, &m)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("archive: %w", err)
	}
	for _, ref := range refs {
		if err := out.file(ctx, from.Blobs, blob.Ref(ref)); err != nil {
			return m, fmt.Errorf("archive: file %s: %w", ref, err)
		}
	}
	m.Lost = out.sums.Lost
	if err := out.json(sumsName, out.sums); err != nil {
		return m, fmt.Errorf("archive: %w", err)
	}
	if err := out.zip.Close(); err != nil {
		return m, fmt.Errorf("archive: %w", err)
	}
	return m, nil
}

type writer struct {
	zip  *zip.Writer
	sums sums
	at   time.Time
}

func newWriter(w io.Writer, at time.Time) *writer {
	return &writer{zip: zip.NewWriter(w), sums: sums{SHA256: map[string]string{}, Lost: []string{}}, at: at}
}

// entry begins an entry; what is written to it is summed until close.
func (w *writer) entry(name string, method uint16) (*entry, error) {
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.at})
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	return &entry{io.MultiWriter(out, sum), sum, name, w}, nil
}

type entry struct {
	io.Writer
	sum  hash.Hash
	name string
	w    *writer
}

func (e *entry) close() { e.w.sums.SHA256[e.name] = hex.EncodeToString(e.sum.Sum(nil)) }

func (w *writer) json(name string, v any) error {
	e, err := w.entry(name, zip.Deflate)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(e)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	e.close()
	return nil
}

// rows writes the manifest and the tables, and returns the files that they name.
func (w *writer) rows(tx *db.Tx, tables []schema.Table, m *Manifest) (refs []string, err error) {
	for _, t := range tables {
		n, err := db.One(tx, count(t), db.Scalar[int64])
		if err != nil {
			return nil, err
		}
		m.Tables = append(m.Tables, Table{Name: t.Name, Columns: columnsOf(t), Rows: n})
	}
	if refs, err = db.All(tx, named("refs", `SELECT DISTINCT ref FROM media_variants ORDER BY ref`), db.Scalar[string]); err != nil {
		return nil, err
	}
	m.Files = len(refs)
	if err := w.json(manifestName, m); err != nil {
		return nil, err
	}
	for _, t := range tables {
		if err := w.table(tx, t); err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return refs, nil
}

func (w *writer) table(tx *db.Tx, t schema.Table) error {
	e, err := w.entry(tableName(t.Name), zip.Deflate)
	if err != nil {
		return err
	}
	lines := newRowWriter(t)
	// The rows are written while they are scanned, so that a table of any size passes through a few kilobytes.
	_, err = db.All(tx, selectAll(t), func(r db.Row) (struct{}, error) {
		line, err := lines.scan(r)
		if err == nil {
			_, err = e.Write(line)
		}
		return struct{}{}, err
	})
	if err == nil {
		e.close()
	}
	return err
}

// file copies one file, unless its content is no longer what its name says.
func (w *writer) file(ctx context.Context, blobs blob.Store, ref blob.Ref) error {
	f, _, err := blobs.Open(ctx, ref)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrRef) {
		w.sums.Lost = append(w.sums.Lost, string(ref))
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(ref) {
		w.sums.Lost = append(w.sums.Lost, string(ref))
		return nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	e, err := w.entry(blobsDir+string(ref), zip.Store) // pictures do not get smaller
	if err != nil {
		return err
	}
	if _, err := io.Copy(e, f); err != nil {
		return err
	}
	e.close()
	return ctx.Err()
}

// named makes a query of this package, which runs once. It is not registered: see the package comment.
func named(name, text string) db.Query {
	return db.Once(db.Query{Name: "archive." + name, SQL: text})
}

func columnsOf(t schema.Table) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

func count(t schema.Table) db.Query {
	return named("count."+t.Name, "SELECT COUNT(*) FROM "+t.Name+unsealed(t))
}

func selectAll(t schema.Table) db.Query {
	return named("read."+t.Name, "SELECT "+strings.Join(columnsOf(t), ", ")+" FROM "+t.Name+unsealed(t)+" ORDER BY "+strings.Join(t.Key, ", "))
}

// unsealed is the condition that leaves the secret rows out, where there are any.
func unsealed(t schema.Table) string {
	if t.Secret.Column == "" {
		return ""
	}
	return " WHERE " + t.Secret.Column + " NOT IN ('" + strings.Join(t.Secret.Values, "', '") + "')"
}
