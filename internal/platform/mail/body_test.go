package mail_test

import (
	"bytes"
	"errors"
	"html"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	gomail "github.com/emersion/go-message/mail"
	msgauth "github.com/emersion/go-msgauth/dkim"

	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/dkim"
)

// prepare encodes a body with two slots, a name and a link, and returns the message that has it.
func prepare(t testing.TB, text, hypertext string) mail.Message {
	t.Helper()
	name, link := mail.NewSlot(), mail.NewSlot()
	fill := strings.NewReplacer("{name}", string(name), "{link}", string(link))
	body, err := mail.Prepare(fill.Replace(text), fill.Replace(hypertext), name, link)
	if err != nil {
		t.Fatal(err)
	}
	m := letter()
	m.Text, m.HTML, m.Body = "", "", body
	return m
}

// partsOf returns the texts of a message as another library reads them.
func partsOf(t testing.TB, raw []byte) (parts []string) {
	t.Helper()
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		b, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
}

func TestABodyIsEncodedOnceAndFilledForEach(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Deux dates sur le devis : celle où nous commençons. ", 8)
	m := prepare(t, "Bonjour {name},\n\n"+long+"{name}\n\n{link}\n", `<p title="{name}">Bonjour {name},</p><p>`+long+`</p><a href="{link}">{link}</a>{name}{link}`)
	for _, values := range [][]string{
		{"Hélène", "https://aubin.example/leave/a?b=c&d=" + strings.Repeat("e", 200)},
		{"", ""},
		{`<script>"&' =20 ` + strings.Repeat("é", 90), "."},
		{"a line\r\n.\r\nand another", "  "},
		{"--" + strings.Repeat("=_", 40), "\xff\u2028"},
	} {
		m.Values = values
		parts := partsOf(t, compose(t, m))
		name, link := asLine(values[0]), asLine(values[1])
		want := []string{
			strings.NewReplacer("{name}", name, "{link}", link).Replace("Bonjour {name},\n\n" + long + "{name}\n\n{link}\n"),
			strings.NewReplacer("{name}", html.EscapeString(name), "{link}", html.EscapeString(link)).Replace(
				`<p title="{name}">Bonjour {name},</p><p>` + long + `</p><a href="{link}">{link}</a>{name}{link}` + "\n"),
		}
		if len(parts) != 2 || parts[0] != want[0] || parts[1] != want[1] {
			t.Errorf("%q:\n%q\n%q", values, parts, want)
		}
	}
}

// asLine is what a value becomes: one line of text.
func asLine(v string) string {
	v = strings.ToValidUTF8(v, " ")
	v = strings.NewReplacer("\r", " ", "\n", " ", "\u2028", " ").Replace(v)
	return strings.Join(strings.FieldsFunc(v, func(r rune) bool { return r == ' ' }), " ")
}

func TestWhatIsCapturedReadsAsItsReaderWouldReadIt(t *testing.T) {
	t.Parallel()
	m := prepare(t, "Bonjour {name}, {link}", "<p>{name}</p>")
	m.Values = []string{"Hélène & Paul", "https://aubin.example/"}
	var c mail.Captured
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := c.All()[0]; got.Text != "Bonjour Hélène & Paul, https://aubin.example/" || got.HTML != "<p>Hélène &amp; Paul</p>" || got.Body != nil {
		t.Errorf("%q %q", got.Text, got.HTML)
	}
}

func TestABodyIsFilledWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	m := prepare(t, "{name} {link}", "")
	for _, values := range [][]string{nil, {"one"}, {"one", "two", "three"}, {"one", strings.Repeat("x", 2001)}} {
		m.Values = values
		if _, err := m.Compose(); !isInvalid(err) {
			t.Errorf("%d values: %v", len(values), err)
		}
	}
	for _, slot := range []mail.Slot{"", "short", "with space", "accentué é"} {
		if _, err := mail.Prepare("text", "", slot); !isInvalid(err) {
			t.Errorf("the slot %q: %v", slot, err)
		}
	}
	if _, err := mail.Prepare("", "<p>x</p>"); !isInvalid(err) {
		t.Errorf("without text: %v", err)
	}
}

func isInvalid(err error) bool {
	_, ok := errors.AsType[*mail.InvalidError](err)
	return ok
}

func TestAMessageIsSignedAsItLeaves(t *testing.T) {
	t.Parallel()
	key, err := dkim.NewEd25519()
	if err != nil {
		t.Fatal(err)
	}
	signer := dkim.Signer{Domain: "maison.example", Selector: "c1", Key: key}
	m := prepare(t, "Bonjour {name}\n.\n{link}", "<p>{name} {link}</p>")
	m.Values, m.Signers = []string{"Hélène", "https://maison.example/leave/x"}, []dkim.Signer{signer}
	m.ListUnsubscribe, m.ListUnsubscribePost = "https://maison.example/leave/x", "List-Unsubscribe=One-Click"
	raw := compose(t, m)
	all, err := msgauth.VerifyWithOptions(bytes.NewReader(raw), &msgauth.VerifyOptions{LookupTXT: func(string) ([]string, error) {
		record, err := dkim.Record(key.Public())
		return []string{record}, err
	}})
	if err != nil || len(all) != 1 || all[0].Err != nil {
		t.Fatalf("%+v %v\n%s", all, err, raw)
	}
	if again := compose(t, m); !bytes.Equal(raw, again) {
		t.Error("the same message composes to other bytes")
	}
}

func FuzzBody(f *testing.F) {
	f.Add("Bonjour {name},\n{link}", "<p>{link}</p>", "Hélène", "https://aubin.example/?a=b")
	f.Add("{name}{name}\n \n{link} ", "{link}\r\n.", "=\r\n.\r\n", " =_")
	f.Fuzz(func(t *testing.T, text, hypertext, name, link string) {
		if text == "" || hypertext == "" || len(name) > 2000 || len(link) > 2000 || strings.Contains(text+hypertext, "slot") {
			return
		}
		m := prepare(t, text, hypertext)
		m.Values = []string{name, link}
		raw := compose(t, m)
		parts := partsOf(t, raw)
		if len(parts) != 2 || !utf8.ValidString(parts[0]) || strings.Contains(parts[0]+parts[1], "slot") && !strings.Contains(name+link, "slot") {
			t.Fatalf("%q\n%s", parts, raw)
		}
	})
}

// BenchmarkComposePrepared composes one of many letters of 14.5 kB from a body that is encoded already.
func BenchmarkComposePrepared(b *testing.B) {
	key, err := dkim.NewEd25519()
	if err != nil {
		b.Fatal(err)
	}
	paragraph := strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons. ", 3)
	m := prepare(b, "Bonjour {name},\n"+strings.Repeat(paragraph+"\n", 18)+"{link}", "<p>Bonjour {name}</p>"+strings.Repeat("<p>"+paragraph+"</p>\n", 36)+`<a href="{link}">x</a>`)
	m.Values = []string{"Hélène", "https://aubin.example/leave/abcdefghijklmnopqrstuvwxyz"}
	for _, c := range []struct {
		name    string
		signers []dkim.Signer
	}{{"unsigned", nil}, {"ed25519", []dkim.Signer{{Domain: "maison.example", Selector: "c1", Key: key}}}} {
		b.Run(c.name, func(b *testing.B) {
			m.Signers = c.signers
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Compose(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
