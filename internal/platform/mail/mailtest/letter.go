package mailtest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
)

// Letter is a message as its reader sees it, in both parts, with plain spaces.
type Letter struct {
	netmail.Header
	To         string // of the envelope
	Subject    string
	Text, HTML string
}

// Letter reads what was received, which has a text and an HTML part.
func (r Received) Letter(t testing.TB) Letter {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatalf("mailtest: %v\n%s", err, r.Data)
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(r.Data))
	must(err)
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\r", "")
	l := Letter{Header: m.Header, To: r.To}
	l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(err)
	l.Subject = plain.Replace(l.Subject)
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(err)
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&l.Text, &l.HTML} {
		p, err := parts.NextRawPart()
		must(err)
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		must(err)
		*to = plain.Replace(string(b))
	}
	return l
}
