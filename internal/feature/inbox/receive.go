package inbox

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Incoming is what a channel brings in. What is about a post may appear under it; without a post it is private.
type Incoming struct {
	Channel   string            // a registered one
	Kind      string            // KindComment, KindRequest, KindPingback, KindTrackback; "" is a comment on a post, else a request
	External  string            // what names it where it comes from: a Message-ID, an activity, source and target; "" for nothing
	MailID    string            // its Message-ID without <> when it is a mail; "" makes one, for the answers to refer to
	From      contact.NewHandle // who says so, proved or claimed; zero for what has no address
	Name      string            // as it is signed
	Lang      string            // "" is the voice's
	Body      string            // Markdown; its HTML is shown as text
	URL       string            // where it can be read, or the page of who wrote it
	How       string            // what they said brought them
	Phone     string            // where they may be called; a form checked that it can be a number
	Notify    bool              // the writer of a comment wants the answer sent
	Subject   string            // the title of the post; "" is the first words of what is said
	InReplyTo []string          // the Message-IDs, or External keys of its channel, that it answers, the nearest first
	Post      fact.PostID       // zero for what is private
	Voice     fact.VoiceID      // to whom; zero is that of what it answers
	Parent    fact.MessageID    // what it answers, when the channel knows it
	At        time.Time         // when it was said; zero is now
	Signals   Signals
	// Moderation is what is known already: Held, Visible, Spam or Removed; "" lets the rules judge.
	Moderation string
	Reason     string // why it is held, when that is known already

	rendering *rendering // of Body, when it is prepared
}

// Signals are what a channel noticed about a message that the message does not say.
type Signals struct {
	Honeypot bool // a field was filled that people do not see
}

// MaxReceived is how much of a message is kept that came neither by a form nor by an import, in characters.
const MaxReceived = 200_000

// Receive is Prepare and ReceiveIn, in a transaction of its own.
func (s *Service) Receive(ctx context.Context, by actor.Actor, in Incoming) (m Message, fresh bool, err error) {
	if in, err = s.Prepare(ctx, in); err != nil {
		return m, false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, fresh, err = s.ReceiveIn(tx, by, in)
		return err
	})
	return m, fresh, err
}

// ReceiveIn takes in what a channel brings and Prepare rendered, from whomever: the channel checked that it speaks for who it says. It finds what
// is answered, judges, ties the message to its contact (unless it is judged spam: then nobody is made), and keeps it. The same
// External a second time changes nothing and returns the first message, fresh false.
//
// A channel that is not registered is the problem channel; a handle that cannot be one is a problem of its channel's field
// (contact.Read); a message that is to no voice is the problem voice.
func (s *Service) ReceiveIn(tx *db.Tx, by actor.Actor, in Incoming) (m Message, fresh bool, err error) {
	return s.receive(tx, by, in, Open)
}

// receive is ReceiveIn for what waits for somebody (attention Open) or does not any more.
func (s *Service) receive(tx *db.Tx, by actor.Actor, in Incoming, attention string) (m Message, fresh bool, err error) {
	if _, ok := s.channels[in.Channel]; !ok {
		return m, false, fault.Invalid("channel", "unknown")
	}
	if m, found, err := s.known(tx, in); err != nil || found {
		return m, false, err
	}
	m = s.message(tx, in)
	if err := s.attach(tx, &m, in.InReplyTo); err != nil {
		return m, false, err
	}
	if m.Voice.IsZero() {
		return m, false, fault.Invalid("voice", "required")
	}
	if err := m.take(in.rendering); err != nil {
		return m, false, err
	}
	if in.Moderation == "" {
		err = s.weigh(tx, &m, in)
	} else {
		m = m.with(in.Moderation, attention)
		m.Reason = in.Reason
	}
	if err != nil {
		return m, false, err
	}
	if !m.unwanted() {
		if err := s.tie(tx, by, &m); err != nil {
			return m, false, err
		}
	}
	if err := s.store(tx, &m); err != nil {
		return m, false, err
	}
	return m, true, s.bus.Emit(tx, by, fact.MessageReceived{
		Message: m.ID, Conversation: m.Conversation, Contact: m.Contact, Post: m.Post, What: m.Kind, State: m.State,
	})
}

// known returns the message that in was the first time.
func (s *Service) known(tx *db.Tx, in Incoming) (Message, bool, error) {
	if in.External == "" {
		return Message{}, false, nil
	}
	return db.Maybe(tx, qByExternal, scan, in.Channel, in.External)
}

// message returns what in says, not yet judged, placed or rendered.
func (s *Service) message(tx *db.Tx, in Incoming) Message {
	m := Message{
		ID: in.id(tx), Direction: In, Channel: in.Channel, Kind: in.Kind, External: in.External, MailID: in.MailID,
		Sender: in.From, Voice: in.Voice, Post: in.Post, Parent: in.Parent, Name: text.Clip(text.Name(in.Name), 200), URL: address(in.URL), Body: in.Body,
		Lang: in.Lang, How: text.Clip(in.How, 2000), Phone: in.Phone, Notify: in.Notify, At: in.At.UTC().Truncate(time.Millisecond), Subject: in.Subject,
	}
	if in.At.IsZero() {
		m.At = tx.Now()
	}
	if m.MailID == "" {
		m.MailID = s.mailID(m.ID)
	}
	switch {
	case m.Kind != "":
	case m.Post.IsZero():
		m.Kind = KindRequest
	default:
		m.Kind = KindComment
	}
	m.Subject = cmp.Or(strings.Join(strings.Fields(m.Subject), " "), text.Opening(m.Body, 60))
	return m
}

