package dkim

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// covered are the fields that a signature covers, those of them that the message has.
var covered = []string{
	"From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References", "Auto-Submitted",
	"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Archive", "List-Help", "Feedback-ID",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}

// ErrMessage is returned for bytes that are no message.
var ErrMessage = errors.New("dkim: not a message with a From and an empty line after its fields")

// Sign returns the DKIM-Signature fields to put before message, one for each signer in their order. Lines of message end in CRLF.
// The same message, time and keys give the same fields. Errors are ErrMessage and ErrKey.
func Sign(message []byte, at time.Time, signers ...Signer) ([]byte, error) {
	return sign(message, false, at, signers)
}

// SignRelaxed is Sign for a message whose body IsRelaxed, which it does not look through.
func SignRelaxed(message []byte, at time.Time, signers ...Signer) ([]byte, error) {
	return sign(message, true, at, signers)
}

func sign(message []byte, relaxed bool, at time.Time, signers []Signer) ([]byte, error) {
	end := bytes.Index(message, []byte("\r\n\r\n"))
	if end < 0 {
		return nil, ErrMessage
	}
	names, header := canonicalHeader(message[:end+2])
	if len(names) == 0 || names[0] != "From" {
		return nil, ErrMessage
	}
	body := sha256.New()
	if relaxed {
		body.Write(relaxedBody(message[end+4:]))
	} else {
		relaxBody(body, message[end+4:])
	}
	bodyHash := base64.StdEncoding.EncodeToString(body.Sum(nil))
	list := foldList("From", names)

	out := make([]byte, 0, len(signers)*1024)
	for _, s := range signers {
		how := algorithm(s.Key)
		if how == "" {
			return nil, ErrKey
		}
		field := fmt.Appendf(nil, "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s;\r\n s=%s; t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=",
			how, s.Domain, s.Selector, at.Unix(), list, bodyHash)
		// The field itself comes last, without its signature and without a line end (RFC 6376, 3.7).
		hashed := sha256.New()
		hashed.Write(header)
		hashed.Write(bytes.TrimSuffix(relaxField(header[len(header):], field), []byte("\r\n")))
		options := crypto.SignerOpts(crypto.SHA256)
		if how == "ed25519-sha256" {
			options = crypto.Hash(0) // RFC 8463, 3: the hash itself is what Ed25519 signs
		}
		signature, err := s.Key.Sign(rand.Reader, hashed.Sum(nil), options)
		if err != nil {
			return nil, fmt.Errorf("dkim: %w", err)
		}
		out = append(out, field...)
		for text := base64.StdEncoding.EncodeToString(signature); text != ""; {
			n := min(len(text), 72)
			out = append(out, text[:n]...)
			if text = text[n:]; text != "" {
				out = append(out, "\r\n "...)
			}
		}
		out = append(out, "\r\n"...)
	}
	return out, nil
}

// foldList writes names for h=, with first once more before them, folded where a line would be too long.
func foldList(first string, names []string) string {
	var b strings.Builder
	b.WriteString(first)
	used := len(" h=") + len(first)
	for _, name := range names {
		b.WriteByte(':')
		if used++; used+len(name) > 72 {
			b.WriteString("\r\n ")
			used = 1
		}
		b.WriteString(name)
		used += len(name)
	}
	return b.String()
}

// canonicalHeader returns the fields of a header that are covered, in the order of covered and each from the bottom up (RFC 6376,
// 5.4.2), and their names.
func canonicalHeader(header []byte) (names []string, canonical []byte) {
	fields := make([][]byte, 0, 24)
	canonical = make([]byte, 0, len(header)+512) // room for the field of the signature
	names = make([]string, 0, len(covered))
	for rest := header; len(rest) > 0; {
		n := fieldLength(rest)
		fields = append(fields, rest[:n])
		rest = rest[n:]
	}
	for _, name := range covered {
		for i := len(fields) - 1; i >= 0; i-- {
			if isField(fields[i], name) {
				names = append(names, name)
				canonical = relaxField(canonical, fields[i])
			}
		}
	}
	return names, canonical
}

// fieldLength returns the length of the field that header begins with, its further lines included.
func fieldLength(header []byte) int {
	for n := 0; ; {
		i := bytes.IndexByte(header[n:], '\n')
		if i < 0 {
			return len(header)
		}
		if n += i + 1; n == len(header) || header[n] != ' ' && header[n] != '\t' {
			return n
		}
	}
}

func isField(field []byte, name string) bool {
	return len(field) > len(name) && field[len(name)] == ':' && bytes.EqualFold(field[:len(name)], []byte(name))
}

// relaxField appends a field as its relaxed form (RFC 6376, 3.4.2), with CRLF at its end.
func relaxField(to, field []byte) []byte {
	colon := bytes.IndexByte(field, ':')
	if colon < 0 {
		return to
	}
	to = append(to, bytes.ToLower(bytes.TrimRight(field[:colon], " \t"))...)
	to = append(to, ':')
	first := true
	for word := range bytes.FieldsFuncSeq(field[colon+1:], isSpace) {
		if !first {
			to = append(to, ' ')
		}
		to, first = append(to, word...), false
	}
	return append(to, "\r\n"...)
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }
