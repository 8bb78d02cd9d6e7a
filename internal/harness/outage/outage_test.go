package outage

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/app"
	"causerie/internal/core/house"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/post"
)

const script = "../../../scripts/postgres.sh"

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestAStoppedPostgreSQLLeavesThePagesAlreadySeenUpAndTellsTheOperator(t *testing.T) {
	if os.Getenv("CAUSERIE_TEST_POSTGRES") == "" {
		t.Skip("PostgreSQL is not asked for: `make test` sets CAUSERIE_TEST_POSTGRES")
	}
	dir, err := os.MkdirTemp("", "causerie-outage-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	server := func(verb string) string {
		t.Helper()
		out, err := exec.Command(script, verb, dir).Output()
		if err != nil {
			t.Fatalf("postgres %s: %v", verb, err)
		}
		return strings.TrimSpace(string(out))
	}
	address := server("start")
	defer exec.Command(script, "stop", dir).Run()

	log := &lines{}
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Database: address, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	made, err := a.Begin.Begin(t.Context(), begin.Input{House: "Ateliers Aubin", OwnerName: "Claire Aubin", OwnerEmail: "claire@aubin.example",
		Password: "une phrase assez longue", Country: "BE", Identity: house.Identity{Address: "1 rue", ContactEmail: "claire@aubin.example"}, Public: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"Déjà lu", "Jamais lu"} {
		p, err := a.Posts.Create(t.Context(), made.Owner.Actor(), post.Input{Voice: made.Voice.ID, Kind: "article", Title: title, Body: "Un délai tenu."})
		if err == nil {
			_, err = a.Posts.Publish(t.Context(), made.Owner.Actor(), p.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Live.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	polling, stop := context.WithCancel(t.Context())
	var poll sync.WaitGroup
	poll.Go(func() { a.Live.Run(polling) })
	defer poll.Wait()
	defer stop()
	site := httptest.NewServer(a.Handler)
	defer site.Close()
	get := func(path string) (int, string) {
		t.Helper()
		resp, err := http.Get(site.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if status, page := get("/deja-lu"); status != 200 {
		t.Fatalf("before: %d %s", status, page)
	}

	server("stop")
	waitFor(t, "the database to be gone", func() bool { status, _ := get("/readyz"); return status == 503 })
	for path, want := range map[string]int{"/deja-lu": 200, "/jamais-lu": 503, "/healthz": 200} {
		if status, page := get(path); status != want {
			t.Errorf("%s while PostgreSQL is stopped: %d, want %d\n%s", path, status, want, page)
		}
	}
	resp, err := http.PostForm(site.URL+"/deja-lu/comments", map[string][]string{"name": {"Hélène"}, "email": {"helene@morvan.example"}, "body": {"Une date sûre, sans hésiter."}})
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 503 || !strings.Contains(string(page), "Une date sûre, sans hésiter.") {
		t.Errorf("a comment while PostgreSQL is stopped: %d, and what was typed is lost: %s", resp.StatusCode, page)
	}
	if said := log.String(); !strings.Contains(said, "database_unavailable") || !strings.Contains(said, "start the database again") {
		t.Errorf("the operator reads:\n%s", said)
	}

	again := server("start")
	if again == address {
		waitFor(t, "the house to be back", func() bool { status, _ := get("/jamais-lu"); return status == 200 })
	}
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
