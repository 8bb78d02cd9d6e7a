package mailcheck

import (
	"bytes"
	"encoding/base64"
	"maps"
	"net/textproto"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/mail"
)

// wanted skips the test unless the judges are asked for.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("CAUSERIE_MAILCHECK") == "" {
		t.Skip("CAUSERIE_MAILCHECK is not set: `make test` sets it, and installs spamassassin, mailauth and caniemail")
	}
}

// The house under a name that is one: a house of a test is an address of numbers with a port, which no house has, and filters know
// that.
const (
	domain = "maison.example"
	site   = "https://maison.example"
)

// public returns a mail as it would leave a house with a name, today.
func (h *house) public(t *testing.T, s sent) []byte {
	t.Helper()
	l := s.Letter(t)
	named := func(text string) string {
		return strings.NewReplacer(h.URL, site, strings.TrimPrefix(h.URL, "http://"), domain).Replace(text)
	}
	from, err := l.Header.AddressList("From")
	must(t, err)
	to, err := l.Header.AddressList("To")
	must(t, err)
	m := mail.Message{
		ID: "0sawhhf81zfy3@" + domain, From: mail.Address{Name: from[0].Name, Email: from[0].Address}, To: mail.Address{Name: to[0].Name, Email: to[0].Address},
		Subject: l.Subject, Text: named(l.Text), HTML: named(l.HTML), AutoSubmitted: l.Header.Get("Auto-Submitted"), ListUnsubscribe: named(l.Header.Get("List-Unsubscribe")),
		ListUnsubscribePost: l.Header.Get("List-Unsubscribe-Post"), Date: time.Now(), Headers: map[string]string{},
	}
	for _, name := range []string{"Content-Language", "List-Id", "Feedback-ID", "Precedence"} {
		if v := l.Header.Get(name); v != "" {
			m.Headers[textproto.CanonicalMIMEHeaderKey(name)] = named(v)
		}
	}
	raw, err := m.Compose()
	must(t, err)
	return raw
}

// longest returns one mail of each kind in each language, the longest of them, in the order of their names.
func (h *house) longest() (all []sent) {
	by := map[string]sent{}
	for _, s := range h.mails {
		if len(s.Data) > len(by[s.name()].Data) {
			by[s.name()] = s
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		all = append(all, by[name])
	}
	return all
}

var (
	rePoints = regexp.MustCompile(`(?s)X-Kind: ([^\r\n]+).*?Content analysis details:\s+\((-?[0-9.]+) points.*?\r?\n\r?\n.*?\r?\n\r?\n`)
	reFrom   = regexp.MustCompile(`(?m)^From `)
)

// TestNoMailLooksLikeSpam has SpamAssassin judge all in one run, without the network: 5 is spam, and 2 is what we allow ourselves.
func TestNoMailLooksLikeSpam(t *testing.T) {
	wanted(t)
	h := everything(t)
	h.mails = append(h.mails, letters(t)...)
	all := h.longest()
	var box bytes.Buffer // RFC 4155
	for _, s := range all {
		box.WriteString("From someone Mon Nov 16 08:00:00 2026\nX-Kind: " + s.name() + "\n") // they come back in an order of their own
		box.Write(bytes.ReplaceAll(reFrom.ReplaceAll(h.public(t, s), []byte(">From ")), []byte("\r\n"), []byte("\n")))
		box.WriteString("\n\n")
	}
	judge := exec.CommandContext(t.Context(), "spamassassin", "-L", "-t", "--mbox")
	judge.Stdin = &box
	out, err := judge.Output()
	must(t, err)
	found := rePoints.FindAllSubmatch(out, -1)
	if len(found) != len(all) {
		t.Fatalf("%d judgements of %d mails in\n%.4000s", len(found), len(all), out)
	}
	for _, f := range found {
		points, err := strconv.ParseFloat(string(f[2]), 64)
		must(t, err)
		t.Logf("%s: %.1f", f[1], points)
		if points >= 2 {
			t.Errorf("%s: %.1f points:\n%s", f[1], points, f[0])
		}
	}
}

// node runs one of the scripts of testdata with standard input, and returns what it prints.
func node(t *testing.T, script string, in []byte) []byte {
	t.Helper()
	modules := os.Getenv("CAUSERIE_NODE_MODULES")
	if modules == "" {
		t.Fatal("CAUSERIE_NODE_MODULES is not set")
	}
	run := exec.CommandContext(t.Context(), "node", "testdata/"+script, modules)
	var failed bytes.Buffer
	run.Stdin, run.Stderr = bytes.NewReader(in), &failed
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, failed.Bytes())
	}
	return out
}

func encoded(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }
