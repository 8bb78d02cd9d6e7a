package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

func TestAnAddressToListenOnIsRead(t *testing.T) {
	t.Parallel()
	for _, good := range []string{":8080", "127.0.0.1:0", "[::1]:8080", "localhost:65535", "0.0.0.0:80"} {
		if err := listenAddress("--listen", good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	s := newShell(t)
	for _, bad := range []string{"127.0.0.1:80a", "127.0.0.1", "8080", ":", ":-1", ":65536", "::1:8080x", "http://127.0.0.1:8080", "127.0.0.1:http", "a b:80"} {
		for _, command := range []string{"serve", "demo"} {
			s.refuse(1, "--listen "+bad+" is not an address to listen on", "", command, "--listen", bad)
		}
	}
	if made := s.files(); len(made) > 0 {
		t.Errorf("a refused serve made %v", made)
	}
}

// No piece of a password is printed, however the address that holds it is written, and wherever it is given.
func TestNoPasswordIsPrinted(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	for _, line := range [][]string{
		{"user", "list", "--database", "postgres://claire:s3/cr?et#w%rd@127.0.0.1:80a/causerie"},
		{"user", "list", "--database", "postgres://claire:s3cretw0rd@127.0.0.1:1/causerie?connect_timeout=2"},
		{"user", "list", "--database=host=127.0.0.1 password=s3cretw0rd"},
		{"move", "--to", "postgres://claire:s3/cretw0rd@127.0.0.1/causerie"},
		{"move", "--to", "mysql://claire:s3cretw0rd@127.0.0.1/causerie"},
		{"move", "--to", "sqlite://claire:s3c%retw0rd@127.0.0.1"},
		{"user", "list", "--url", "https://claire:s3cretw0rd@claire.example"},
		{"user", "list", "--url", "https://claire:s3c%retw0rd@claire.example"},
		{"serve", "--smtp", "smtp://claire:s3cretw0rd@127.0.0.1:80a"},
		{"serve", "--smtp", "smtp://claire:s3/cret?w0rd@127.0.0.1"},
		{"serve", "--imap", "imaps://claire:s3cretw0rd@127.0.0.1"},
		{"serve", "--smpt=smtp://claire:s3cretw0rd@127.0.0.1"},
		{"serve", "smtp://claire:s3cretw0rd@127.0.0.1"},
		{"serve", "--listen", "smtp://claire:s3cretw0rd@127.0.0.1"},
		{"serve", "--trusted-proxies", "smtp://claire:s3cretw0rd@127.0.0.1"},
		{"serve", "--tls", "smtp://claire:s3cretw0rd@127.0.0.1"},
		{"import", "wordpress", "https://claire:s3cretw0rd@127.0.0.1:1/export.xml"},
		{"import", "wordpress", "https://claire:s3c%retw0rd@127.0.0.1:1/export.xml"},
	} {
		got := s.try("", line...)
		if said := got.out + got.errout; got.status == 0 || strings.Contains(said, "s3") || strings.Contains(said, "w0rd") {
			t.Errorf("%v: %d\n%s", line, got.status, said)
		}
	}
}

func TestAMisspeltVariableIsTold(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.env["CAUSERIE_TRUSTED_PROXYS"], s.env["CAUSERIE_PORT"], s.env["CAUSERIE_URL"] = "127.0.0.1", "80", "https://claire.example"
	got := s.try("", "version")
	for _, want := range []string{"CAUSERIE_TRUSTED_PROXYS in the environment stands for no option and is ignored: is it CAUSERIE_TRUSTED_PROXIES?", "CAUSERIE_PORT in the environment stands for no option"} {
		if !strings.Contains(got.errout, want) {
			t.Errorf("not told: %s\n%s", want, got.errout)
		}
	}
	if strings.Contains(got.errout, "CAUSERIE_URL in") || strings.Contains(got.errout, "CAUSERIE_DATA in") {
		t.Errorf("told of what is right: %s", got.errout)
	}
	if env := ours([]string{"PATH=/bin", "CAUSERIE_URL=https://a.example/?b=c"}); len(env) != 1 || env["CAUSERIE_URL"] != "https://a.example/?b=c" {
		t.Errorf("%v", env)
	}
}

func TestTheVersionSaysItsCommitAndItsDay(t *testing.T) {
	t.Parallel()
	set := func(pairs ...string) (all []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	git := set("vcs.revision", "5b65b9fdeadbeef0123456789", "vcs.time", "2026-11-26T05:20:00Z", "vcs.modified", "true")
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v0.0.0-20261126052000-5b65b9fdeadb+dirty", git, "commit 5b65b9fdeadb of 2026-11-26 with changes"},
		{"(devel)", git[:2], "commit 5b65b9fdeadb of 2026-11-26"},
		{"v1.4.2", git[:2], "v1.4.2 commit 5b65b9fdeadb of 2026-11-26"},
		{"v1.4.3-0.20261126052000-5b65b9fdeadb", git[:2], "commit 5b65b9fdeadb of 2026-11-26"},
		{"v1.4.2", nil, "v1.4.2"},
		{"(devel)", nil, "of an unknown commit (built outside of git, or by go run)"},
	} {
		info := &debug.BuildInfo{Settings: c.settings}
		info.Main.Version = c.version
		if got := versionOf(info); got != c.want {
			t.Errorf("%s: %q, want %q", c.version, got, c.want)
		}
	}
}

var faults = regexp.MustCompile(`fault\.(Conflict|NotFound|Gone|Unavailable|Forbidden|Unauthenticated|TooMany|TooLarge)\((?:"([a-z_.]+)")?`)

// Whatever is refused, the command line says it in words, and not by the code that programs read.
func TestEveryRefusalIsASentence(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir(filepath.Join("..", "..", "internal"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/fault/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range faults.FindAllStringSubmatch(string(text), -1) {
			refusal := map[string]func() error{
				"Conflict": func() error { return fault.Conflict(m[2], 1, 2, 3) }, "NotFound": func() error { return fault.NotFound(m[2]) },
				"Gone": func() error { return fault.Gone(m[2]) }, "Unavailable": func() error { return fault.Unavailable(m[2], nil) },
				"Forbidden": func() error { return fault.Forbidden() }, "Unauthenticated": func() error { return fault.Unauthenticated() },
				"TooMany": func() error { return fault.TooMany(3) }, "TooLarge": func() error { return fault.TooLarge(3) },
			}[m[1]]()
			code := refusal.(*fault.Error).Code
			if said := sentence(fmt.Errorf("somewhere: %w", refusal), i18n.En); strings.Contains(said, code) && strings.ContainsAny(code, "._") || !strings.Contains(said, " ") {
				t.Errorf("%s is said %q", code, said)
			}
			seen++
		}
		return nil
	})
	if err != nil || seen < 80 {
		t.Errorf("%d refusals were found: %v", seen, err)
	}
	s := newShell(t)
	s.setUp()
	s.refuse(1, "no voice is called personne; there are: claire", bonjour, "post", "-", "--voice", "personne")
	s.refuse(1, "no voice is called personne", "", "user", "add", "--email", "a@b.example", "--name", "A", "--voice", "personne")
	s.refuse(1, "aucune voix ne s’appelle personne\u202f; il y a\u00a0: claire", "", "import", "wordpress", "x.xml", "--voice", "personne")
	s.refuse(1, "no one signs in as a@b.example", "", "token", "create", "--scope", "read", "--user", "a@b.example")
	s.refuse(1, "est un dossier", "", "import", "wordpress", t.TempDir())
	s.refuse(1, "no one signs in as a@b.example", "", "user", "reset-password", "a@b.example")
}

// A refusal leaves nothing behind, whatever it is about.
func TestARefusedPostLeavesNoDraft(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	before := s.tables()["tables/posts.jsonl"]
	s.refuse(1, "already passed", bonjour, "post", "-", "--at", "2001-01-01T08:00")
	s.refuse(1, "--at", bonjour, "post", "-", "--at", "demain")
	s.refuse(1, "title", "Sans titre.", "post", "-", "--publish")
	s.refuse(1, "", "---\ntitle: A\nkind: roman\n---\nB.", "post", "-", "--publish")
	if after := s.tables()["tables/posts.jsonl"]; after != before {
		t.Errorf("it left\n%s", after)
	}
}

// What serve was given is what links say later, also on the command line.
func TestACommandRemembersTheAddressThatWasServed(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		reset := func() said { return s.try("", "user", "reset-password", "claire@aubin.example") }
		if got := reset(); !strings.Contains(got.out, "http://localhost:8080/app/reset") || !strings.Contains(got.errout, "only works on this machine or network") {
			t.Errorf("before it was served: %+v", got)
		}
		for _, args := range [][]string{{"--url", "https://claire.example"}, nil} { // a server that is given none forgets none
			server := s.start(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
			server.waitFor("msg=serving")
			if err := server.stop(); err != nil {
				t.Fatal(err)
			}
			if got := reset(); !strings.Contains(got.out, "https://claire.example/app/reset") || got.errout != "" {
				t.Errorf("after serve %v: %+v", args, got)
			}
		}
		if out := s.do("", "doctor"); !strings.Contains(out, "https://claire.example") {
			t.Errorf("the doctor says\n%s", out)
		}
		if out := s.do(bonjour, "post", "-", "--publish"); !strings.Contains(out, "https://claire.example/delais") {
			t.Errorf("post says %q", out)
		}
	})
}

func TestServeSaysWhoCanComeInAndHearsAHangUp(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	server := s.start("serve", "--listen", ":0")
	server.waitFor("msg=serving")
	if said := server.said.String(); !strings.Contains(said, "over plain http") {
		t.Errorf("it says\n%s", said)
	}
	s.hangUps <- syscall.SIGHUP
	server.waitFor("SIGHUP changes nothing")
	if err := server.stop(); err != nil {
		t.Error(err)
	}
	quiet := s.start("serve", "--listen", "127.0.0.1:0", "--url", "https://claire.example")
	quiet.waitFor("msg=serving")
	if said := quiet.said.String(); strings.Contains(said, "level=WARN") {
		t.Errorf("it warns:\n%s", said)
	}
	if err := quiet.stop(); err != nil {
		t.Error(err)
	}
}

// A port that is for root says what to do.
func TestAPortThatIsNotForUsSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s.refuse(1, "another program does", "", "serve", "--listen", other.Addr().String())
	if os.Getuid() == 0 {
		return // it may
	}
	s.refuse(1, "CAP_NET_BIND_SERVICE", "", "serve", "--listen", "127.0.0.1:1")
}

