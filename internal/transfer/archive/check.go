package archive

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
)

// Bounds of what is read into memory, in bytes.
const (
	maxManifest = 4 << 20
	maxSums     = 256 << 20
	maxLine     = 64 << 20
)

// opened is an archive whose every byte was looked at.
type opened struct {
	manifest Manifest
	sums     sums
	entries  map[string]*zip.File
	tables   []schema.Table // those of the manifest, as its schema has them, parents first
	files    []blob.Ref
}

// Check reads a whole archive and verifies it: checksums, counts, columns, files. The refusals are the conflicts
// archive.unreadable, archive.format, archive.newer (with both numbers) and archive.damaged (with the entry).
func Check(ctx context.Context, r io.ReaderAt, size int64) (Manifest, error) {
	a, err := open(ctx, r, size, schema.All())
	if err != nil {
		return Manifest{}, err
	}
	return a.manifest, nil
}

func damaged(entry string, cause error) error {
	return fault.Conflict("archive.damaged", entry).Because(cause)
}

// open verifies an archive that was made at one of steps.
func open(ctx context.Context, r io.ReaderAt, size int64, steps []db.Migration) (*opened, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.Conflict("archive.unreadable").Because(err)
	}
	a := &opened{entries: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if a.entries[f.Name] != nil {
			return nil, damaged(f.Name, errors.New("twice"))
		}
		a.entries[f.Name] = f
	}
	if a.entries[manifestName] == nil || a.entries[sumsName] == nil {
		return nil, fault.Conflict("archive.unreadable")
	}
	if err := a.json(manifestName, maxManifest, &a.manifest); err != nil {
		return nil, err
	}
	switch m := a.manifest; {
	case m.Program != "causerie":
		return nil, fault.Conflict("archive.unreadable")
	case m.Format != Format:
		return nil, fault.Conflict("archive.format", m.Format, Format)
	case m.Schema > len(steps):
		return nil, fault.Conflict("archive.newer", m.Schema, len(steps))
	case m.Schema < 1:
		return nil, damaged(manifestName, errors.New("no such schema"))
	}
	if err := a.json(sumsName, maxSums, &a.sums); err != nil {
		return nil, err
	}
	a.manifest.Lost = a.sums.Lost
	known, err := schema.Tables(ctx, steps[:a.manifest.Schema])
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	if err := a.plan(known); err != nil {
		return nil, err
	}
	return a, a.verify(ctx)
}

func (a *opened) json(name string, limit int64, into any) error {
	f, err := a.entries[name].Open()
	if err != nil {
		return damaged(name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit))
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		return damaged(name, err)
	}
	return nil
}

// plan matches the tables of the manifest with those of its schema, and the entries with the checksums. A table may be
// missing: when the archive was made, its rows did not travel.
func (a *opened) plan(known []schema.Table) error {
	said := map[string]Table{}
	for _, t := range a.manifest.Tables {
		said[t.Name] = t
	}
	if len(said) != len(a.manifest.Tables) {
		return damaged(manifestName, errors.New("a table twice"))
	}
	for _, t := range known { // in their order, which foreign keys need
		theirs, ok := said[t.Name]
		if !ok {
			continue
		}
		delete(said, t.Name)
		if !slices.Equal(slices.Sorted(slices.Values(theirs.Columns)), slices.Sorted(slices.Values(columnsOf(t)))) {
			return damaged(tableName(t.Name), errors.New("the columns are not those of its schema"))
		}
		if a.entries[tableName(t.Name)] == nil {
			return damaged(tableName(t.Name), errors.New("missing"))
		}
		a.tables = append(a.tables, t)
	}
	for name := range said {
		return damaged(tableName(name), errors.New("a table that its schema does not have"))
	}
	for name := range a.sums.SHA256 {
		if a.entries[name] == nil {
			return damaged(name, errors.New("missing"))
		}
	}
	for name := range a.entries {
		if name != sumsName && a.sums.SHA256[name] == "" {
			return damaged(name, errors.New("not in the checksums"))
		}
		if digits, ok := strings.CutPrefix(name, blobsDir); ok {
			ref, err := blob.ParseRef(digits)
			if err != nil {
				return damaged(name, err)
			}
			a.files = append(a.files, ref)
		}
	}
	slices.Sort(a.files)
	return nil
}

// verify reads every entry to its end.
func (a *opened) verify(ctx context.Context) error {
	named := map[string]bool{} // the files that rows name
	checked := map[string]bool{sumsName: true}
	for _, t := range a.tables {
		name := tableName(t.Name)
		ref := slices.IndexFunc(t.Columns, func(c db.Column) bool { return t.Name == "media_variants" && c.Name == "ref" })
		rows := int64(0)
		err := a.rows(ctx, t, func(row []any) error {
			rows++
			if ref >= 0 {
				s, _ := row[ref].(string)
				named[s] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		if want := a.manifest.Rows(t.Name); rows != want {
			return damaged(name, fmt.Errorf("%d rows, %d announced", rows, want))
		}
		checked[name] = true
	}
	for name, f := range a.entries {
		if checked[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		in, err := a.open(f)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, in)
		if err := in.end(err); err != nil {
			return err
		}
	}
	for _, ref := range a.files {
		if sum := a.sums.SHA256[blobsDir+string(ref)]; sum != string(ref) {
			return damaged(blobsDir+string(ref), errors.New("the content is not what the name says"))
		}
		delete(named, string(ref))
	}
	for _, ref := range a.sums.Lost {
		delete(named, ref)
	}
	for ref := range named {
		return damaged(blobsDir+ref, errors.New("missing"))
	}
	return nil
}

// rows calls fn with each row of a table, in the order of its columns; the slice is fn's until it returns.
func (a *opened) rows(ctx context.Context, t schema.Table, fn func(row []any) error) error {
	in, err := a.open(a.entries[tableName(t.Name)])
	if err != nil {
		return err
	}
	var broken error // of the content, unlike an error of fn
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	var row []any
	for broken == nil && lines.Scan() {
		if row, broken = values(lines.Bytes(), t.Columns, row[:0]); broken != nil {
			break
		}
		if err := errors.Join(ctx.Err(), fn(row)); err != nil {
			in.Close()
			return err
		}
	}
	return in.end(errors.Join(broken, lines.Err()))
}

// summed is an entry that is being read; end tells whether it was whole.
type summed struct {
	io.Reader
	io.Closer
	sum        hash.Hash
	name, want string
}

func (a *opened) open(f *zip.File) (*summed, error) {
	r, err := f.Open()
	if err != nil {
		return nil, damaged(f.Name, err)
	}
	sum := sha256.New()
	return &summed{io.TeeReader(r, sum), r, sum, f.Name, a.sums.SHA256[f.Name]}, nil
}

func (s *summed) end(err error) error {
	if err := errors.Join(err, s.Close()); err != nil {
		return damaged(s.name, err)
	}
	if got := hex.EncodeToString(s.sum.Sum(nil)); got != s.want {
		return damaged(s.name, errors.New("the checksum differs"))
	}
	return nil
}
