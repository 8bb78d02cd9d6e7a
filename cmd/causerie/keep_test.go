package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"causerie/internal/app"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

// content is what lies under the shell's directory, to the byte.
func (s *shell) content() string {
	s.t.Helper()
	var all strings.Builder
	for _, file := range s.files() {
		b, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s %x\n", file, sha256.Sum256(b))
	}
	return all.String()
}

// overwrite replaces the pages of long posts in the shell's database, one after the other, and calls fn with each.
func (s *shell) overwrite(with byte, fn func()) {
	s.t.Helper()
	file := filepath.Join(s.data, "causerie.db")
	plain, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file))
	if err != nil {
		s.t.Fatal(err)
	}
	rows, err := plain.Query("SELECT pageno FROM dbstat WHERE name = 'posts' AND pagetype = 'overflow' ORDER BY pageno")
	if err != nil {
		s.t.Fatal(err)
	}
	var pages []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		pages = append(pages, n)
	}
	plain.Close()
	if len(pages) < 2 {
		s.t.Fatalf("only %d pages hold long texts", len(pages))
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	const size = 4096
	for _, n := range pages {
		broken := bytes.Clone(whole)
		copy(broken[(n-1)*size:], bytes.Repeat([]byte{with}, size))
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			s.t.Fatal(err)
		}
		fn()
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func TestADamagedDatabaseIsFoundByTheDoctorAndNotBackedUp(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	s.do("---\ntitle: Un long récit\n---\n"+strings.Repeat("Trois semaines, et voici pourquoi. ", 600), "post", "-", "--publish")
	for _, with := range []byte{0, 'x', 0xff} {
		s.overwrite(with, func() {
			before := s.content()
			if got := s.try("", "doctor"); got.status != 1 || !strings.Contains(got.out, "WRONG  database") || !strings.Contains(got.out, "restore the last good backup") {
				t.Errorf("pages of %q: the doctor ends with %d and says\n%s%s", with, got.status, got.out, got.errout)
			}
			if after := s.content(); after != before {
				t.Errorf("the doctor changed\n%s\ninto\n%s", before, after)
			}
			file := filepath.Join(t.TempDir(), "maison.zip")
			s.refuse(1, "The database is damaged", "", "backup", file)
			if _, err := os.Stat(file); err == nil {
				t.Error("a backup that is none has its name")
			}
		})
	}
	s.do("", "doctor")
	s.do("", "backup", filepath.Join(t.TempDir(), "maison.zip"))
}

func TestTheDoctorLeavesADirectoryAsItFoundIt(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	before := s.content()
	if out := s.do("", "doctor"); !strings.Contains(out, "every row readable") {
		t.Errorf("the doctor says\n%s", out)
	}
	if after := s.content(); after != before {
		t.Errorf("the doctor changed\n%s\ninto\n%s", before, after)
	}
	if err := os.Remove(filepath.Join(s.data, "secret.key")); err != nil {
		t.Fatal(err)
	}
	if got := s.try("", "doctor"); got.status != 1 || !strings.Contains(got.out, "secret.key is missing") {
		t.Errorf("without its key: %d\n%s", got.status, got.out)
	}
	if _, err := os.Stat(filepath.Join(s.data, "secret.key")); err == nil {
		t.Error("the doctor made a key")
	}
}

// As another user, in a directory that may be read and not written, with and without what a killed server leaves.
func TestTheDoctorLooksAtWhatItMayNotWrite(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root becomes somebody else")
	}
	t.Parallel()
	const nobody = 65534
	dir, err := os.MkdirTemp("/tmp", "causerie-doctor-") // the others' directories are closed to nobody
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "program")
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.Chmod(dir, 0o755), os.WriteFile(program, self, 0o755)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s := newShell(t)
	s.data = filepath.Join(dir, "house")
	s.setUp()
	close := func() {
		err := filepath.WalkDir(s.data, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if err := os.Chown(path, nobody, nobody); err != nil {
				return err
			}
			if e.IsDir() {
				return os.Chmod(path, 0o500)
			}
			return os.Chmod(path, 0o400)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look := func(when string) {
		t.Helper()
		before := s.content()
		command := exec.CommandContext(t.Context(), program, "-test.run=^TestMain$")
		command.Env = []string{asProgram + "=doctor --data " + s.data}
		command.Dir = "/"
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true}}
		out, err := command.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "cannot be written by the user running this: "+s.data+" (permission denied)") ||
			!strings.Contains(string(out), "every row readable") {
			t.Errorf("%s: %v\n%s", when, err, out)
		}
		if after := s.content(); after != before {
			t.Errorf("%s: the doctor changed\n%s\ninto\n%s", when, before, after)
		}
	}
	close()
	look("at rest")
	writer, err := db.Open(t.Context(), db.Options{Path: filepath.Join(s.data, "causerie.db")}) // as root: it is as a server that is there
	if err != nil {
		t.Fatal(err)
	}
	err = writer.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(tx, db.Query{Name: "test.touch", SQL: "UPDATE house SET updated_at = updated_at"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	close()
	look("beside who writes")
}

func TestAForgottenDatabaseIsNotTakenForTheHouse(t *testing.T) {
	t.Parallel()
	postgres := dbtest.Options(t, db.Postgres, nil).URL
	s := newShell(t)
	s.setUp()
	s.do("", "move", "--to", postgres)
	file := filepath.Join(t.TempDir(), "maison.zip")
	for _, line := range [][]string{{"backup", file}, {"user", "list"}, {"serve", "--listen", "127.0.0.1:0"}, {"post", "-"}, {"rebuild", "all"}} {
		s.refuse(1, "the house has moved to ", bonjour, line...)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("what the house left was backed up")
	}
	if got := s.try("", "doctor"); got.status != 1 || !strings.Contains(got.out, "is what the house left behind when it moved to ") {
		t.Errorf("the doctor ends with %d and says\n%s", got.status, got.out)
	}
	s.env["CAUSERIE_DATABASE"] = postgres
	s.do("", "doctor")
	s.do("", "backup", file)

	// The way back, into the same directory, as the guide says it.
	old := filepath.Join(s.data, "causerie.db")
	if err := os.Rename(old, old+".old"); err != nil {
		t.Fatal(err)
	}
	s.do("", "move", "--to", "sqlite:")
	delete(s.env, "CAUSERIE_DATABASE")
	s.do("", "doctor")
}

// With PostgreSQL the files are still in a directory: a wrong one is not taken for it, and none is made.
func TestAWrongDirectoryIsNotTakenForTheHouse(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		picture := filepath.Join("..", "..", "docs", "pictures", "article.jpg")
		s.picture(picture)
		right := s.data
		s.data = filepath.Join(t.TempDir(), "wrong")
		file := filepath.Join(t.TempDir(), "maison.zip")
		for _, line := range [][]string{{"backup", file}, {"doctor"}, {"user", "list"}} {
			s.refuse(1, s.data, "", line...)
		}
		if err := os.Mkdir(s.data, 0o700); err != nil {
			t.Fatal(err)
		}
		if s.env["CAUSERIE_DATABASE"] != "" {
			s.refuse(1, "None of the", "", "backup", file)
		} else {
			s.refuse(1, "there is no house here yet", "", "backup", file)
		}
		s.data = right
		s.do("", "backup", file)
	})
}

