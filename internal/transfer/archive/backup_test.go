package archive_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"

	"github.com/google/go-cmp/cmp"
)

func TestALostFileDoesNotStopABackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	refs := fill(t, h)
	must(t, h.Blobs.Delete(t.Context(), refs[2]))
	b, m := write(t, h)
	if d := cmp.Diff([]string{string(refs[2])}, m.Lost); d != "" {
		t.Error(d)
	}
	got, err := restore(t, newHouse(t, db.SQLite), b, archive.Options{})
	must(t, err)
	if d := cmp.Diff([]string{string(refs[2])}, got.Lost); d != "" {
		t.Error(d)
	}
}

func TestABackupIsOneNewFileForItsOwner(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	dir := t.TempDir()
	path := filepath.Join(dir, "house.zip")
	_, err := archive.Backup(t.Context(), h, path)
	must(t, err)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, err := archive.Backup(t.Context(), h, path); code(err) != "archive.exists" {
		t.Errorf("%v", err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%v", names)
	}
	_, err = archive.RestoreFile(t.Context(), newHouse(t, db.SQLite), path, archive.Options{})
	must(t, err)
	if _, err := archive.RestoreFile(t.Context(), newHouse(t, db.SQLite), path+".none", archive.Options{}); code(err) != "archive.no_file" {
		t.Errorf("%v", err)
	}
	if _, err := archive.Backup(t.Context(), h, filepath.Join(dir, "none", "house.zip")); err == nil {
		t.Error("a backup into a directory that is not there")
	}
}

// A backup that could not be restored is none: it is refused, and nothing bears its name. The command line does the same with a
// damaged SQLite file.
func TestABackupThatCouldNotBeReliedOnIsNotMade(t *testing.T) {
	t.Parallel()
	refuses := func(t *testing.T, h archive.House, want string) {
		t.Helper()
		dir := t.TempDir()
		if _, err := archive.Backup(t.Context(), h, filepath.Join(dir, "house.zip")); code(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
		if names, _ := os.ReadDir(dir); len(names) != 0 {
			t.Errorf("it left %v", names)
		}
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		refuses(t, newHouse(t, engine), "archive.nothing")
		h := newHouse(t, engine)
		for _, ref := range fill(t, h) {
			must(t, h.Blobs.Delete(t.Context(), ref))
		}
		refuses(t, h, "archive.no_files")
	}
	h := newHouse(t, db.Postgres)
	fill(t, h)
	must(t, h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range []string{"SET LOCAL session_replication_role = replica", "DELETE FROM voices"} {
			if _, err := db.Exec(tx, db.Query{Name: "t.break", SQL: text}); err != nil {
				return err
			}
		}
		return nil
	}))
	refuses(t, h, "archive.sick")
}

// full is a disk that takes so many bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, &os.PathError{Op: "write", Path: "house.zip", Err: syscall.ENOSPC}
	}
	return len(b), nil
}

func TestADiskThatIsFullIsNotTakenForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, db.SQLite)
	fill(t, h)
	for _, left := range []int{0, 5_000, 9_000} {
		_, err := archive.Write(t.Context(), h, archive.OnDisk(&full{left}, "/backups/house.zip"))
		if code(err) != "archive.disk_full" || !strings.Contains(err.Error(), "/backups/house.zip") {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
	if _, err := archive.Write(t.Context(), h, &full{0}); code(err) != "disk_full" {
		t.Error(err)
	}
}

func TestABackupIsOneInstantWhileTheHouseGoesOn(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		h := archive.House{DB: d, Blobs: blob.Dir(t.TempDir())}
		add := func(i int) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				// Two tables that must always agree, the later one read first by name of neither.
				if err := db.Insert(tx, db.Query{Name: "t.a", SQL: "INSERT INTO tags (id, slug, name) VALUES {rows}"}, 3, []any{int64(i), fmt.Sprint(i), "x"}); err != nil {
					return err
				}
				return db.Insert(tx, db.Query{Name: "t.b", SQL: "INSERT INTO imported (source, kind, external, local, at) VALUES {rows}"}, 5,
					[]any{"s", "tag", fmt.Sprint(i), int64(i), int64(0)})
			})
		}
		must(t, add(1))
		stop, stopped := make(chan struct{}), make(chan error, 1)
		go func() {
			for i := 2; ; i++ {
				select {
				case <-stop:
					stopped <- nil
					return
				default:
				}
				if err := add(i); err != nil {
					stopped <- err
					return
				}
			}
		}()
		for range 10 {
			if _, m := write(t, h); m.Rows("tags") != m.Rows("imported") || m.Rows("tags") == 0 {
				t.Errorf("%d and %d", m.Rows("tags"), m.Rows("imported"))
			}
		}
		close(stop)
		must(t, <-stopped)
	}, dbtest.Once())
}
