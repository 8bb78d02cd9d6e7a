package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"causerie/internal/platform/i18n"
)

// asProgram, in the environment, makes the test program be the program itself, with these arguments: for tests that need a
// process of its own, to be another user or to be sent a signal.
const asProgram = "TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if line := os.Getenv(asProgram); line != "" {
		os.Args = append(os.Args[:1], strings.Fields(line)...)
		main()
	}
	os.Exit(m.Run())
}

// shell is somebody at a terminal, with a directory for one house.
type shell struct {
	t    *testing.T
	data string
	env  map[string]string

	hangUps chan os.Signal
}

func newShell(t *testing.T) *shell {
	return &shell{t: t, data: filepath.Join(t.TempDir(), "house"), env: map[string]string{}, hangUps: make(chan os.Signal)}
}

// said is what a command left behind.
type said struct {
	status      int
	out, errout string
}

// console is what the shell gives a command. CAUSERIE_DATA is its directory.
func (s *shell) console(ctx context.Context, in string, out, errout io.Writer) *console {
	env := maps.Clone(s.env)
	env["CAUSERIE_DATA"] = s.data
	return &console{ctx: ctx, in: strings.NewReader(in), out: out, err: errout, env: env, hangUps: s.hangUps, lang: i18n.En}
}

// try runs a command line with in on its standard input.
func (s *shell) try(in string, args ...string) said {
	s.t.Helper()
	var out, errout bytes.Buffer
	c := s.console(s.t.Context(), in, &out, &errout)
	err := c.run(args)
	if err != nil {
		errout.WriteString(sentence(err, c.lang))
	}
	return said{status(err), out.String(), errout.String()}
}

// do is try for a command that must be done; it returns what it printed.
func (s *shell) do(in string, args ...string) string {
	s.t.Helper()
	got := s.try(in, args...)
	if got.status != 0 {
		s.t.Fatalf("%s: status %d: %s", strings.Join(args, " "), got.status, got.errout)
	}
	return got.out
}

// refuse is try for a command that must be refused with a sentence that holds want.
func (s *shell) refuse(wantStatus int, want, in string, args ...string) {
	s.t.Helper()
	got := s.try(in, args...)
	if got.status != wantStatus || !strings.Contains(got.errout, want) {
		s.t.Errorf("%s: status %d, %q; want %d with %q", strings.Join(args, " "), got.status, got.errout, wantStatus, want)
	}
}

// setUp makes the house of Claire Aubin.
func (s *shell) setUp(more ...string) string {
	s.t.Helper()
	return s.do("copeaux de chêne\n", append([]string{"setup", "--house", "Ateliers Aubin", "--owner-name", "Claire Aubin",
		"--owner-email", "claire@aubin.example", "--password-stdin"}, more...)...)
}

// files lists what lies under the shell's directory.
func (s *shell) files() (all []string) {
	filepath.WalkDir(s.data, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, path)
		}
		return nil
	})
	return all
}

func TestTheStatusTellsARefusalFromAMistake(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.refuse(2, "", "", "no-such-command")
	s.refuse(2, "unknown flag", "", "serve", "--no-such-flag")
	s.refuse(2, "expected", "", "backup")
	s.refuse(2, "must be one of", "", "token", "create", "--scope", "everything")
	s.refuse(2, "can't be used together", "", "post", "-", "--publish", "--at", "2026-11-30T08:00")
	s.refuse(1, "--password-stdin", "", "setup", "--house", "A", "--owner-name", "B", "--owner-email", "b@a.example")
	for _, args := range [][]string{nil, {"--help"}, {"setup", "--help"}} {
		if out := s.do("", args...); !strings.Contains(out, "Usage: causerie") {
			t.Errorf("%v shows %q", args, out)
		}
	}
	if out := s.do("", "version"); !strings.HasPrefix(out, "causerie ") {
		t.Errorf("version prints %q", out)
	}
}

// commands holds arguments with which each command could do something, but for those that need no house.
var commands = map[string][]string{
	"import wordpress":    {"export.xml"},
	"import contacts":     {"clients.csv"},
	"post":                {"-"},
	"letter send":         {"-", "--voice", "claire", "--audience", "letter"},
	"user add":            {"--email", "luc@aubin.example", "--name", "Luc"},
	"user list":           nil,
	"user reset-password": {"claire@aubin.example"},
	"token create":        {"--scope", "read"},
	"backup":              {"FILE"},
	"move":                {"--to", "sqlite:"},
	"doctor":              nil,
	"rebuild":             {"all"},
}

