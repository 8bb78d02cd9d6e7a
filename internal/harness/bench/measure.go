package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type bench struct {
	dir, binary, data, database string
	talked, article, session    string
	seconds                     int
	unset                       bool // texts are still to be set when the program starts
	address                     string
	smtp                        string // the server that takes its mail, "" for none
}

func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	}
	return nil
}

func (b *bench) measure(ctx context.Context) error {
	server, started, err := b.serve(true)
	if err != nil {
		return err
	}
	defer end(server)
	time.Sleep(3 * time.Second) // what the start stirred up settles; nothing is concluded from this wait
	fmt.Printf("| start to first 200 | %d ms | under 300 |\n", started.Milliseconds())
	fmt.Printf("| resident memory, idle | %d MB | under 80 |\n", memory(server.Process.Pid))

	yard, files, err := b.nginx(ctx)
	if err != nil {
		return err
	}
	defer end(yard)
	fmt.Printf("\n| page | bytes | causerie req/CPU-s | nginx req/CPU-s | ratio (at least 0.35) | p99 ms (under 5) |\n|---|---|---|---|---|---|\n")
	for _, page := range []string{b.article, "/", "/feed.xml"} {
		file := files[page]
		one := b.load(yard, "http://"+b.yardAddress()+"/"+file, 32, "")
		ours := b.load(server, "http://"+b.address+page, 32, "")
		two := b.load(yard, "http://"+b.yardAddress()+"/"+file, 32, "")
		if ours.err != nil || one.err != nil || two.err != nil {
			return errors.Join(ours.err, one.err, two.err)
		}
		floor := (one.perCPU + two.perCPU) / 2
		fmt.Printf("| %s | %d | %.0f | %.0f | %.2f | %.2f |\n", page, ours.bytes, ours.perCPU, floor, ours.perCPU/floor, ours.p99)
	}
	busy := b.load(server, "http://"+b.address+b.article, 256, "")
	fmt.Printf("\n| resident memory under 256 connections | %d MB | under 200 |\n", busy.memory)

	// A session steps past the cache: the public page is rendered each time. A stranger would be held back (web.Visitors).
	cold := b.load(server, "http://"+b.address+b.talked, 4, "Cookie: causerie_session="+b.session)
	if cold.err != nil {
		return cold.err
	}
	fmt.Printf("| uncached article with 50 comments | %.2f ms of processor | under 3 |\n", 1000/cold.perCPU)
	for _, page := range []string{"/app/", "/app/inbox", "/app/inbox?state=held", "/app/contacts", "/app/contacts?q=lecteur", "/app/mandates", "/app/posts"} {
		p50, p99, err := b.latency(page, 60)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | p50 %.1f ms, p99 %.1f ms | under 50 |\n", page, p50, p99)
	}
	return nil
}

