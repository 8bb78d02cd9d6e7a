package harness

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"causerie/internal/app"
	"causerie/internal/demo"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/mail"
)

// template holds the files of the planted house on SQLite, by path below its directory.
var template = sync.OnceValues(func() (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "causerie-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	a, err := app.Open(context.Background(), app.Config{Data: dir, Clock: clock.NewManual(Now), Captured: new(mail.Captured)})
	if err != nil {
		return nil, err
	}
	_, err = demo.Build(context.Background(), a, Now)
	if err = errors.Join(err, a.Close()); err != nil { // closing folds the WAL into the database
		return nil, err
	}
	files = map[string][]byte{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			files[name], err = os.ReadFile(path)
		}
		return err
	})
	return files, err
})

// writeTemplate copies the planted house into dir.
func writeTemplate(t testing.TB, dir string) {
	t.Helper()
	files, err := template()
	if err != nil {
		t.Fatalf("harness: planting: %v", err)
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
