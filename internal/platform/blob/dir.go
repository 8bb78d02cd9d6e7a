package blob

import (
	"causerie/internal/platform/fault"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	temporary = ".put-"        // begins the names of files that are being written
	stale     = 24 * time.Hour // how old such a file is when its writer is certainly dead
)

// Dir returns the store of a directory, which is made with the first file. The file with reference
// abcdef... is ab/cdef... under it: 256 folders keep listings short. Files are readable by their owner only.
func Dir(path string) Store { return dir(path) }

type dir string

func (d dir) folder(ref Ref) string { return filepath.Join(string(d), string(ref[:2])) }
func (d dir) path(ref Ref) string   { return filepath.Join(d.folder(ref), string(ref[2:])) }

func (d dir) Put(ctx context.Context, r io.Reader, max int64) (Ref, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	temp, err := os.CreateTemp(string(d), temporary+"*") // mode 0600, same file system as where it goes
	if err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	ref, err := d.fill(ctx, temp, r, max)
	if err != nil {
		_ = temp.Close()
		_ = os.Remove(temp.Name())
		if errors.Is(err, ErrTooLarge) {
			return "", ErrTooLarge
		}
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return "", fault.Unavailable("disk_full", err)
		}
		return "", fmt.Errorf("blob: put: %w", err)
	}
	return ref, nil
}

// fill writes, syncs, closes and renames temp.
func (d dir) fill(ctx context.Context, temp *os.File, r io.Reader, max int64) (Ref, error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(temp, sum), io.LimitReader(&patient{ctx, r}, max+1))
	if err != nil {
		return "", err
	}
	if n > max {
		return "", ErrTooLarge
	}
	if err := errors.Join(temp.Sync(), temp.Close()); err != nil {
		return "", err
	}
	ref := refOf(sum.Sum(nil))
	if err := os.Mkdir(d.folder(ref), 0o700); err == nil {
		if err := syncFolder(string(d)); err != nil {
			return "", err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	// The same content may be there already. Renaming over it is right all the same: it heals a damaged file, renews
	// the date that Delete's caller may go by, and whoever has the old one open keeps reading it.
	if err := os.Rename(temp.Name(), d.path(ref)); err != nil {
		return "", err
	}
	return ref, syncFolder(d.folder(ref))
}

// patient stops reading when its context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d dir) Open(_ context.Context, ref Ref) (io.ReadSeekCloser, int64, error) {
	if !ref.Valid() {
		return nil, 0, ErrRef
	}
	f, err := os.Open(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("blob: open: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, fmt.Errorf("blob: open: %w", err)
	}
	return f, info.Size(), nil
}

func (d dir) Delete(_ context.Context, ref Ref) error {
	if !ref.Valid() {
		return ErrRef
	}
	if err := os.Remove(d.path(ref)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: delete: %w", err)
	}
	return nil
}

func (d dir) Walk(ctx context.Context, fn func(Ref, int64) error) error {
	folders, err := os.ReadDir(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("blob: walk: %w", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(string(d), folder.Name()))
		if err != nil {
			return fmt.Errorf("blob: walk: %w", err)
		}
		for _, file := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			ref := Ref(folder.Name() + file.Name())
			if !ref.Valid() || len(folder.Name()) != 2 || !file.Type().IsRegular() {
				continue // not ours
			}
			info, err := file.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // deleted in the meantime
			}
			if err != nil {
				return fmt.Errorf("blob: walk: %w", err)
			}
			if err := fn(ref, info.Size()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep removes what a killed process left half-written; what cannot be removed is tried again the next time.
func (d dir) Sweep(ctx context.Context) error {
	entries, err := os.ReadDir(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("blob: sweep: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), temporary) {
			continue
		}
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(string(d), entry.Name()))
		}
	}
	return ctx.Err()
}
