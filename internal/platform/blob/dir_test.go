package blob_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/blob/blobtest"
)

func TestDirKeepsThePromisesOfAStore(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return blob.Dir(filepath.Join(t.TempDir(), "blobs")) })
}

func TestFilesArePrivateAndNamedByTheirContent(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	ref, err := blob.Dir(root).Put(t.Context(), strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(root, string(ref[:2]), string(ref[2:])))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestDamagedFileIsHealedByPuttingItAgain(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	store := blob.Dir(root)
	ref, err := store.Put(t.Context(), strings.NewReader("entier"), 10)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, string(ref[:2]), string(ref[2:]))
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), strings.NewReader("entier"), 10); err != nil {
		t.Fatal(err)
	}
	if now, _ := os.ReadFile(path); string(now) != "entier" {
		t.Errorf("%q", now)
	}
}

func TestStrangersInTheDirectoryAreNotListed(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	old := filepath.Join(root, ".put-123")
	fresh := filepath.Join(root, ".put-456")
	for _, path := range []string{old, fresh, filepath.Join(root, "README")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "lost+found", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	err := blob.Dir(root).Walk(t.Context(), func(ref blob.Ref, _ int64) error {
		t.Errorf("listed %s", ref)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(old); err != nil {
		t.Error("who only looks removed what a dead process left")
	}
	if err := blob.Dir(root).Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("what a dead process left is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("what is being written was removed")
	}
}
