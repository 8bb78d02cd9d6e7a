package doctor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
)

var qRefs = db.Q("doctor.files", `SELECT DISTINCT ref FROM media_variants ORDER BY ref`)

// files looks for every file that rows name, and reads each to its end: its name is the checksum of what it holds.
func (d Doctor) files(ctx context.Context) ([]Finding, error) {
	var refs []string
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { refs, err = db.All(tx, qRefs, db.Scalar[string]); return err })
	if err != nil {
		return nil, err
	}
	missing, damaged, closed := 0, 0, 0
	for _, ref := range refs {
		sum, err := d.sum(ctx, blob.Ref(ref))
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrRef):
			missing++
		case errors.Is(err, fs.ErrPermission):
			closed++
		case err != nil || sum != ref: // a disk that cannot read it
			damaged++
		}
	}
	var found []Finding
	for _, f := range []struct {
		n    int
		says string
	}{
		{missing, "%d of %d files shown by posts and voices are missing from %s/blobs: restore them from a backup"},
		{damaged, "%d of %d files are damaged in %s/blobs, and are not what was put there: restore them from a backup"},
		{closed, "%d of %d files cannot be read in %s/blobs: give them back to the service’s user"},
	} {
		if f.n > 0 {
			found = append(found, one(Wrong, "files", f.says, f.n, len(refs), d.Data)...)
		}
	}
	if len(found) == 0 {
		found = one(Well, "files", "%d, all present and intact", len(refs))
	}
	return found, nil
}

func (d Doctor) sum(ctx context.Context, ref blob.Ref) (string, error) {
	f, _, err := d.Blobs.Open(ctx, ref)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// mostNamed is how many files are named of a kind.
const mostNamed = 3

// writable looks whether the house could be written to: the database, and every folder and file of its directory.
func (d Doctor) writable(ctx context.Context) ([]Finding, error) {
	var found []Finding
	why, err := d.DB.Unwritable(ctx)
	if err != nil {
		return nil, err
	}
	if why != "" {
		found = append(found, Finding{Wrong, "database", "takes no writes: " + why})
	}
	top, err := os.Stat(d.Data)
	if err != nil {
		return append(found, Finding{Wrong, "directory", err.Error()}), nil
	}
	var closed, foreign, open []string
	err = filepath.WalkDir(d.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			closed = append(closed, fmt.Sprintf("%s (%v)", path, err))
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return nil // gone in the meantime
		}
		if err := mayWrite(path); err != nil {
			closed = append(closed, fmt.Sprintf("%s (%v)", path, err))
		}
		if owner(info) != owner(top) {
			foreign = append(foreign, path)
		}
		if info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			open = append(open, path)
		}
		return ctx.Err()
	})
	if err != nil {
		return found, err
	}
	if len(closed) > 0 {
		found = append(found, one(Wrong, "directory", "cannot be written by the user running this: %s", some(closed))...)
	}
	if len(foreign) > 0 {
		found = append(found, one(Wrong, "directory", "some files do not belong to the owner of %s, who could not write to them: %s", d.Data, some(foreign))...)
	}
	if len(open) > 0 {
		found = append(found, one(Note, "directory", "others on this machine can read: %s (chmod -R go= %s)", some(open), d.Data)...)
	}
	if len(found) == 0 {
		found = one(Well, "directory", "%s can be written", d.Data)
	}
	return found, nil
}

// some names the first of many.
func some(paths []string) string {
	if len(paths) <= mostNamed {
		return strings.Join(paths, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(paths[:mostNamed], ", "), len(paths)-mostNamed)
}