// withoutHouse are the commands that need no house (design: command line), and serve, which offers to make one.
var withoutHouse = []string{"demo", "setup", "serve", "restore", "version"}

func TestEveryCommandRefusesWhereThereIsNoHouseAndMakesNone(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, leaf := range parser.Model.Leaves(true) {
		name := strings.TrimPrefix(leaf.FullPath(), parser.Model.Name+" ")
		if slices.Contains(withoutHouse, name) {
			continue
		}
		args, known := commands[name]
		if !known {
			t.Errorf("no arguments are known for %q: a new command is tried here too", name)
			continue
		}
		seen++
		s := newShell(t)
		line := slices.Concat(strings.Fields(name), args)
		for i := range line {
			if line[i] == "FILE" {
				line[i] = filepath.Join(t.TempDir(), "archive.zip")
			}
		}
		s.refuse(1, "there is no house here yet: run causerie setup", "", line...)
		if made := s.files(); len(made) > 0 {
			t.Errorf("%s made %v", name, made)
		}
	}
	if seen < len(commands) {
		t.Errorf("%d commands seen of %d", seen, len(commands))
	}
}

func TestAHouseIsMadeOnceAndSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.refuse(1, "identity", "copeaux de chêne\n", "setup", "--house", "A", "--owner-name", "B", "--owner-email", "b@a.example",
		"--password-stdin", "--identity", filepath.Join(t.TempDir(), "missing.json"))
	out := s.setUp()
	for _, want := range []string{"Ateliers Aubin is set up", "speaks as /claire", "Before it can go online it needs:", "publication_director"} {
		if !strings.Contains(out, want) {
			t.Errorf("setup prints %q, without %q", out, want)
		}
	}
	s.refuse(1, "", "autre mot de passe\n", "setup", "--house", "B", "--owner-name", "C", "--owner-email", "c@b.example", "--password-stdin")
}

func TestAnIdentityMakesAHousePublicAndAnUnknownPropertyIsSaid(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	file := filepath.Join(t.TempDir(), "identity.json")
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"setup", "--house", "Ateliers Aubin", "--owner-name", "Claire Aubin", "--owner-email", "claire@aubin.example",
		"--password-stdin", "--identity", file, "--public"}
	write(`{"adress": "12 quai de l'Odet"}`)
	s.refuse(1, `unknown field "adress"`, "copeaux de chêne\n", args...)
	write(`{"address": "12 quai de l'Odet, 29000 Quimper"}`)
	s.refuse(1, "phone", "copeaux de chêne\n", args...)
	write(`{"address": "12 quai de l'Odet, 29000 Quimper", "phone": "02 98 00 00 00", "publication_director": "Claire Aubin",
		"host_name": "Ouest", "host_address": "3 rue du Port, 35000 Rennes", "host_phone": "02 99 00 00 00"}`)
	if out := s.do("copeaux de chêne\n", args...); strings.Contains(out, "Before it can be public") {
		t.Errorf("setup prints %q", out)
	}
}

func TestAFlagWinsOverItsTwinInTheEnvironment(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	s.env["CAUSERIE_URL"] = "https://claire.example"
	if out := s.do("", "user", "reset-password", "claire@aubin.example"); !strings.Contains(out, "https://claire.example/app/reset?t=") {
		t.Errorf("with CAUSERIE_URL: %q", out)
	}
	if out := s.do("", "user", "reset-password", "claire@aubin.example", "--url", "https://aubin.example"); !strings.Contains(out, "https://aubin.example/app/reset?t=") {
		t.Errorf("with --url as well: %q", out)
	}
	for _, bad := range []string{"claire.example", "ftp://claire.example", "https://claire.example/blog", "https://claire.example/?a=b"} {
		s.refuse(1, "--url "+bad, "", "user", "list", "--url", bad)
	}
	s.refuse(1, "neither an address nor a network", "", "serve", "--trusted-proxies", "10.0.0.0/99")
	s.refuse(1, "needs --url https://", "", "serve", "--tls", "auto", "--url", "http://claire.example")
}

func TestACancelledCommandEnds(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.setUp()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errout bytes.Buffer
	if err := s.console(ctx, "", &out, &errout).run([]string{"user", "list"}); err == nil {
		t.Errorf("it went on: %q", out.String())
	}
}