// serve starts the program pinned to the first core and returns how long its first 200 took.
func (b *bench) serve(pinned bool) (*exec.Cmd, time.Duration, error) {
	b.address = free()
	args := []string{b.binary, "serve", "--data", b.data, "--listen", b.address, "--url", "http://" + b.address, "--log", "warn"}
	if b.database != "" {
		args = append(args, "--database", b.database)
	}
	if b.smtp != "" {
		args = append(args, "--smtp", b.smtp)
	}
	if pinned {
		args = append([]string{"taskset", "-c", "0"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	for time.Since(began) < 20*time.Second {
		resp, err := http.Get("http://" + b.address + b.article)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return cmd, time.Since(began), nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	end(cmd)
	return nil, 0, errors.New("the program did not answer within 20 s")
}

var yardPort string

func (b *bench) yardAddress() string { return yardPort }

// nginx serves the very bytes of our pages, pinned to the same core.
func (b *bench) nginx(ctx context.Context) (*exec.Cmd, map[string]string, error) {
	www := filepath.Join(b.dir, "www")
	if err := os.MkdirAll(www, 0o755); err != nil {
		return nil, nil, err
	}
	os.Chmod(b.dir, 0o755)
	files := map[string]string{}
	for i, page := range []string{b.article, "/", "/feed.xml"} {
		resp, err := http.Get("http://" + b.address + page)
		if err != nil {
			return nil, nil, err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return nil, nil, err
		}
		files[page] = fmt.Sprintf("page%d.html", i)
		if err := os.WriteFile(filepath.Join(www, files[page]), body, 0o644); err != nil {
			return nil, nil, err
		}
	}
	yardPort = free()
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/nginx.pid; error_log %[1]s/err.log warn;
events { worker_connections 4096; }
http { include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000;
 open_file_cache max=1000 inactive=60s; client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
 server { listen %[2]s backlog=4096; root %[3]s; } }`, b.dir, yardPort, www)
	file := filepath.Join(b.dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o644); err != nil {
		return nil, nil, err
	}
	cmd := exec.Command("taskset", "-c", "0", "nginx", "-c", file)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	for range 2000 {
		if c, err := net.Dial("tcp", yardPort); err == nil {
			c.Close()
			return cmd, files, nil
		}
		time.Sleep(time.Millisecond)
	}
	end(cmd)
	return nil, nil, errors.New("nginx did not start")
}

type reading struct {
	perCPU, p99 float64
	bytes       int
	memory      int
	err         error
}

var (
	requests = regexp.MustCompile(`(\d+) requests in`)
	centile  = regexp.MustCompile(`99%\s+([\d.]+)(us|ms|s)`)
	failures = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)`)
)

// load asks for one address again and again from the second core.
func (b *bench) load(server *exec.Cmd, url string, connections int, header string) (r reading) {
	args := []string{"-c", "1", "wrk", "-t1", "-c" + strconv.Itoa(connections), "--latency", "-H", "User-Agent: Mozilla/5.0 (bench)"}
	if header != "" {
		args = append(args, "-H", header)
	}
	if err := command("taskset", append(args, "-d1s", url)...); err != nil {
		return reading{err: err}
	}
	before := processor(server.Process.Pid)
	out, err := exec.Command("taskset", append(args, fmt.Sprintf("-d%ds", b.seconds), url)...).Output()
	if err != nil {
		return reading{err: err}
	}
	used := processor(server.Process.Pid) - before
	if f := failures.FindString(string(out)); f != "" {
		return reading{err: fmt.Errorf("%s: %s", url, f)}
	}
	m := requests.FindStringSubmatch(string(out))
	p := centile.FindStringSubmatch(string(out))
	if m == nil || p == nil {
		return reading{err: fmt.Errorf("wrk said: %s", out)}
	}
	n, _ := strconv.ParseFloat(m[1], 64)
	r.p99, _ = strconv.ParseFloat(p[1], 64)
	switch p[2] {
	case "us":
		r.p99 /= 1000
	case "s":
		r.p99 *= 1000
	}
	r.perCPU, r.memory = n/used, memory(server.Process.Pid)
	if resp, err := http.Get(url); err == nil {
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		r.bytes = len(body)
	}
	return r
}

// latency asks for a page of the work side n times, one after the other.
func (b *bench) latency(page string, n int) (p50, p99 float64, err error) {
	var took []float64
	for range n {
		req, err := http.NewRequest("GET", "http://"+b.address+page, nil)
		if err != nil {
			return 0, 0, err
		}
		req.AddCookie(&http.Cookie{Name: "causerie_session", Value: b.session})
		began := time.Now()
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return 0, 0, err
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return 0, 0, fmt.Errorf("%s answers %s", page, resp.Status)
		}
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	slices.Sort(took)
	return took[n/2], took[n*99/100], nil
}

func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:18080"
	}
	defer l.Close()
	return l.Addr().String()
}

func end(cmd *exec.Cmd) {
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
}

// tree returns pid and its children (nginx has a worker).
func tree(pid int) []int {
	all := []int{pid}
	out, _ := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
	for _, f := range strings.Fields(string(out)) {
		child, _ := strconv.Atoi(f)
		all = append(all, tree(child)...)
	}
	return all
}

// processor returns the seconds of processor that a process and its children have used.
func processor(pid int) (seconds float64) {
	for _, p := range tree(pid) {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		seconds += (user + system) / 100 // USER_HZ
	}
	return seconds
}

// memory returns the resident megabytes of a process and its children.
func memory(pid int) (mb int) {
	for _, p := range tree(pid) {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p))
		for line := range strings.Lines(string(raw)) {
			if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kb, _ := strconv.Atoi(strings.Fields(v)[0])
				mb += kb / 1024
			}
		}
	}
	return mb
}
