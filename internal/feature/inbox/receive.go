package inbox

import (
	"context"
	"strings"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
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
	Elapsed           time.Duration
}

// CommentsOpen reports whether readers may comment on p now.
func (s *Service) CommentsOpen(tx *db.Tx, p post.Public) (bool, error) {
	open, days, err := s.house.CommentsOpen(tx)
	if err != nil {
		return false, err
	}
	return openFor(p.Comments, p.Traits().Comments, open, days, p.PublishedAt, tx.Now()), nil
}

// Comment takes in a comment on a public post, from anybody: it is visible at once, or held. The conflict comments.closed
// says that the post takes none; problems are at name, email, body and parent.
func (s *Service) Comment(ctx context.Context, in CommentInput) (m Message, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.posts.ByID(tx, in.Post)
		if err != nil {
			return err
		}
		if open, err := s.CommentsOpen(tx, p); err != nil || !open {
			if err == nil {
				err = fault.Conflict("comments.closed")
			}
			return err
		}
		w := written{name: in.Name, email: in.Email, body: in.Body, lang: in.Lang}
		if err := w.check(p.Lang); err != nil {
			return err
		}
		if !in.Parent.IsZero() {
			parent, found, err := db.Maybe(tx, qByID, scan, in.Parent)
			if err != nil {
				return err
			}
			if !found || parent.Post != in.Post || !parent.public() {
				return fault.Invalid("parent", "unknown")
			}
		}
		m = Message{Kind: KindComment, Voice: p.Voice, Post: p.ID, Parent: in.Parent, Notify: in.Notify, Subject: p.Label()}
		return s.take(tx, &m, w, contact.FromComment, in.Honeypot, in.Elapsed)
	})
	return m, err
}

// RequestInput is what somebody typed into the contact form.
type RequestInput struct {
	Voice             fact.VoiceID // to whom; zero is the main voice
	Name, Email, Body string
	How               string // the answer to the free question: how did you come to us?
	Lang              string // of the page; "" is the voice's
	Honeypot          string
	Elapsed           time.Duration
}

// Request takes in a request, from anybody: it is open, or held when it looks like spam. Problems are at name, email, body
// and how; a voice that is not public is voice.not_found.
func (s *Service) Request(ctx context.Context, in RequestInput) (m Message, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		v, err := s.addressee(tx, in.Voice)
		if err != nil {
			return err
		}
		w := written{name: in.Name, email: in.Email, body: in.Body, how: in.How, lang: in.Lang}
		if err := w.check(v.Lang); err != nil {
			return err
		}
		m = Message{Kind: KindRequest, Voice: v.ID, How: w.how, Subject: text.Excerpt(text.Plain(w.body), 60)}
		return s.take(tx, &m, w, contact.FromRequest, in.Honeypot, in.Elapsed)
	})
	return m, err
}

func (s *Service) addressee(tx *db.Tx, id fact.VoiceID) (voice.Voice, error) {
	if id.IsZero() {
		h, err := s.house.GetIn(tx)
		if err != nil {
			return voice.Voice{}, err
		}
		id = h.MainVoice
	}
	v, err := s.voices.GetIn(tx, id)
	if err == nil && !v.Public() {
		err = fault.NotFound("voice")
	}
	return v, err
}

// take finds the contact, judges, and keeps a message that came by a form.
func (s *Service) take(tx *db.Tx, m *Message, w written, origin, honeypot string, elapsed time.Duration) error {
	by := actor.Visitor()
	person, handle, err := s.contacts.FindOrCreateIn(tx, by, contact.Who{Name: w.name, Email: w.email, Lang: w.lang}, origin, tx.Now())
	if err != nil {
		return err
	}
	recent, err := db.One(tx, qRecent, db.Scalar[int], person.ID, db.At(tx.Now().Add(-paceWindow)), handle.ID)
	if err != nil {
		return err
	}
	_, approved, err := db.Maybe(tx, qApproved, db.Scalar[int], person.ID)
	if err != nil {
		return err
	}
	seen := signals{
		honeypot: honeypot != "", elapsed: elapsed, links: text.LinkScore(w.name + "\n" + w.body + "\n" + w.how), recent: recent,
		approved: approved, verified: handle.Verified(),
	}
	moderation := Visible
	if m.Kind == KindComment {
		m.Reason = seen.judgeComment()
	} else {
		m.Reason = seen.suspect()
	}
	if m.Reason != "" {
		moderation = Held
	}
	*m = m.with(moderation, Open)
	m.ID = fact.New[fact.MessageID](tx.Now())
	m.Direction, m.Channel, m.Contact, m.Handle = In, ChannelSite, person.ID, handle.ID
	m.Name, m.Body, m.Lang, m.At = w.name, w.body, w.lang, tx.Now()
	m.HTML = text.Render(w.body, text.Options{Lang: w.lang, Untrusted: true, Prefix: m.ID.String()}).HTML
	m.MailID = s.mailID(m.ID)
	if m.Conversation, err = s.conversation(tx, *m); err != nil {
		return err
	}
	if err := s.keep(tx, *m); err != nil {
		return err
	}
	if m.public() {
		if err := s.house.Bump(tx); err != nil {
			return err
		}
	}
	return s.bus.Emit(tx, by, fact.MessageReceived{
		Message: m.ID, Conversation: m.Conversation, Contact: m.Contact, Post: m.Post, What: m.Kind, State: m.State,
	})
}

func (s *Service) mailID(id fact.MessageID) string { return id.String() + "@" + s.host }

// conversation returns the thread of the contact of m about its post, or a new one.
func (s *Service) conversation(tx *db.Tx, m Message) (fact.ConversationID, error) {
	kind := KindComment
	if m.Kind == KindRequest {
		kind = KindRequest
	}
	if kind == KindComment && !m.Contact.IsZero() {
		c, found, err := db.Maybe(tx, qAboutPost, scanConversation, m.Contact, m.Post)
		if err != nil || found {
			return c.ID, err
		}
	}
	c := Conversation{
		ID: fact.New[fact.ConversationID](tx.Now()), Kind: kind, Contact: m.Contact, Post: m.Post, Voice: m.Voice,
		Subject: strings.Join(strings.Fields(m.Subject), " "), CreatedAt: m.At, LastAt: m.At,
	}
	return c.ID, insertConversation(tx, c)
}
