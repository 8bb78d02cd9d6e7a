package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// KeptSnapshots is how many snapshots from before a migration stay beside a SQLite database.
const KeptSnapshots = 3

const (
	snapshotMark = ".before-"
	unfinished   = ".causerie-snapshot-" // begins the name of a snapshot that is being written
)

// Snapshot writes a consistent copy of a SQLite database to path, which must not exist, while writes go on. The copy is its
// owner's alone, and has its name when it is whole and on the disk.
func (d *DB) Snapshot(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return errors.New("db: a snapshot of PostgreSQL is taken with pg_dump")
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("db: snapshot: %s: %w", path, fs.ErrExist)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), unfinished+"*") // mode 0600; VACUUM takes an empty file for none
	if err != nil {
		return fmt.Errorf("db: snapshot: %w", classify(err))
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	if _, err := d.write.ExecContext(ctx, "VACUUM INTO $1", temp.Name()); err != nil {
		return fmt.Errorf("db: snapshot: %w", classify(err))
	}
	if err := temp.Sync(); err != nil {
		return fmt.Errorf("db: snapshot: %w", classify(err))
	}
	err = os.Link(temp.Name(), path) // unlike a rename, never over another file
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(temp.Name(), path) // a file system without links
	}
	if err != nil {
		return fmt.Errorf("db: snapshot: %w", err)
	}
	return nil
}

func (d *DB) snapshotBeforeMigrating(ctx context.Context, have, n int) error {
	if d.engine != SQLite || have == 0 || have >= n {
		return nil
	}
	file := fmt.Sprintf("%s%s%04d-%d", d.path, snapshotMark, n, d.clock.Now().Unix())
	d.log.Info("snapshot before migrating", "file", file)
	err := d.Snapshot(ctx, file)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process, which migrates at the same second, made it
	}
	return err
}

// pruneSnapshots removes all but the newest snapshots, and what a killed process left of one. A file that cannot be removed
// is a file too many, not a failure.
func (d *DB) pruneSnapshots() {
	if d.engine != SQLite {
		return
	}
	dir, name := filepath.Dir(d.path), filepath.Base(d.path)
	all, _ := os.ReadDir(dir) // an error gives no names
	var files []string
	for _, f := range all {
		info, err := f.Info()
		switch {
		case err != nil || !info.Mode().IsRegular():
		case strings.HasPrefix(f.Name(), name+snapshotMark):
			files = append(files, f.Name())
		case strings.HasPrefix(f.Name(), unfinished) && time.Since(info.ModTime()) > 24*time.Hour:
			d.removeSnapshot(filepath.Join(dir, f.Name()))
		}
	}
	taken := func(file string) string { return file[strings.LastIndex(file, "-")+1:] } // Unix seconds, of ten digits until 2286
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(taken(b), taken(a)) })
	for _, f := range files[min(len(files), KeptSnapshots):] {
		d.removeSnapshot(filepath.Join(dir, f))
	}
}

func (d *DB) removeSnapshot(file string) {
	if err := os.Remove(file); err != nil {
		d.log.Warn("snapshot not removed", "file", file, "error", err)
	}
}
