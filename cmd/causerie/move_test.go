package main

import (
	"archive/zip"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"

	"github.com/google/go-cmp/cmp"
)

// tables returns what a backup holds of the house: each table, and the names of the files.
func (s *shell) tables() map[string]string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "house.zip")
	s.do("", "backup", file)
	z, err := zip.OpenReader(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer z.Close()
	found := map[string]string{}
	for _, f := range z.File {
		if f.Name == "manifest.json" || f.Name == "checksums.json" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		found[f.Name] = string(b)
	}
	return found
}

func TestAHouseMovesToTheOtherEngineAndBack(t *testing.T) {
	t.Parallel()
	postgres := dbtest.Options(t, db.Postgres, nil).URL
	s := newShell(t)
	s.setUp()
	s.do(bonjour, "post", "-", "--publish")
	s.do("", "user", "add", "--email", "luc@aubin.example", "--name", "Luc")
	s.do("", "token", "create", "--scope", "read")
	first := s.tables()
	if n := strings.Count(first["tables/posts.jsonl"], "\n"); n < 2 || len(first) < 20 {
		t.Fatalf("%d posts before the move, in %d tables", n, len(first))
	}

	s.refuse(1, "already a house here", "", "move", "--to", "sqlite:")
	s.refuse(1, "moves to postgres://", "", "move", "--to", "mysql://claire:secret@host/name")
	out := s.do("", "move", "--to", postgres)
	for _, want := range []string{"The house has moved, with everything counted and compared: 2 posts", "is unchanged", "causerie serve --data " + s.data + " --database postgres://"} {
		if !strings.Contains(out, want) {
			t.Errorf("move prints %q, without %q", out, want)
		}
	}
	s.refuse(1, "already a house here", "", "move", "--to", postgres) // of the old one, again

	s.env["CAUSERIE_DATABASE"] = postgres
	if diff := cmp.Diff(first, s.tables()); diff != "" {
		t.Errorf("in SQLite (-) and moved to PostgreSQL (+):\n%s", diff)
	}
	s.do("", "doctor")
	elsewhere := newShell(t)
	s.do("", "move", "--to", "sqlite://"+filepath.ToSlash(elsewhere.data))
	if diff := cmp.Diff(first, elsewhere.tables()); diff != "" {
		t.Errorf("at first (-) and moved back to SQLite (+):\n%s", diff)
	}
	elsewhere.do("", "doctor")
	if left, err := filepath.Glob(filepath.Join(elsewhere.data, ".causerie-*")); err != nil || len(left) > 0 {
		t.Errorf("the move left %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(elsewhere.data, "causerie.db")); err != nil {
		t.Error(err)
	}
	if !slices.Contains(slices.Collect(maps.Keys(first)), "tables/accounts.jsonl") {
		t.Error("this test no longer sees the tables")
	}
}

func TestAHouseThatIsServedDoesNotMove(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		server := s.start("serve", "--listen", "127.0.0.1:0")
		server.waitFor("msg=serving")
		to := newShell(t)
		s.refuse(1, "the house is being served", "", "move", "--to", "sqlite://"+filepath.ToSlash(to.data))
		if made := to.files(); len(made) > 0 {
			t.Errorf("a refused move made %v", made)
		}
		if err := server.stop(); err != nil {
			t.Error(err)
		}
		s.do("", "move", "--to", "sqlite://"+filepath.ToSlash(to.data))
	})
}
