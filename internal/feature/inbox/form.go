package inbox

import (
	"context"
	"unicode/utf8"

	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// CommentInput is what a reader typed under a post.
type CommentInput struct {
	Post              fact.PostID
	Parent            fact.MessageID // the comment that it answers; zero for the post
	Name, Email, Body string
	Lang              string // of the page; "" is the post's
	Notify            bool   // mail me the answer
	Honeypot          string // what stood in the field that people do not see
}

// Comment takes in a comment on a public post, from anybody: it is visible at once, or held. The conflict comments.closed
// says that the post takes none; problems are at name, email, body and parent. The same comment a second time within ten minutes
// is the first one; so is a request.
func (s *Service) Comment(ctx context.Context, in CommentInput) (Message, error) {
	return s.form(ctx, func(tx *db.Tx) (Incoming, error) {
		p, err := s.posts.ByID(tx, in.Post)
		if err != nil {
			return Incoming{}, err
		}
		if open, err := s.CommentsOpenIn(tx, p); err != nil || !open {
			if err == nil {
				err = fault.Conflict("comments.closed")
			}
			return Incoming{}, err
		}
		w := written{name: in.Name, email: in.Email, body: in.Body, lang: in.Lang}
		if err := w.check(p.Lang); err != nil {
			return Incoming{}, err
		}
		if !in.Parent.IsZero() {
			parent, found, err := db.Maybe(tx, qByID, scan, in.Parent)
			if err != nil {
				return Incoming{}, err
			}
			if !found || parent.Post != in.Post || !parent.public() {
				return Incoming{}, fault.Invalid("parent", "unknown")
			}
		}
		return w.incoming(in.Honeypot, Incoming{Post: p.ID, Voice: p.Voice, Parent: in.Parent, Notify: in.Notify, Subject: p.Label()}), nil
	})
}

// RequestInput is what somebody typed into the contact form.
type RequestInput struct {
	Voice             fact.VoiceID // to whom; zero is the main voice
	Name, Email, Body string
	How               string // the answer to the free question: how did you come to us?
	Phone             string // where they would rather be called; "" is nowhere
	Lang              string // of the page; "" is the voice's
	Honeypot          string
	Receipt           bool // they may be told by mail that it came: enough left for where they are, or not
}

// Request takes in a request, from anybody: it is open, or held when it looks like spam. Problems are at name, email, body, how
// and phone; a voice that is not public is voice.not_found.
func (s *Service) Request(ctx context.Context, in RequestInput) (Message, error) {
	return s.form(ctx, func(tx *db.Tx) (Incoming, error) {
		v, err := s.addressee(tx, in.Voice)
		if err != nil {
			return Incoming{}, err
		}
		w := written{name: in.Name, email: in.Email, body: in.Body, how: in.How, lang: in.Lang}
		phone, err := s.phone(tx, in.Phone)
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			return Incoming{}, err
		}
		if problems := append(fault.ProblemsOf(w.check(v.Lang)), fault.ProblemsOf(err)...); problems.Any() {
			return Incoming{}, problems.Err()
		}
		return w.incoming(in.Honeypot, Incoming{Voice: v.ID, Notify: in.Receipt, Phone: phone}), nil
	})
}

// phone reads a number that somebody left, "" when they left none.
func (s *Service) phone(tx *db.Tx, typed string) (string, error) {
	typed = text.OneLine(typed)
	if typed == "" {
		return "", nil
	}
	if utf8.RuneCountInString(typed) > MaxPhone {
		return "", fault.Invalid("phone", "too_long", MaxPhone)
	}
	h, err := s.contacts.ReadIn(tx, contact.NewHandle{Channel: contact.Phone, Value: typed})
	return h.Value, err
}

func (s *Service) addressee(tx *db.Tx, id fact.VoiceID) (voice.Voice, error) {
	if id.IsZero() {
		return s.voices.MainIn(tx)
	}
	v, err := s.voices.GetIn(tx, id)
	if err == nil && !v.Public() {
		err = fault.NotFound("voice")
	}
	return v, err
}

// form takes in what was typed into a form of the site. read checks it: before the text is rendered, and again in the
// transaction that stores it.
func (s *Service) form(ctx context.Context, read func(*db.Tx) (Incoming, error)) (m Message, err error) {
	var in Incoming
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		in, err = read(tx)
		return err
	})
	if err != nil {
		return m, err
	}
	if in, err = s.Prepare(ctx, in); err != nil {
		return m, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := read(tx)
		if err != nil {
			return err
		}
		var again bool
		if m, again, err = s.repeated(tx, now); err != nil || again {
			return err
		}
		now.rendering = in.rendering
		m, _, err = s.ReceiveIn(tx, actor.Visitor(), now)
		return err
	})
	return m, err
}

// repeated returns the message that in says once more: the same words from the same address at the same place, within ten minutes, are
// one press too many.
func (s *Service) repeated(tx *db.Tx, in Incoming) (m Message, again bool, err error) {
	same, err := db.All(tx, qSameWords, scan, in.Voice, db.At(tx.Now().Add(-twice)), in.Body, in.Name)
	if err != nil || len(same) == 0 {
		return m, false, err
	}
	var from contact.Handle
	if !in.From.IsZero() {
		if _, from, _, err = s.contacts.FindIn(tx, in.From); err != nil {
			return m, false, err
		}
	}
	for _, m := range same {
		sender := contact.Handle{}
		if !m.Sender.IsZero() { // it made nobody known
			if sender, err = s.contacts.ReadIn(tx, m.Sender); err != nil {
				return m, false, err
			}
		}
		mine := m.Handle == from.ID
		if m.Handle.IsZero() {
			mine = sender.Key == from.Key
		}
		if mine && m.Post == in.Post && m.Parent == in.Parent && m.Channel == in.Channel && m.Phone == in.Phone {
			return m, true, nil
		}
	}
	return m, false, nil
}

// incoming is what was typed, once it is checked. in says what it is about.
func (w written) incoming(honeypot string, in Incoming) Incoming {
	in.Channel, in.From = ChannelSite, contact.Address(w.email)
	in.Name, in.Body, in.How, in.Lang = w.name, w.body, w.how, w.lang
	in.Signals.Honeypot = honeypot != ""
	return in
}
