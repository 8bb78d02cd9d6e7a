package mail_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	message "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	gomail "github.com/emersion/go-message/mail"
	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/mail"
)

// compose returns the bytes of m after checking what holds for every message: ASCII, CRLF, short lines.
func compose(t *testing.T, m mail.Message) []byte {
	t.Helper()
	raw, err := m.Compose()
	if err != nil {
		t.Fatalf("%q: %v", m.Subject, err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		if len(line) > 78 && !strings.HasPrefix(line, " <") && !strings.HasPrefix(line, "Message-ID: ") {
			t.Errorf("a line of %d: %q", len(line), line)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			t.Errorf("not plain: %q", line)
		}
	}
	return raw
}

func TestComposedMessageReadsBackWithItsAccents(t *testing.T) {
	t.Parallel()
	m := letter()
	m.HTML = "<p>Voilà l’étude, « enfin ».</p>"
	m.ReplyTo = mail.Address{Name: `Anne "la cheffe", directrice`, Email: "Reply@Théâtre.example"}
	m.Subject = strings.Repeat("Où en est l’œuvre à Orléans ? ", 6)
	m.InReplyTo = "<q1@client.example>"
	m.References = []string{"<q0@client.example>", "not an id", "q1@client.example"}
	m.AutoSubmitted = "auto-generated"
	m.ListUnsubscribe = "<https://maison.example/u/" + strings.Repeat("a", 90) + ">, <mailto:stop@maison.example>"
	m.ListUnsubscribePost = "List-Unsubscribe=One-Click"
	m.Headers = map[string]string{"List-Id": "<lettre.maison.example>", "X-Note": "déjà vu"}
	raw, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := m.Compose()
	if !bytes.Equal(raw, again) {
		t.Error("composing twice gives two messages")
	}

	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := r.Header.Subject()
	from, _ := r.Header.AddressList("From")
	to, _ := r.Header.AddressList("To")
	replyTo, _ := r.Header.AddressList("Reply-To")
	id, _ := r.Header.MessageID()
	answers, _ := r.Header.MsgIDList("In-Reply-To")
	thread, _ := r.Header.MsgIDList("References")
	note, _ := r.Header.Text("X-Note")
	date, _ := r.Header.Date()
	got := []any{subject, from[0].Name, from[0].Address, to[0].Name, replyTo[0].Name, replyTo[0].Address, id, answers, thread,
		note, date.UTC(), r.Header.Get("Auto-Submitted"), r.Header.Get("List-Unsubscribe"), r.Header.Get("List-Unsubscribe-Post"), r.Header.Get("List-Id")}
	want := []any{strings.TrimSpace(m.Subject), "Éloïse Lefèvre", m.From.Email, "Jean-François Côté", m.ReplyTo.Name, "Reply@xn--thtre-4qa2c.example",
		m.ID, []string{"q1@client.example"}, []string{"q0@client.example", "q1@client.example"}, "déjà vu", m.Date,
		"auto-generated", m.ListUnsubscribe, m.ListUnsubscribePost, "<lettre.maison.example>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var bodies []string
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(part.Body)
		bodies = append(bodies, part.Header.Get("Content-Type")+"\n"+strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
	if diff := cmp.Diff([]string{"text/plain; charset=utf-8\n" + m.Text, "text/html; charset=utf-8\n" + m.HTML + "\n"}, bodies); diff != "" {
		t.Error(diff)
	}
}

func TestOneStrangeHeaderNeverBecomesTwo(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"a\r\nBcc: all@example.org", "a\nBcc: x@y", "a\rBcc: x@y", "\r\n\r\nbody", "a\x00b", "a\u2028Bcc: x@y", "a\u0085Bcc: x",
		"=?utf-8?q?=0D=0ABcc:_x@y?=", strings.Repeat("x", 3000), strings.Repeat("é", 3000), strings.Repeat("mot ", 900), `"a" <x@y>, b`,
		"\xff\xfe", "a\\", `"`, "(comment", " \t ", "", "👩‍👩‍👧‍👧 famille", strings.Repeat("a  ", 40), "ends with space ", "?=", "=?",
	}
	want := []string{"Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "To"}
	for _, text := range append(hostile, naughty(t)...) {
		m := letter()
		m.Subject, m.From.Name, m.To.Name, m.Text = text, text, text, "x"+text
		raw := compose(t, m)
		parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := slices.DeleteFunc(slices.Sorted(maps.Keys(parsed.Header)), func(k string) bool { return k == "Subject" }); !cmp.Equal(got, want) {
			t.Fatalf("%q made the fields %q", text, got)
		}
		from, err := parsed.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != m.From.Email {
			t.Fatalf("%q: From is %v, %v", text, parsed.Header["From"], err)
		}
		subject, err := (&mime.WordDecoder{}).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil || !sameStart(text, subject) {
			t.Errorf("subject %q came back as %q, %v", text, subject, err)
		}
		if !sameStart(text, from[0].Name) {
			t.Errorf("name %q came back as %q", text, from[0].Name)
		}
		if _, err := message.Read(bytes.NewReader(raw)); err != nil {
			t.Errorf("%q: go-message: %v", text, err)
		}
	}
}

// sameStart compares as far as a subject or name keeps: without controls and runs of spaces, up to its length.
func sameStart(in, out string) bool {
	plain := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if r > ' ' && (r < 0x7f || r > 0x9f) && r != utf8.RuneError && r != '\u2028' && r != '\u2029' {
				b.WriteRune(r)
			}
		}
		return b.String()
	}
	return strings.HasPrefix(plain(in), plain(out)) && (plain(in) == "") == (plain(out) == "")
}

func naughty(t *testing.T) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "../shared/testdata/naughty-strings/blns.json"))
	if err != nil {
		t.Log("the naughty strings are not here: only our own are tried")
		return nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFieldsThatWouldBreakTheMessageAreRefused(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range 31 {
		many[fmt.Sprintf("X-%d", i)] = "x"
	}
	for name, change := range map[string]func(*mail.Message){
		"no id":              func(m *mail.Message) { m.ID = "" },
		"id with break":      func(m *mail.Message) { m.ID = "a@b\r\nBcc: x@y" },
		"id without domain":  func(m *mail.Message) { m.ID = "abc" },
		"no date":            func(m *mail.Message) { m.Date = letter().Date.AddDate(-2025, -2, -8).Add(-8 * 3600e9) },
		"no text":            func(m *mail.Message) { m.Text = "" },
		"huge":               func(m *mail.Message) { m.Text = strings.Repeat("x", 11<<20) },
		"break in address":   func(m *mail.Message) { m.To.Email = "a@b.example>\r\nDATA" },
		"two addresses":      func(m *mail.Message) { m.To.Email = "a@b.example, c@d.example" },
		"no domain":          func(m *mail.Message) { m.From.Email = "anne" },
		"angle in address":   func(m *mail.Message) { m.ReplyTo.Email = "a@b.example> SIZE=1" },
		"header with break":  func(m *mail.Message) { m.Headers = map[string]string{"X-A": "a\r\nBcc: x@y"} },
		"name with break":    func(m *mail.Message) { m.Headers = map[string]string{"X-A\r\nBcc": "a"} },
		"name with colon":    func(m *mail.Message) { m.Headers = map[string]string{"X-A:": "a"} },
		"own header":         func(m *mail.Message) { m.Headers = map[string]string{"bCC": "x@y.example"} },
		"own header again":   func(m *mail.Message) { m.Headers = map[string]string{"Subject": "a"} },
		"too many":           func(m *mail.Message) { m.Headers = many },
		"list with break":    func(m *mail.Message) { m.ListUnsubscribe = "<https://a.example/>\r\nBcc: x@y" },
		"post with break":    func(m *mail.Message) { m.ListUnsubscribePost = "a\r\nb" },
		"auto with break":    func(m *mail.Message) { m.AutoSubmitted = "a\r\nb" },
		"bounces to nowhere": func(m *mail.Message) { m.EnvelopeFrom = "a b@c.example" },
	} {
		m := letter()
		change(&m)
		_, err := new(mail.Captured).Send(t.Context(), m)
		if _, ok := errors.AsType[*mail.InvalidError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddressesAreASCIIOnTheWire(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Anne@Example.ORG":                       "Anne@example.org",
		"a@théâtre.example":                      "a@xn--thtre-4qa2c.example",
		"a@例え.テスト":                               "a@xn--r8jz45g.xn--zckzah",
		"a.b+c@example.org.":                     "a.b+c@example.org",
		`"a b"@example.org`:                      `"a b"@example.org`,
		"owner@localhost":                        "owner@localhost",
		"é@example.org":                          "",
		"a@@example.org":                         "",
		"@example.org":                           "",
		"a@":                                     "",
		"a@exa mple.org":                         "",
		"a@[127.0.0.1]":                          "",
		"a@example.org\r\n":                      "",
		"a..b@example.org":                       "",
		"<a@example.org>":                        "",
		"A <a@example.org>":                      "",
		`"a\` + "\n" + `b"@x.org`:                "",
		strings.Repeat("a", 65) + "@example.org": "",
	} {
		got, err := mail.Address{Email: in}.ASCII()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestLongThreadsKeepTheirRootAndTheirEnd(t *testing.T) {
	t.Parallel()
	m := letter()
	for i := range 300 {
		m.References = append(m.References, fmt.Sprintf("<%03d@example.org>", i))
	}
	m.InReplyTo = "299@example.org"
	header, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(compose(t, m)))).ReadMIMEHeader()
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields(header.Get("References"))
	if len(ids) != 21 || ids[0] != "<000@example.org>" || ids[1] != "<280@example.org>" || ids[20] != "<299@example.org>" {
		t.Errorf("%q", ids)
	}
}

func TestRelayAddressesAreReadAndHideTheirPassword(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"smtp://anne:s%40cr%C3%A9t@mail.example":       "smtp://anne:xxxxx@mail.example:587",
		"smtp://mail.example:2525?tls=off":             "smtp://mail.example:2525?tls=off",
		"smtp://mail.example?tls=starttls":             "smtp://mail.example:587",
		"smtps://anne:secret@mail.example/":            "smtps://anne:xxxxx@mail.example:465",
		"smtp://[::1]:25?tls=off&hello=maison.example": "smtp://[::1]:25?tls=off",
		"smtps://mail.example?tls=off":                 "",
		"smtp://mail.example?tls=peut-être":            "",
		"http://mail.example":                          "",
		"smtp://":                                      "",
		"smtp://mail.example:99999":                    "",
		"smtp://mail.example/path":                     "",
		"smtp://a%0d%0ab:c@mail.example":               "",
		"":                                             "",
	} {
		r, err := mail.ParseRelay(in)
		if want == "" {
			if !errors.Is(err, mail.ErrRelay) {
				t.Errorf("%q: %v", in, err)
			}
			continue
		}
		if err != nil || r.String() != want {
			t.Errorf("%q: %q, %v", in, r.String(), err)
		}
		for _, shown := range []string{fmt.Sprint(r), fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", r)} {
			if strings.Contains(shown, "s@crét") || strings.Contains(shown, "secret") {
				t.Errorf("%q shows its password: %s", in, shown)
			}
		}
	}
}

func TestCapturedKeepsTheNewestThousand(t *testing.T) {
	t.Parallel()
	var c mail.Captured
	for i := range 1003 {
		m := letter()
		m.ID = fmt.Sprintf("%d@x.example", i)
		if i%2 == 0 {
			m.To.Email = "Autre@client.example"
		}
		if _, err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	all := c.All()
	if len(all) != 1000 || all[0].ID != "3@x.example" || all[999].ID != "1002@x.example" {
		t.Errorf("%d, from %s", len(all), all[0].ID)
	}
	if to := c.To("autre@CLIENT.example"); len(to) != 500 {
		t.Errorf("%d to one address", len(to))
	}
	if c.Clear(); len(c.All()) != 0 {
		t.Error("not cleared")
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Bonjour à tous", "Éloïse", "eloise@maison.example", "q@x.example", "Bonjour")
	f.Add("a\r\nBcc: b", "\"x\" <y>", "a@b.example>", "<>", "\r.\r\n")
	f.Fuzz(func(t *testing.T, subject, name, email, reference, text string) {
		m := letter()
		m.Subject, m.To.Name, m.To.Email, m.References, m.Text, m.HTML = subject, name, email, []string{reference}, text, text
		raw, err := m.Compose()
		if err != nil {
			return
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		to, err := parsed.Header.AddressList("To")
		if err != nil || len(to) != 1 || len(parsed.Header) > 9 {
			t.Fatalf("%v %v\n%s", to, err, raw)
		}
	})
}
