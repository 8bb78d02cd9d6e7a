package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causerie/internal/app"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// engines runs fn with a shell whose house is on SQLite, and with one whose house is on PostgreSQL.
func engines(t *testing.T, fn func(t *testing.T, s *shell)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			s := newShell(t)
			if engine == db.Postgres {
				s.env["CAUSERIE_DATABASE"] = dbtest.Options(t, db.Postgres, nil).URL
			}
			fn(t, s)
		})
	}
}

// lastLine is what a script reads.
func lastLine(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

const bonjour = `---
title: Nos délais
slug: delais
tags: [atelier, bois]
---

Trois semaines : voici pourquoi.
`

func TestAPostIsWrittenPublishedAndScheduledFromAFile(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		s.env["CAUSERIE_URL"] = "https://claire.example"
		id, address, _ := strings.Cut(lastLine(s.do(bonjour, "post", "-", "--publish")), " ")
		if id == "" || address != "https://claire.example/delais" {
			t.Errorf("published: %q %q", id, address)
		}
		file := filepath.Join(t.TempDir(), "brouillon.md")
		if err := os.WriteFile(file, []byte("# Un brouillon\n\nDu texte."), 0o600); err != nil {
			t.Fatal(err)
		}
		if out := lastLine(s.do("", "post", file)); !strings.Contains(out, "https://claire.example/app/posts/") {
			t.Errorf("a draft: %q", out)
		}
		s.do("---\ntitle: Demain\n---\nBientôt.", "post", "-", "--at", "2099-11-30T08:00")
		s.refuse(1, "--at demain", "---\ntitle: Demain\n---\nBientôt.", "post", "-", "--at", "demain")
		s.refuse(1, "", "Du texte sans titre.", "post", "-", "--publish")
		s.refuse(1, "", bonjour, "post", "-", "--voice", "personne")
		s.refuse(1, "longer than", strings.Repeat("a", maxPost+1), "post", "-")
		s.refuse(1, "no such file", "", "post", filepath.Join(t.TempDir(), "absent.md"))
	})
}

func TestPeopleAreAddedListedAndGivenPasswordsAndTokens(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		if out := s.do("", "user", "add", "--email", "luc@aubin.example", "--name", "Luc Morel", "--role", "editor", "--voice", "claire"); !strings.Contains(out, "/app/reset?t=") {
			t.Errorf("no link to choose a password: %q", out)
		}
		if out := s.do("un long mot de passe\n", "user", "add", "--email", "lina@aubin.example", "--name", "Lina", "--password-stdin"); strings.Contains(out, "/app/reset") {
			t.Errorf("a link although the password was given: %q", out)
		}
		s.refuse(1, "", "", "user", "add", "--email", "LUC@aubin.example", "--name", "Luc")
		s.refuse(1, "", "court\n", "user", "add", "--email", "x@aubin.example", "--name", "X", "--password-stdin")
		for _, guessed := range []string{"ateliers aubin 2026", "yvonne kerbrat 29", "yvonne.kerbrat@aubin.example"} { // as on the page
			s.refuse(1, "name", guessed+"\n", "user", "add", "--email", "yvonne.kerbrat@aubin.example", "--name", "Yvonne Kerbrat", "--password-stdin")
		}
		list := s.do("", "user", "list")
		for _, want := range []string{"claire@aubin.example", "owner", "luc@aubin.example", "editor", "lina@aubin.example", "author"} {
			if !strings.Contains(list, want) {
				t.Errorf("the list has no %s:\n%s", want, list)
			}
		}
		s.refuse(1, "no one signs in as", "", "user", "reset-password", "absent@aubin.example")
		if out := s.do("un autre mot de passe\n", "user", "reset-password", "luc@aubin.example", "--password-stdin"); !strings.Contains(out, "all their sessions are closed") {
			t.Errorf("reset prints %q", out)
		}
		owners, theirs := lastLine(s.do("", "token", "create", "--scope", "read")), lastLine(s.do("", "token", "create", "--scope", "write", "--user", "lina@aubin.example"))
		if len(owners) < 30 || len(theirs) < 30 || owners == theirs || strings.Contains(owners, " ") {
			t.Errorf("tokens %q, %q", owners, theirs)
		}
	})
}

