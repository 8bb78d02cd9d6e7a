package inbox

import (
	"context"
	"errors"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// What is said is rendered before the transaction that stores it: there is one writer, and others wait for it. Prepare and
// PrepareImport render, and hand the outcome on in what they were given; ReceiveIn and ImportIn take it.

// rendering is what was made of a body.
type rendering struct {
	body  string
	id    fact.MessageID
	lang  string
	html  text.HTML
	links int // text.LinkScore of all that was typed
}

// answered is how an answer of the house is rendered: its headings stand below those of the thread, and its lines end where they
// were ended, in a plain box.
var answered = text.Options{HeadingOffset: 3, LineEnds: true}

var errNotPrepared = errors.New("inbox: a text that was not rendered before the transaction")

// take gives m what was made of its body.
func (m *Message) take(r *rendering) error {
	if r == nil || r.body != m.Body {
		return errNotPrepared
	}
	m.Lang, m.HTML = r.lang, r.html
	return nil
}

// Prepare renders what a channel brings in, for ReceiveIn.
func (s *Service) Prepare(ctx context.Context, in Incoming) (Incoming, error) {
	in.Body = text.Clip(in.Body, MaxReceived)
	return s.prepare(ctx, in, text.Options{Untrusted: true})
}

// PrepareImport renders a message of the past, for ImportIn.
func (s *Service) PrepareImport(ctx context.Context, in Import) (Import, error) {
	o := text.Options{Untrusted: true}
	if in.Kind == KindAnswer {
		o = answered
	}
	ready, err := s.prepare(ctx, in.Incoming, o)
	in.Incoming = ready
	return in, err
}

// prepare renders in; what is there already is left as it is.
func (s *Service) prepare(ctx context.Context, in Incoming, o text.Options) (Incoming, error) {
	r := rendering{body: in.Body, id: fact.New[fact.MessageID](s.db.Clock().Now())}
	known := false
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if _, known, err = s.known(tx, in); err != nil || known {
			return err
		}
		r.lang, err = s.langIn(tx, in)
		return err
	})
	if err != nil || known {
		return in, err
	}
	o.Lang, o.Prefix = r.lang, r.id.String()
	out, err := text.RenderContext(ctx, in.Body, o)
	if err != nil {
		return in, err
	}
	r.html = out.HTML
	if in.Moderation == "" {
		r.links = text.LinkScore(in.Name + "\n" + in.Body + "\n" + in.How + "\n" + in.Phone)
	}
	in.rendering = &r
	return in, nil
}

// langIn returns the language of what comes in, else that of the voice that it is said to.
func (s *Service) langIn(tx *db.Tx, in Incoming) (string, error) {
	if l, ok := i18n.Parse(in.Lang); ok {
		return string(l), nil
	}
	m := Message{Voice: in.Voice, Channel: in.Channel}
	if err := s.attach(tx, &m, in.InReplyTo); err != nil || m.Voice.IsZero() {
		return "", err // ReceiveIn says that it is to no voice
	}
	v, err := s.voices.GetIn(tx, m.Voice)
	l, _ := i18n.Parse(v.Lang)
	return string(l), err
}

// typeset renders an answer to m, under the id that it will have.
func (s *Service) typeset(ctx context.Context, by actor.Actor, id fact.MessageID, body string) (*rendering, error) {
	var m Message
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = s.GetIn(tx, by, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := rendering{body: body, id: fact.New[fact.MessageID](s.db.Clock().Now()), lang: m.Lang}
	o := answered
	o.Lang, o.Prefix = m.Lang, r.id.String()
	out, err := text.RenderContext(ctx, body, o)
	r.html = out.HTML
	return &r, err
}

// Preview returns an answer to m as it will be shown.
func Preview(ctx context.Context, m Message, body string) (text.HTML, error) {
	o := answered
	o.Lang, o.Prefix = m.Lang, "leaving"
	out, err := text.RenderContext(ctx, body, o)
	return out.HTML, err
}