// Every signal that ends the demo leaves nothing of it.
func TestWhateverEndsTheDemoLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGPIPE} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			demo := exec.CommandContext(t.Context(), os.Args[0])
			demo.Env = []string{asProgram + "=demo --listen 127.0.0.1:0", "TMPDIR=" + dir}
			out, err := demo.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := demo.Start(); err != nil {
				t.Fatal(err)
			}
			said := make([]byte, len("Preparing"))
			if _, err := out.Read(said); err != nil || string(said) != "Preparing" {
				t.Fatalf("%q, %v", said, err)
			}
			if sig == syscall.SIGPIPE {
				out.Close() // nobody reads any more; then it is asked to end
				sig = syscall.SIGINT
			}
			if err := demo.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if err := demo.Wait(); err != nil && !errors.Is(err, fs.ErrClosed) {
				if e, ok := errors.AsType[*exec.ExitError](err); !ok || !e.Exited() {
					t.Errorf("it ended with %v", err)
				}
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("it left %v, %v", left, err)
			}
		})
	}
}

// Clients that send half of what they began, or take nothing of what they asked for, keep nobody from stopping.
func TestASlowClientDoesNotKeepTheServerFromStopping(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	server := s.start("serve", "--listen", "127.0.0.1:0")
	server.waitFor("msg=serving")
	address := server.match(`listen=(127\S+) url`)
	for _, begun := range []string{
		"", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n", "POST /app/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail=",
		"POST /app/sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", strings.Repeat("GET /app/sign-in HTTP/1.1\r\nHost: a\r\n\r\n", 2000),
	} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		go c.Write([]byte(begun)) // it ends with the connection
	}
	if got := fetchStatus(t, "http://"+address+"/healthz"); got != 200 {
		t.Errorf("healthz answers %d", got)
	}
	asked := time.Now()
	if err := server.stop(); err != nil {
		t.Errorf("it stopped with %v", err)
	}
	if took := time.Since(asked); took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
}
