package inbox

import (
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Import is a message of the past. Nothing is mailed for it.
type Import struct {
	Post       fact.PostID // zero for a request
	Voice      fact.VoiceID
	Subject    string         // the title of the post, or what the request is about
	Parent     fact.MessageID // what it answers, zero for none
	Kind       string         // KindComment, KindRequest, KindPingback, KindTrackback; KindAnswer for what the house said
	Account    fact.AccountID // who of the house wrote an answer; may be zero
	Channel    string         // "wordpress", or "" for the site
	Name       string
	Email      string // "" or unusable: the message has no contact
	URL        string
	Body       string // Markdown
	Moderation string // Held, Visible, Spam or Removed
	Attention  string // "" is Closed: the past waits for nobody
	How        string
	Notify     bool
	Lang       string
	At         time.Time
}

// ImportIn takes in a message of the past. by is actor.Importer(), or whoever plants a sample (with Backfill). What is
// longer than a form would allow is kept whole; who wrote it becomes a contact when the address can be one.
func (s *Service) ImportIn(tx *db.Tx, by actor.Actor, in Import) (Message, error) {
	if !by.IsSystem() {
		if err := by.Require(actor.Editor, int64(in.Voice)); err != nil {
			return Message{}, err
		}
	}
	by = by.Backfill()
	if in.Attention == "" {
		in.Attention = Closed
	}
	if l, ok := i18n.Parse(in.Lang); ok {
		in.Lang = string(l)
	} else {
		in.Lang = string(i18n.FrFR)
	}
	m := Message{
		ID: fact.New[fact.MessageID](tx.Now()), Direction: In, Channel: in.Channel, Kind: in.Kind, Voice: in.Voice, Post: in.Post, Parent: in.Parent,
		Name: clip(in.Name, 200), URL: address(in.URL), Body: in.Body, Lang: in.Lang, How: clip(in.How, 2000), Notify: in.Notify,
		At: in.At.UTC().Truncate(time.Millisecond), Subject: in.Subject,
	}.with(in.Moderation, in.Attention)
	if m.Channel == "" {
		m.Channel = ChannelSite
	}
	options := text.Options{Lang: m.Lang, Untrusted: true, Prefix: m.ID.String()}
	if m.Kind == KindAnswer {
		m.Direction, m.Account = Out, in.Account
		m = m.with(in.Moderation, Closed)
		options.Untrusted, options.HeadingOffset = false, 3
	}
	m.HTML = text.Render(m.Body, options).HTML
	m.MailID = s.mailID(m.ID)
	if err := s.attach(tx, by, &m, in); err != nil {
		return m, err
	}
	if err := s.keep(tx, m); err != nil {
		return m, err
	}
	if m.public() {
		if err := s.house.Bump(tx); err != nil {
			return m, err
		}
	}
	if m.Kind == KindAnswer {
		return m, s.bus.Emit(tx, by, fact.MessageAnswered{Answer: m.ID, To: m.Parent, Contact: m.Contact, Post: m.Post})
	}
	return m, s.bus.Emit(tx, by, fact.MessageReceived{
		Message: m.ID, Conversation: m.Conversation, Contact: m.Contact, Post: m.Post, What: m.Kind, State: m.State,
	})
}

// attach finds the contact and the conversation of an imported message. An answer takes those of what it answers.
func (s *Service) attach(tx *db.Tx, by actor.Actor, m *Message, in Import) error {
	if m.Kind == KindAnswer && !m.Parent.IsZero() {
		parent, found, err := db.Maybe(tx, qByID, scan, m.Parent)
		if err != nil {
			return err
		}
		if found {
			m.Conversation, m.Contact, m.Handle = parent.Conversation, parent.Contact, parent.Handle
			if m.Voice.IsZero() {
				m.Voice = parent.Voice
			}
			return nil
		}
	}
	if email, err := text.ParseEmail(in.Email); err == nil && m.Direction == In {
		person, handle, err := s.contacts.FindOrCreateIn(tx, by, contact.Who{Name: clip(m.Name, 120), Email: email, Lang: m.Lang}, contact.FromImport, m.At)
		if err != nil {
			return err
		}
		m.Contact, m.Handle = person.ID, handle.ID
	}
	var err error
	m.Conversation, err = s.conversation(tx, *m)
	return err
}

func clip(s string, max int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return string([]rune(s)[:max])
}

// address keeps what may become a link.
func address(s string) string {
	s = strings.TrimSpace(s)
	lower := strings.ToLower(s)
	if len(s) > 2000 || !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") || strings.ContainsAny(s, " \"<>") {
		return ""
	}
	return s
}
