package hostile

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"causerie/internal/harness"
)

// payloads are what is thrown, by the kind of input that it is meant for.
type payloads struct {
	words  []string // naughty strings and markup, each once
	urls   []string
	emails []string
	edges  []string // what databases and encodings do not agree on
}

// edges are short, so that they pass the length of every field.
var edges = []string{
	"a\x00b", "\x00", "\xff\xfe", "caf\xe9", "\xed\xa0\x80x", "\xf4\x90\x80\x80", "\xc0\xaf", "\ufffe\uffff", "\U0001F9D1\u200D\U0001F4BB", "\u2028\u2029",
	"\u202Egnp.exe", "e" + strings.Repeat("\u0301", 60), "\x7f\x1b[31m", "\r\nSet-Cookie: a=b", "\n\nX: y", "' OR 1=1 --", "%", "_%\\", "\"*\" NEAR(", "NULL",
	"9223372036854775808", "-9223372036854775809", "1e309", "NaN", "0x10", "١٢٣", "İı", "ﬃ", "{{.}}", "{{T \"x\"}}", "${jndi:ldap://a}", "%s%n%d", "../../etc/passwd",
	"..%2f..%2f", "con", "<b", "]]>", "<!--", "-->", "</script><script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "\" onfocus=alert(1) autofocus x=\"",
	"' onfocus=alert(1) autofocus x='", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
	"[x](javascript:alert(1))", "![x](x \"onerror=alert(1)\")", "<javascript:alert(1)>", "[a]: javascript:alert(1)\n[a]", "//evil.example", "/\\evil.example", "https:evil.example",
	"=cmd|' /C calc'!A0", "+1", "@x", "", " ", "\u00a0", "\u200b", "2026-02-30", "0000-00-00", "99999-12-31", "-0001-01-01", "2026-11-24T25:61",
}

func testdata(t testing.TB, elem ...string) []byte {
	t.Helper()
	path := filepath.Join(append([]string{harness.ProjectRoot(t), "..", "shared", "testdata"}, elem...)...)
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not there: the published attacks are kept beside the project.", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var addressIn = regexp.MustCompile(`(?:[a-z]{3,12}://?|//)[^\s"'` + "`" + `)>]+`)

// load reads everything.
func load(t testing.TB) payloads {
	t.Helper()
	p := payloads{edges: edges}
	once := map[string]bool{}
	add := func(list *[]string, s string) {
		if s != "" && !once[s] {
			once[s] = true
			*list = append(*list, s)
		}
	}
	var naughty []string
	unmarshal(t, testdata(t, "naughty-strings", "blns.json"), &naughty)
	for _, s := range naughty {
		add(&p.words, s)
	}
	var purify []struct{ Payload string }
	unmarshal(t, testdata(t, "sanitizer", "dompurify-expect.json"), &purify)
	for _, one := range purify {
		add(&p.words, one.Payload)
	}
	var addresses []json.RawMessage
	unmarshal(t, testdata(t, "urls", "urltestdata.json"), &addresses)
	for _, raw := range addresses {
		var one struct{ Input string }
		if raw[0] == '{' {
			unmarshal(t, raw, &one)
			add(&p.urls, one.Input)
		}
	}
	for _, name := range []string{"README-ssrf.md", "csv-injection.md"} {
		for _, s := range addressIn.FindAllString(string(testdata(t, "ssrf", name)), -1) {
			add(&p.urls, s)
		}
	}
	for line := range strings.Lines(string(testdata(t, "ssrf", "csv-injection.md"))) {
		if line = strings.TrimSpace(line); line != "" && strings.ContainsRune("=+-@", rune(line[0])) {
			add(&p.words, line)
		}
	}
	var isemail struct {
		Test []struct {
			Address string `xml:"address"`
		} `xml:"test"`
	}
	if err := xml.Unmarshal(testdata(t, "email-addresses", "tests.xml"), &isemail); err != nil {
		t.Fatal(err)
	}
	for _, one := range isemail.Test {
		add(&p.emails, control(one.Address))
	}
	if len(p.words) < 600 || len(p.urls) < 700 || len(p.emails) < 150 {
		t.Fatalf("%d words, %d addresses, %d e-mail addresses: the files are not what they were", len(p.words), len(p.urls), len(p.emails))
	}
	return p
}

// control puts the control characters in that isemail's XML cannot hold: it writes U+2400 + the character.
func control(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x2400 && r < 0x2420 {
			return r - 0x2400
		}
		return r
	}, s)
}

func unmarshal(t testing.TB, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// every returns one in n of a list, and always some.
func every(list []string, n int) []string {
	var kept []string
	for i := 0; i < len(list); i += n {
		kept = append(kept, list[i])
	}
	return kept
}

// some is every, unless CAUSERIE_HOSTILE asks for all.
func some(list []string, n int) []string {
	if thorough {
		return list
	}
	return every(list, n)
}

// packed joins neighbours up to a number of characters; what is longer alone stays alone.
func packed(list []string, most int, between string) []string {
	var packs []string
	var b strings.Builder
	size := 0
	flush := func() {
		if b.Len() > 0 {
			packs = append(packs, b.String())
			b.Reset()
			size = 0
		}
	}
	for _, s := range list {
		n := utf8.RuneCountInString(s)
		if size > 0 && size+n+len(between) > most {
			flush()
		}
		if size > 0 {
			b.WriteString(between)
			size += len(between)
		}
		b.WriteString(s)
		size += n
	}
	flush()
	return packs
}
