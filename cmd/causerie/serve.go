package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"causerie/internal/app"
)

type serveCmd struct {
	place
	Listen         string   `default:":8080" placeholder:"ADDR" help:"Where to listen."`
	TLS            string   `default:"off" enum:"off,auto" help:"auto: get certificates for --url by itself (ports 80 and 443)."`
	TrustedProxies []string `placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
	IMAP           string   `hidden:"" placeholder:"URL" help:"The mailbox that answers come back to."`
	MetricsToken   string   `placeholder:"TOKEN" help:"A bearer that may read /metrics from elsewhere."`
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
		return fmt.Errorf("--imap is not there yet: answers by mail arrive in the mailbox they are sent from")
	}
	if s.TLS == "auto" && s.Listen == ":8080" {
		s.Listen = ":443"
	}
	config.Listen, config.TLS, config.MetricsToken = s.Listen, s.TLS, s.MetricsToken
	tuneMemory()
	a, err := app.Open(c.ctx, config)
	if err != nil {
		return err
	}
	defer a.Close()
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
	fmt.Fprintln(c.out, "causerie", version())
	return nil
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			v += " " + s.Value[:12]
		}
	}
	return v
}