func TestABackupIsRestoredElsewhereAndNowhereElse(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		s.do(bonjour, "post", "-", "--publish")
		file := filepath.Join(t.TempDir(), "maison.zip")
		if out := s.do("", "backup", file); !strings.Contains(out, file) {
			t.Errorf("backup prints %q", out)
		}
		s.refuse(1, "", "", "backup", file) // it is there already
		s.refuse(1, "", "", "restore", file)

		empty := newShell(t)
		empty.do("", "restore", file)
		if list := empty.do("", "user", "list"); !strings.Contains(list, "claire@aubin.example") {
			t.Errorf("restored people: %q", list)
		}
		for _, view := range []string{"search", "timeline", "attribution", "all"} {
			empty.do("", "rebuild", view)
		}
		if out := empty.do("", "doctor"); strings.Contains(out, "wrong") {
			t.Errorf("the doctor of a restored house:\n%s", out)
		}
		truncated := filepath.Join(t.TempDir(), "coupee.zip")
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(truncated, whole[:len(whole)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		newShell(t).refuse(1, "", "", "restore", truncated)
	})
}

// The doctor reads only: a database that waits for its migrations is told so and left alone.
func TestTheDoctorMigratesNothing(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.data, "causerie.db")
	d, err := db.Open(t.Context(), db.Options{Path: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), schema.All()[:3]); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	s.refuse(1, "waits to be migrated", "", "doctor")
	if d, err = db.Open(t.Context(), db.Options{Path: file}); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := d.Version(t.Context()); n != 3 || err != nil {
		t.Errorf("schema %d after the doctor, want 3: %v", n, err)
	}
}

const wxr = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Atelier</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Le chêne</title><link>https://old.example/chene/</link><dc:creator>claire</dc:creator><content:encoded><![CDATA[<p>Du chêne.</p>]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date_gmt>2019-03-12 08:00:00</wp:post_date_gmt><wp:post_name>chene</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>`

func TestAWordPressExportIsTriedDryAndBroughtInOnce(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	file := filepath.Join(t.TempDir(), "export.xml")
	if err := os.WriteFile(file, []byte(wxr), 0o600); err != nil {
		t.Fatal(err)
	}
	posts := func() (n int) {
		a, err := app.Open(t.Context(), app.Config{Data: s.data})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		err = a.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			n, err = db.One(tx, qCountPosts, db.Scalar[int])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := posts()
	s.do("", "import", "wordpress", file, "--dry-run", "--no-files")
	if n := posts(); n != before {
		t.Errorf("a dry run made %d posts", n-before)
	}
	for range 2 {
		s.do("", "import", "wordpress", file, "--no-files")
		if n := posts(); n != before+1 {
			t.Errorf("%d posts, want %d", n, before+1)
		}
	}
	s.refuse(1, "n’existe pas", "", "import", "wordpress", filepath.Join(t.TempDir(), "absent.xml")) // the house speaks French
}

var qCountPosts = db.Q("test.posts", `SELECT COUNT(*) FROM posts WHERE status = 'published'`)

func TestTheServerServesUntilItIsTold(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		server := s.start("serve", "--listen", "127.0.0.1:0")
		server.waitFor("serving")
		address := server.match(`listen=(\S+)`)
		for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/app/sign-in": http.StatusOK, "/": http.StatusServiceUnavailable} {
			if got := fetchStatus(t, "http://"+address+path); got != want {
				t.Errorf("%s answers %d, want %d", path, got, want)
			}
		}
		if err := server.stop(); err != nil {
			t.Errorf("it stopped with %v", err)
		}
	})
}

func TestTheDemoShowsAHouseAndLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := newShell(t)
	demo := s.start("demo", "--listen", "127.0.0.1:0")
	demo.waitFor("step in:")
	base := demo.match(`Ateliers Aubin: (\S+)`)
	for _, path := range []string{"/", "/app/dev/", "/feed.xml"} {
		if got := fetchStatus(t, base+path); got != http.StatusOK {
			t.Errorf("%s answers %d", path, got)
		}
	}
	if err := demo.stop(); err != nil {
		t.Errorf("it stopped with %v", err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v: %v", left, err)
	}
}

// A bearer that the command line printed opens the API of the server beside it.
func TestATokenOpensTheAPI(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	bearer := lastLine(s.do("", "token", "create", "--scope", "read"))
	server := s.start("serve", "--listen", "127.0.0.1:0")
	server.waitFor("serving")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+server.match(`listen=(\S+)`)+"/api/v1/posts", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var page struct{ Items []struct{ Title string } }
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil || answer.StatusCode != http.StatusOK || len(page.Items) != 1 {
		t.Errorf("%d, %v: %v", answer.StatusCode, page, err)
	}
	if err := server.stop(); err != nil {
		t.Error(err)
	}
}
