package mail

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/mail/dkim"
)

const (
	maxBody       = 10 << 20 // bytes of text and HTML together
	maxHeaders    = 30       // entries of Message.Headers
	maxReferences = 20       // ids kept besides the first
)

// Message is one message to one person.
type Message struct {
	ID      string // Message-ID without <>: NewID makes one. Kept by the caller: answers quote it.
	From    Address
	To      Address
	ReplyTo Address // may be zero

	Subject string // any text; control characters become spaces, 400 characters are kept
	Text    string // never empty, but where there is a Body
	HTML    string // may be empty; with it the message is multipart/alternative

	Body   *Body    // in place of Text and HTML: what many messages share (Prepare)
	Values []string // what fills its slots, in the order in which Prepare had them; one line each

	InReplyTo  string   // id of the message that this one answers, without <>, or ""
	References []string // ids of the thread, oldest first; those that are no ids are left out

	AutoSubmitted       string // "auto-generated" or "auto-replied" (RFC 3834), "" for what a person wrote
	ListUnsubscribe     string // one address, or several each in <> with commas (RFC 2369)
	ListUnsubscribePost string // "List-Unsubscribe=One-Click" (RFC 8058) or ""

	Headers      map[string]string // further fields, at most 30; those that Compose writes itself are refused
	Date         time.Time         // never zero
	EnvelopeFrom string            // where bounces go, "" for From.Email
	Signers      []dkim.Signer     // who vouches for it; none leaves that to the relay
}

// own are the fields that Compose writes: Headers may not say them a second time (RFC 5322, 3.6). Those after the
// first line belong to relays and receivers.
var own = []string{
	"date", "from", "to", "reply-to", "subject", "message-id", "in-reply-to", "references", "auto-submitted",
	"list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type", "content-transfer-encoding",
	"sender", "cc", "bcc", "return-path", "received", "dkim-signature",
}

// Compose returns the message as RFC 5322 bytes with CRLF line ends, all ASCII, signed by its Signers. The error is an
// *InvalidError, or of a key.
func (m Message) Compose() ([]byte, error) {
	var b bytes.Buffer
	signatures, err := m.compose(&b)
	if err != nil || len(signatures) == 0 {
		return b.Bytes(), err
	}
	return append(signatures, b.Bytes()...), nil
}

// compose writes the message but for its signatures, which it returns: they stand before it.
func (m Message) compose(b *bytes.Buffer) (signatures []byte, err error) {
	if err := m.writeHeader(b); err != nil {
		return nil, err
	}
	body := m.Body
	if body == nil {
		if body, err = Prepare(m.Text, m.HTML); err != nil {
			return nil, err
		}
	}
	relaxed, err := body.write(b, m.Values)
	switch {
	case err != nil || len(m.Signers) == 0:
		return nil, err
	case relaxed:
		return dkim.SignRelaxed(b.Bytes(), m.Date, m.Signers...)
	}
	return dkim.Sign(b.Bytes(), m.Date, m.Signers...)
}

// envelope returns the addresses for MAIL FROM and RCPT TO.
func (m Message) envelope() (from, to string, err error) {
	sender := m.From
	if m.EnvelopeFrom != "" {
		sender = Address{Email: m.EnvelopeFrom}
	}
	if from, err = sender.ASCII(); err != nil {
		return "", "", err
	}
	to, err = m.To.ASCII()
	return from, to, err
}

func (m Message) writeHeader(b *bytes.Buffer) error {
	if m.Date.IsZero() {
		return &InvalidError{"date", "is missing"}
	}
	if !isID(m.ID) {
		return &InvalidError{"id", "is not a Message-ID"}
	}
	field := func(name, value string) { fmt.Fprintf(b, "%s: %s\r\n", name, value) }
	field("Date", m.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	for _, a := range []struct {
		name    string
		address Address
	}{{"From", m.From}, {"To", m.To}, {"Reply-To", m.ReplyTo}} {
		if a.name == "Reply-To" && a.address.IsZero() {
			continue
		}
		value, err := a.address.header(a.name)
		if err != nil {
			return fmt.Errorf("mail: %s: %w", strings.ToLower(a.name), err)
		}
		field(a.name, value)
	}
	if subject := clean(m.Subject, maxSubject); subject != "" {
		field("Subject", unstructured("Subject", subject))
	}
	field("Message-ID", "<"+m.ID+">")
	if id := trimID(m.InReplyTo); isID(id) {
		field("In-Reply-To", "<"+id+">")
	}
	if thread := m.thread(); len(thread) > 0 {
		field("References", fold("References", thread))
	}
	if err := m.writeListFields(field); err != nil {
		return err
	}
	if err := m.writeFurther(field); err != nil {
		return err
	}
	field("MIME-Version", "1.0")
	return nil
}

func (m Message) writeListFields(field func(name, value string)) error {
	if m.AutoSubmitted != "" {
		if !isToken(m.AutoSubmitted, "-") {
			return &InvalidError{"auto-submitted", "is not a word"}
		}
		field("Auto-Submitted", m.AutoSubmitted)
	}
	if list := m.ListUnsubscribe; list != "" {
		if !strings.HasPrefix(list, "<") {
			list = "<" + list + ">"
		}
		if !isPlain(list) || len(list) > maxValue {
			return &InvalidError{"list-unsubscribe", "is not ASCII, or too long"}
		}
		field("List-Unsubscribe", fold("List-Unsubscribe", strings.Fields(list)))
	}
	if m.ListUnsubscribePost != "" {
		if !isToken(m.ListUnsubscribePost, "-=") {
			return &InvalidError{"list-unsubscribe-post", "is malformed"}
		}
		field("List-Unsubscribe-Post", m.ListUnsubscribePost)
	}
	return nil
}

func (m Message) writeFurther(field func(name, value string)) error {
	if len(m.Headers) > maxHeaders {
		return &InvalidError{"header", "more than 30"}
	}
	names := make([]string, 0, len(m.Headers))
	for name, value := range m.Headers {
		if !isToken(name, "-") || len(name) > 40 || slices.Contains(own, strings.ToLower(name)) {
			return &InvalidError{"header", fmt.Sprintf("name %.60q", name)}
		}
		if strings.ContainsFunc(value, isControl) || len(value) > maxValue {
			return &InvalidError{"header", fmt.Sprintf("value of %s", name)}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if value := clean(m.Headers[name], maxValue); value != "" {
			field(name, unstructured(name, value))
		}
	}
	return nil
}

// thread returns the ids of References: the first, which programs group by, and the last twenty (RFC 5322, 3.6.4).
func (m Message) thread() []string {
	var ids []string
	for _, id := range append(slices.Clone(m.References), m.InReplyTo) {
		if id = trimID(id); isID(id) && !slices.Contains(ids, "<"+id+">") {
			ids = append(ids, "<"+id+">")
		}
	}
	if len(ids) > maxReferences+1 {
		ids = append(ids[:1:1], ids[len(ids)-maxReferences:]...)
	}
	return ids
}

func trimID(id string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
}

// isID reports whether id is a Message-ID without its <>: printable ASCII with an @ inside, in a line's length.
func isID(id string) bool {
	if at := strings.IndexByte(id, '@'); at < 1 || at == len(id)-1 || len(id) > 250 {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
}
