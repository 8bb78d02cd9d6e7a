package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"causerie/internal/app"
)

type serveCmd struct {
	place
	Listen         string   `default:":8080" placeholder:"ADDR" help:"Where to listen."`
	TLS            string   `default:"off" enum:"off,auto" help:"auto: get certificates for --url automatically (ports 80 and 443)."`
	TrustedProxies []string `placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
	IMAP           string   `hidden:"" placeholder:"URL" help:"The mailbox that replies come back to."`
	MetricsToken   string   `placeholder:"TOKEN" help:"A token that can read /metrics from elsewhere, and behind a proxy."`
}

func (s serveCmd) Run(c *console) error {
	config, err := s.place.config(c)
	if err != nil {
		return err
	}
	if config.Trusted, err = prefixes(s.TrustedProxies); err != nil {
		return err
	}
	if s.TLS == "auto" && (config.URL == nil || config.URL.Scheme != "https") {
		return fmt.Errorf("--tls auto needs --url https://...: certificates are made for that name")
	}
	if s.IMAP != "" {
		return fmt.Errorf("--imap is not available yet: e-mail replies arrive in the mailbox they are sent from")
	}
	if s.TLS == "auto" && s.Listen == ":8080" {
		s.Listen = ":443"
	}
	if err := listenAddress("--listen", s.Listen); err != nil {
		return err
	}
	config.Listen, config.TLS, config.MetricsToken = s.Listen, s.TLS, s.MetricsToken
	tuneMemory()
	outlive()
	a, err := app.Open(c.ctx, config)
	if err != nil {
		return err
	}
	defer a.Close()
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	go func() {
		for {
			select {
			case <-c.hangUps:
				config.Log.Info("SIGHUP changes nothing: the log goes to standard error, certificates are renewed without it; SIGTERM stops the server")
			case <-ctx.Done():
				return
			}
		}
	}()
	return a.Run(c.ctx, nil)
}

// tuneMemory trades memory that is there for processor time. A server lives on a small heap, and collecting it each
// time it doubles is a fifth of what a page from memory costs; letting it grow five times gives that back (measured: 0.28 to
// 0.36 of nginx). The soft limit brings the collector back long before that matters to the machine. GOGC and GOMEMLIMIT
// in the environment win.
func tuneMemory() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(400)
	}
	if _, set := os.LookupEnv("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(160 << 20)
	}
}

type versionCmd struct{}

func (versionCmd) Run(c *console) error {
	fmt.Fprintf(c.out, "causerie %s\n%s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// version is what the build knows of itself: its name when it has one, the commit that it was built from and the day of that.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return versionOf(info)
}

// unnamed is a version that the go tool made up of a commit and its time, which are said anyway.
var unnamed = regexp.MustCompile(`[-.][0-9]{14}-[0-9a-f]{12}(\+dirty)?$`)

func versionOf(info *debug.BuildInfo) string {
	built := map[string]string{}
	for _, s := range info.Settings {
		built[s.Key] = s.Value
	}
	var said []string
	if v := info.Main.Version; v != "" && v != "(devel)" && !unnamed.MatchString(v) {
		said = append(said, v)
	}
	commit := built["vcs.revision"]
	if commit == "" && len(said) == 0 {
		said = append(said, "of an unknown commit (built outside of git, or by go run)")
	}
	if commit != "" {
		said = append(said, "commit "+commit[:min(12, len(commit))])
	}
	if at, err := time.Parse(time.RFC3339, built["vcs.time"]); err == nil {
		said = append(said, "of "+at.UTC().Format("2006-01-02"))
	}
	if built["vcs.modified"] == "true" {
		said = append(said, "with changes")
	}
	return strings.Join(said, " ")
}