// Whatever the program makes is its owner's alone.
func TestNothingThatIsMadeIsReadByOthers(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	s.picture(filepath.Join("..", "..", "docs", "pictures", "article.jpg"))
	server := s.start("serve", "--listen", "127.0.0.1:0")
	server.waitFor("msg=serving")
	out := t.TempDir()
	s.do("", "backup", filepath.Join(out, "maison.zip"))
	if err := server.stop(); err != nil {
		t.Error(err)
	}
	to := newShell(t)
	s.do("", "move", "--to", "sqlite://"+filepath.ToSlash(to.data))
	seen := 0
	for _, dir := range []string{s.data, to.data, out} {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || path == out {
				return err
			}
			info, err := e.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: %v", path, info.Mode())
			}
			seen++
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if seen < 10 {
		t.Errorf("only %d files and folders were made", seen)
	}
}

// picture puts a picture into the house, as an owner would.
func (s *shell) picture(file string) {
	s.t.Helper()
	a, err := app.Open(s.t.Context(), app.Config{Data: s.data, Database: s.env["CAUSERIE_DATABASE"]})
	if err != nil {
		s.t.Fatal(err)
	}
	defer a.Close()
	f, err := os.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	who, err := a.Accounts.Owner(s.t.Context())
	if err == nil {
		_, err = a.Media.Upload(s.t.Context(), who.Actor(), filepath.Base(file), f, "")
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
