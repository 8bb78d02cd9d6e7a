package kill

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

// house is a real causerie process that can be killed and started again on the same data.
type house struct {
	t       *testing.T
	binary  string
	args    []string // of every command: where the house is
	address string
	smtp    string
	token   string
	cmd     *exec.Cmd
	log     bytes.Buffer
	client  http.Client
}

var building struct {
	once   sync.Once
	binary string
	err    error
}

// TestMain removes what build built.
func TestMain(m *testing.M) {
	code := m.Run()
	if building.binary != "" {
		os.RemoveAll(filepath.Dir(building.binary))
	}
	os.Exit(code)
}

// build builds the program, once for all tests.
func build(t *testing.T) string {
	t.Helper()
	building.once.Do(func() {
		dir, err := os.MkdirTemp("", "causerie-kill")
		if err != nil {
			building.err = err
			return
		}
		building.binary = filepath.Join(dir, "causerie")
		if out, err := exec.Command("go", "build", "-o", building.binary, "causerie/cmd/causerie").CombinedOutput(); err != nil {
			building.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if building.err != nil {
		t.Fatal(building.err)
	}
	return building.binary
}

func newHouse(t *testing.T, binary string, engine db.Engine, smtp string) *house {
	t.Helper()
	h := &house{t: t, binary: binary, smtp: smtp, client: http.Client{
		Timeout:       time.Minute, // a process that is killed answers at once, by hanging up
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	h.args = []string{"--data", t.TempDir()}
	if engine == db.Postgres {
		h.args = append(h.args, "--database", dbtest.Options(t, db.Postgres, nil).URL)
	}
	identity := filepath.Join(t.TempDir(), "identity.json")
	err := os.WriteFile(identity, []byte(`{"address":"1 quai","phone":"01 99 00 00 00","publication_director":"C","host_name":"H","host_address":"A","host_phone":"T","contact_email":"claire@aubin.example"}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	h.run("une phrase assez longue\n", "setup", "--house", "Ateliers Aubin", "--owner-name", "Claire Aubin", "--owner-email", "claire@aubin.example",
		"--password-stdin", "--identity", identity, "--public")
	lines := strings.Split(strings.TrimSpace(h.run("", "token", "create", "--scope", "write")), "\n")
	h.token = lines[len(lines)-1]
	h.address = freeAddress(t) // the same port at each start, as a service has
	t.Cleanup(h.kill)
	return h
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (h *house) run(stdin string, args ...string) string {
	h.t.Helper()
	cmd := exec.Command(h.binary, append(args, h.args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("causerie %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// doctor returns what the house finds wrong with itself: a dead job is named there.
func (h *house) doctor() string {
	out, _ := exec.Command(h.binary, append([]string{"doctor"}, h.args...)...).CombinedOutput() // it ends badly when it finds something
	return string(out)
}

// start serves the house and returns when it is ready.
func (h *house) start() {
	h.t.Helper()
	h.log.Reset()
	h.cmd = exec.Command(h.binary, append([]string{"serve", "--listen", h.address, "--url", "http://" + h.address, "--smtp", h.smtp}, h.args...)...)
	stderr, err := h.cmd.StderrPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	serving := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "msg=serving") {
				serving <- true
			}
			h.log.WriteString(lines.Text() + "\n")
		}
		close(serving)
	}()
	if !<-serving {
		h.t.Fatalf("the house did not start again:\n%s", h.log.String())
	}
}

// kill ends the process as a power cut does.
func (h *house) kill() {
	if h.cmd != nil && h.cmd.Process != nil {
		h.cmd.Process.Kill()
		h.cmd.Wait()
		h.cmd = nil
	}
}

// api calls the JSON API; status 0 means that the process died on the way.
func (h *house) api(method, path string, body any) (status int, answer map[string]any) {
	var b []byte
	if body != nil {
		b, _ = json.Marshal(body)
	}
	req, err := http.NewRequest(method, "http://"+h.address+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		return 0, nil
	}
	req.Header.Set("Authorization", "Bearer "+h.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := h.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	if len(raw) > 0 && json.Unmarshal(raw, &answer) != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}

// all walks a list of the API to its end.
func (h *house) all(path string) (items []map[string]any) {
	h.t.Helper()
	cursor := ""
	for {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		status, page := h.api("GET", fmt.Sprintf("%s%slimit=100&cursor=%s", path, separator, cursor), nil)
		if status != 200 {
			h.t.Fatalf("GET %s: %d %v", path, status, page)
		}
		for _, item := range page["items"].([]any) {
			items = append(items, item.(map[string]any))
		}
		next, _ := page["next_cursor"].(string)
		if next == "" {
			return items
		}
		cursor = next
	}
}