// id is that under which the body was rendered, or a new one.
func (in Incoming) id(tx *db.Tx) fact.MessageID {
	if in.rendering != nil {
		return in.rendering.id
	}
	return fact.New[fact.MessageID](tx.Now())
}

// attach puts m into the conversation of the nearest thing said that it answers. Another voice's it does not enter: what is
// said to one is not shown to the other.
func (s *Service) attach(tx *db.Tx, m *Message, inReplyTo []string) error {
	if len(inReplyTo) == 0 {
		return nil
	}
	const nearest = 50 // of the references of a long thread
	inReplyTo = inReplyTo[:min(len(inReplyTo), nearest)]
	said, err := db.AllIn(tx, qAnswered, scan, inReplyTo, m.Channel)
	if err != nil {
		return err
	}
	for _, name := range inReplyTo {
		for _, other := range said {
			if name == "" || other.MailID != name && (other.External != name || other.Channel != m.Channel) {
				continue
			}
			if !m.Voice.IsZero() && other.Voice != m.Voice {
				continue
			}
			m.Voice, m.Conversation, m.Subject = other.Voice, other.Conversation, other.Subject
			if m.Parent.IsZero() {
				m.Parent = other.ID
			}
			return nil
		}
	}
	return nil
}

// weigh lets the rules judge m.
func (s *Service) weigh(tx *db.Tx, m *Message, in Incoming) (err error) {
	seen := signals{honeypot: in.Signals.Honeypot, links: in.rendering.links}
	seen.verified, seen.proved = m.Sender.Verified, m.Sender.Verified // the channel says so of this very message
	if seen.ours, err = s.ours(tx, m.Name); err != nil {
		return err
	}
	if !m.Sender.IsZero() {
		person, handle, known, err := s.contacts.FindIn(tx, m.Sender)
		if err != nil {
			return err
		}
		for _, c := range []struct {
			n    *int
			back time.Duration
		}{{&seen.recent, paceWindow}, {&seen.hour, longWindow}} {
			since := db.At(tx.Now().Add(-c.back))
			if *c.n, err = db.One(tx, qRecent, db.Scalar[int], person.ID, since, handle.ID, handle.Channel, handle.Key); err != nil {
				return err
			}
		}
		if known {
			if _, seen.approved, err = db.Maybe(tx, qApproved, db.Scalar[int], person.ID); err != nil {
				return err
			}
			seen.verified = seen.verified || handle.Verified()
			if !seen.proved {
				if seen.proved, err = proved(tx, handle, m.Name); err != nil {
					return err
				}
			}
		}
	}
	if m.Post.IsZero() {
		m.Reason = seen.judgeRequest()
	} else {
		m.Reason = seen.judgeComment()
	}
	if m.Reason != "" {
		*m = m.with(Held, Open)
	} else {
		*m = m.with(Visible, Open)
	}
	return nil
}

// store keeps a new message in its conversation, with what follows for its contact, the search and the public page.
func (s *Service) store(tx *db.Tx, m *Message) (err error) {
	if m.Conversation.IsZero() {
		if m.Conversation, err = s.conversation(tx, *m); err != nil {
			return err
		}
	}
	var sender contact.Handle
	if !m.Sender.IsZero() {
		if sender, err = s.contacts.ReadIn(tx, m.Sender); err != nil {
			return err
		}
		m.Sender = contact.NewHandle{Channel: sender.Channel, Value: sender.Value}
	}
	if err := insert(tx, *m, sender.Key); err != nil {
		return err
	}
	if err := touchConversation(tx, m.Conversation, m.At); err != nil {
		return err
	}
	if !m.Contact.IsZero() {
		if err := s.contacts.TouchIn(tx, m.Contact, m.At); err != nil {
			return err
		}
	}
	return index(tx, *m)
}

func (s *Service) mailID(id fact.MessageID) string { return id.String() + "@" + s.host }

// conversation returns the thread of the contact of m about its post, or a new one.
func (s *Service) conversation(tx *db.Tx, m Message) (fact.ConversationID, error) {
	kind := KindComment
	if m.Post.IsZero() {
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
		Subject: m.Subject, CreatedAt: m.At, LastAt: m.At,
	}
	return c.ID, insertConversation(tx, c)
}

// address keeps what may become a link: old programs wrote "http://" for none.
func address(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || len(s) > 2000 || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(s, " \"<>") || !strings.Contains(u.Host, ".") || strings.ContainsAny(u.Host, " %") {
		return ""
	}
	return s
}
