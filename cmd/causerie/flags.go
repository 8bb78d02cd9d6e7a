package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"causerie/internal/app"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
)

// place says where a house is.
type place struct {
	Data     string `default:"./causerie-data" placeholder:"DIR" help:"The directory of the house (./causerie-data)."`
	Database string `placeholder:"URL" help:"postgres://user:pass@host/name instead of SQLite in the directory."`
	URL      string `placeholder:"URL" help:"The public address, https://claire.example: used in links and e-mails."`
	SMTP     string `placeholder:"URL" help:"smtp://user:pass@host:587?tls=starttls|off or smtps://: the mail server."`
	Secret   string `hidden:"" help:"The key that seals secrets, instead of DIR/secret.key."`
	Log      string `default:"info" enum:"debug,info,warn,error" help:"How much to log on standard error (debug, info, warn, error)."`
}

func (p place) config(c *console) (app.Config, error) {
	var level slog.Level
	level.UnmarshalText([]byte(p.Log)) // the parser let only known words through
	address, err := publicURL(p.URL)
	if err == nil && p.Data == "" {
		err = errors.New("--data is the directory of the house: it cannot be empty")
	}
	if _, bad := mail.ParseRelay(p.SMTP); err == nil && p.SMTP != "" && bad != nil {
		err = errors.New("--smtp is not the address of a mail server, smtp://user:password@host:587 or smtps://user:password@host:465 " +
			"(in the name and the password @ is written %40, : %3A, / %2F)") // and is not quoted: it holds a password
	}
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

func publicURL(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || badPort(u.Port()) && u.Port() != "" {
		return nil, fmt.Errorf("--url %s is not an address like https://claire.example", discreet(s))
	}
	if u.User != nil {
		return nil, errors.New("--url is public: it cannot contain a name or a password")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("--url %s: a house must be at the root of its domain", s)
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

// listenAddress reads host:port; the host may be empty, which is every address of the machine.
func listenAddress(flag, s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil || badPort(port) || strings.ContainsAny(host, "/@ ") {
		return fmt.Errorf("%s %s is not an address to listen on, like 127.0.0.1:8080, [::1]:8080 or :8080 (a port from 0 to 65535)", flag, discreet(s))
	}
	return nil
}

func badPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err != nil
}

// credentials are a name and a password inside an address, and what may be a piece of a password that was not written as it
// should be: up to the last @ of the word.
var credentials = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*:)?//[^\s"']*@|\b(postgres(ql)?|smtps?|imaps?):[^\s"'/][^\s"']*@`)

// discreet returns s without the passwords of the addresses in it.
func discreet(s string) string {
	return credentials.ReplaceAllStringFunc(s, func(found string) string {
		scheme, rest, ok := strings.Cut(found, "//")
		if ok && (rest == "user:password@" || !strings.ContainsAny(rest, ":/?#%")) { // how to write one, or a name alone
			return found
		}
		if ok {
			return scheme + "//…@"
		}
		return "…@"
	})
}

// sentence says what went wrong to an operator: the catalogs' words for a fault, the error itself otherwise. No password of an address is
// in it.
func sentence(err error, lang i18n.Lang) string { return discreet(words(err, lang)) }

func words(err error, lang i18n.Lang) string {
	if db.IsDamaged(err) {
		return "the database is damaged: " + err.Error() + ". Stop the server, keep a copy of its directory as it is, and restore the last good backup"
	}
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
		parts = append(parts, catalog.T(lang, key, e.Args...))
	} else if len(e.Problems) == 0 { // nobody wrote a sentence of its own for it
		status := strconv.Itoa(web.StatusOf(e))
		parts = append(parts, catalog.T(lang, "error."+status+".title")+": "+strings.ReplaceAll(strings.NewReplacer("_", " ", ".", " ").Replace(e.Code), "  ", " "))
	}
	for _, p := range e.Problems {
		parts = append(parts, p.Field+": "+web.ProblemText(catalog, lang, p))
	}
	if cause := errors.Unwrap(e); cause != nil {
		parts = append(parts, "("+cause.Error()+")")
	}
	return strings.Join(parts, " ")
}
