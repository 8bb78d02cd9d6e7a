package dkim_test

import (
	"bytes"
	"crypto"
	"fmt"
	"strings"
	"testing"
	"time"

	msgauth "github.com/emersion/go-msgauth/dkim"

	"causerie/internal/platform/mail/dkim"
)

var at = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// keys makes a key of each kind for aubin.example.
func keys(t testing.TB) (rsa, ed dkim.Signer) {
	t.Helper()
	make := func(selector string, of func() (crypto.Signer, error)) dkim.Signer {
		key, err := of()
		if err != nil {
			t.Fatal(err)
		}
		return dkim.Signer{Domain: "aubin.example", Selector: selector, Key: key}
	}
	return make("r1", dkim.NewRSA), make("e1", dkim.NewEd25519)
}

// verify has another implementation verify every signature of message, and returns what it says.
func verify(t testing.TB, message []byte, published ...dkim.Signer) []*msgauth.Verification {
	t.Helper()
	all, err := msgauth.VerifyWithOptions(bytes.NewReader(message), &msgauth.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		for _, s := range published {
			if name == s.Name() {
				record, err := dkim.Record(s.Key.Public())
				return []string{record}, err
			}
		}
		return nil, fmt.Errorf("no record %s", name)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sign(t testing.TB, message string, signers ...dkim.Signer) []byte {
	t.Helper()
	fields, err := dkim.Sign([]byte(message), at, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return append(fields, message...)
}

const letter = "Date: Mon, 02 Mar 2026 10:30:00 +0100\r\n" +
	"From: =?utf-8?q?H=C3=A9l=C3=A8ne?=\r\n <helene@aubin.example>\r\nTo: <paul@example.com>\r\n" +
	"Subject: La lettre  de\r\n mars\r\nMessage-ID: <1@aubin.example>\r\nList-Id: La lettre <lettre.aubin.example>\r\n" +
	"List-Unsubscribe: <https://aubin.example/leave/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
	"Feedback-ID: 1:letter:aubin\r\nX-Other: not covered\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"

func TestOthersVerifyWhatWeSign(t *testing.T) {
	t.Parallel()
	rsa, ed := keys(t)
	bodies := map[string]string{
		"plain":        "Bonjour,\r\nA line.\r\n",
		"empty":        "",
		"only breaks":  "\r\n\r\n\r\n",
		"end breaks":   "Bonjour\r\n\r\n\r\n",
		"inner breaks": "\r\nBonjour\r\n\r\nA  line \t with\tspaces  \r\n \r\n\t\r\nend\r\n",
		"no end":       "Bonjour,\r\nhalf a line",
		"blanks":       "  two  \r\n \t \r\n",
	}
	for name, body := range bodies {
		message := sign(t, letter+body, rsa, ed)
		all := verify(t, message, rsa, ed)
		if len(all) != 2 {
			t.Fatalf("%s: %d signatures", name, len(all))
		}
		for _, v := range all {
			if v.Err != nil || v.Domain != "aubin.example" || !v.Time.Equal(at) {
				t.Errorf("%s: %+v", name, v)
			}
		}
		for line := range strings.SplitSeq(string(message), "\r\n") {
			if len(line) > 78 {
				t.Errorf("%s: a line of %d: %q", name, len(line), line)
			}
		}
	}
}

func TestASignatureCoversHowOneLeavesAndAFromThatIsAdded(t *testing.T) {
	t.Parallel()
	_, ed := keys(t)
	message := sign(t, letter+"Bonjour\r\n", ed)
	list := verify(t, message, ed)[0].HeaderKeys
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
		"MIME-Version", "Content-Type"} {
		if !contains(list, name) {
			t.Errorf("%s is not covered by %q", name, list)
		}
	}
	if contains(list, "X-Other") || contains(list, "Reply-To") {
		t.Errorf("covers too much: %q", list)
	}
	spoilt := map[string][2]string{
		"the way out": {"leave/1", "leave/2"},
		"the subject": {"La lettre", "Le colis"},
		"the body":    {"Bonjour\r\n", "Bonsoir\r\n"},
		"one more":    {"Date: ", "From: <evil@elsewhere.example>\r\nDate: "},
	}
	for name, change := range spoilt {
		if v := verify(t, bytes.Replace(message, []byte(change[0]), []byte(change[1]), 1), ed); v[0].Err == nil {
			t.Errorf("%s was changed, and nobody sees it", name)
		}
	}
	relayed := strings.NewReplacer("X-Other: not covered", "X-Other: another", "Subject: La lettre  de\r\n mars", "Subject: La lettre de mars").Replace(string(message))
	if v := verify(t, []byte("Received: from here\r\n"+relayed), ed); v[0].Err != nil {
		t.Errorf("a relay that folds anew breaks it: %v", v[0].Err)
	}
}

func contains(list []string, name string) bool {
	for _, n := range list {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func TestWhatIsNoMessageOrNoKeyIsNotSigned(t *testing.T) {
	t.Parallel()
	_, ed := keys(t)
	for _, message := range []string{"", "From: x", "From: x\r\n", "To: x\r\n\r\nbody", "\r\n\r\n"} {
		if _, err := dkim.Sign([]byte(message), at, ed); err != dkim.ErrMessage {
			t.Errorf("%q: %v", message, err)
		}
	}
	if _, err := dkim.Sign([]byte(letter), at, dkim.Signer{Domain: "aubin.example", Selector: "x"}); err != dkim.ErrKey {
		t.Errorf("without a key: %v", err)
	}
}

func TestAKeyIsKeptAndPublished(t *testing.T) {
	t.Parallel()
	rsa, ed := keys(t)
	for _, s := range []dkim.Signer{rsa, ed} {
		der, err := dkim.Marshal(s.Key)
		if err != nil {
			t.Fatal(err)
		}
		key, err := dkim.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := dkim.Record(s.Key.Public())
		after, _ := dkim.Record(key.Public())
		if before != after || !strings.HasPrefix(before, "v=DKIM1; k=") {
			t.Errorf("%q, then %q", before, after)
		}
		all := dkim.Strings(before)
		for _, part := range all {
			if len(part) > 255 {
				t.Errorf("a string of %d", len(part))
			}
		}
		if strings.Join(all, "") != before {
			t.Errorf("%q", all)
		}
		if line := dkim.Zone(s.Name(), before); !strings.HasPrefix(line, s.Selector+`._domainkey.aubin.example. IN TXT "v=DKIM1; k=`) {
			t.Error(line)
		}
	}
	if _, err := dkim.Parse([]byte("no key")); err != dkim.ErrKey {
		t.Errorf("%v", err)
	}
}

func FuzzSign(f *testing.F) {
	rsa, ed := keys(f)
	f.Add("Bonjour,\r\n  two\t\t\r\n\r\n")
	f.Add(" \r\n \r\n.")
	f.Add("\r\nBonjour,\r\n\r\nDeux dates.\r\n\r\n\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		body = strings.ReplaceAll(strings.ReplaceAll(body, "\r", ""), "\n", "\r\n") // a composed message has no other line ends
		for _, v := range verify(t, sign(t, letter+body, rsa, ed), rsa, ed) {
			if v.Err != nil {
				t.Errorf("%q: %v", body, v.Err)
			}
		}
		if !dkim.IsRelaxed([]byte(body)) {
			return
		}
		looked, err := dkim.Sign([]byte(letter+body), at, ed)
		must(t, err)
		trusted, err := dkim.SignRelaxed([]byte(letter+body), at, ed)
		must(t, err)
		if !bytes.Equal(looked, trusted) {
			t.Errorf("%q is no relaxed body", body)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkSign signs a letter of 14.5 kB, by this package and by the library that verifies in the tests.
func BenchmarkSign(b *testing.B) {
	rsa, ed := keys(b)
	message := []byte(letter + strings.Repeat("<p>Deux dates sur le devis =C2=A0: celle o=C3=B9 nous commen=C3=A7ons.</p>\r\n", 190))
	for _, c := range []struct {
		name    string
		signers []dkim.Signer
	}{{"ed25519", []dkim.Signer{ed}}, {"rsa", []dkim.Signer{rsa}}, {"both", []dkim.Signer{rsa, ed}}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := dkim.Sign(message, at, c.signers...); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"-library", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range c.signers {
					var out bytes.Buffer
					err := msgauth.Sign(&out, bytes.NewReader(message), &msgauth.SignOptions{Domain: s.Domain, Selector: s.Selector, Signer: s.Key,
						HeaderCanonicalization: "relaxed", BodyCanonicalization: "relaxed"})
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
