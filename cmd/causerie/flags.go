package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"causerie/internal/app"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// place says where a house is.
type place struct {
	Data     string `default:"./causerie-data" placeholder:"DIR" help:"The directory of the house (./causerie-data)."`
	Database string `placeholder:"URL" help:"postgres://user:pass@host/name instead of SQLite in the directory."`
	URL      string `placeholder:"URL" help:"The public address, https://claire.example: what links and mails say."`
	SMTP     string `placeholder:"URL" help:"smtp://user:pass@host:587?tls=starttls|off or smtps://: the mail relay."`
	Secret   string `hidden:"" help:"What seals secrets, instead of DIR/secret.key."`
	Log      string `default:"info" enum:"debug,info,warn,error" help:"How much is said on standard error (debug, info, warn, error)."`
}

func (p place) config(c *console) (app.Config, error) {
	var level slog.Level
	level.UnmarshalText([]byte(p.Log)) // the parser let only known words through
	address, err := publicURL(p.URL)
	return app.Config{
		Data: p.Data, Database: p.Database, Secret: p.Secret, URL: address, SMTP: p.SMTP, Version: version(),
		Log: slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: level})),
	}, err
}

// open opens the house for one command, and refuses where there is none.
func (p place) open(c *console) (*app.App, error) {
	return p.openWith(c, func(config *app.Config) { config.Existing = true })
}

// openEmpty opens what may not hold a house yet, making the database when it is missing.
func (p place) openEmpty(c *console) (*app.App, error) {
	return p.openWith(c, func(*app.Config) {})
}

func (p place) openWith(c *console, change func(*app.Config)) (*app.App, error) {
	config, err := p.config(c)
	if err != nil {
		return nil, err
	}
	change(&config)
	if p.Log == "info" { // a command's own words are enough
		config.Log = slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	return app.Open(c.ctx, config)
}

// environment lets CAUSERIE_TRUSTED_PROXIES stand for --trusted-proxies, and so on for every flag.
func environment(env func(string) (string, bool)) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v, ok := env("CAUSERIE_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))); ok && v != "" {
			return v, nil
		}
		return nil, nil
	})
}

func publicURL(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("--url %s is not an address like https://claire.example", s)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("--url %s: a house stands at the root of its domain", s)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func prefixes(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %s is neither an address nor a network like 10.0.0.0/8", s)
		}
		all = append(all, p)
	}
	return all, nil
}

// sentence says what went wrong to an operator: the catalogs' English for a fault, the error itself otherwise.
func sentence(err error) string {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	catalog, failed := app.Catalog()
	if failed != nil {
		return err.Error()
	}
	var parts []string
	if key := "fault." + e.Code; catalog.Has(i18n.En, key) {
		parts = append(parts, catalog.T(i18n.En, key, e.Args...))
	} else if len(e.Problems) == 0 {
		parts = append(parts, e.Error())
	}
	for _, p := range e.Problems {
		parts = append(parts, p.Field+": "+web.ProblemText(catalog, i18n.En, p))
	}
	if cause := errors.Unwrap(e); cause != nil {
		parts = append(parts, "("+cause.Error()+")")
	}
	return strings.Join(parts, " ")
}
