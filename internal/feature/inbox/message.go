package inbox

import (
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/text"
)

// Directions.
const (
	In  = "in"
	Out = "out"
)

// The kinds of messages.
const (
	KindComment   = "comment"
	KindRequest   = "request"
	KindAnswer    = "answer" // of the house
	KindPingback  = "pingback"
	KindTrackback = "trackback"
)

// Moderation, and the states made of it.
const (
	Held    = "held"
	Visible = "visible"
	Spam    = "spam"
	Removed = "removed"
)

// Attention, and the states made of it.
const (
	Open     = "open"
	Answered = "answered"
	Closed   = "closed"
)

// Message is one thing said.
type Message struct {
	ID           fact.MessageID
	Conversation fact.ConversationID
	Direction    string // In or Out
	Channel      string // ChannelSite, or another one that was registered: "mail", "wordpress"
	External     string // what names it where it comes from, unique within its channel; "" for nothing
	Kind         string // KindComment, KindRequest, KindAnswer, KindPingback or KindTrackback
	Moderation   string // Held, Visible, Spam or Removed
	Attention    string // Open, Answered or Closed
	State        string // Spam, else Held, else Attention
	Contact      fact.ContactID
	Handle       fact.HandleID     // what they wrote from; zero for what has no address, and for what makes nobody known
	Sender       contact.NewHandle // who says to have sent what makes nobody known: spam, and what looks like it (sender.go)
	Account      fact.AccountID    // who of the house wrote an answer
	Voice        fact.VoiceID
	Post         fact.PostID    // zero for a request
	Parent       fact.MessageID // what it answers
	Name         string         // as the writer signed; the voice's name for an answer
	URL          string         // of a pingback or an imported comment
	Body         string         // Markdown
	HTML         text.HTML
	Lang         string
	How          string // what they said brought them
	Phone        string // where they may be called, as they wrote it; "" when they did not say
	Notify       bool   // the writer of a comment asked for the answers by mail; of a request, may be told that it came
	Reason       string // why it is held: ReasonFirst...
	MailID       string // Message-ID without <>, its own or one made for it, for threading
	At           time.Time
	Subject      string // of its conversation: the title of the post, the first words of the request
}

// Conversation is the thread of one contact about one thing.
type Conversation struct {
	ID        fact.ConversationID
	Kind      string // KindComment or KindRequest
	Contact   fact.ContactID
	Post      fact.PostID
	Voice     fact.VoiceID
	Subject   string
	CreatedAt time.Time
	LastAt    time.Time
}

// stateOf is what lists filter by.
func stateOf(moderation, attention string) string {
	switch moderation {
	case Spam, Held:
		return moderation
	case Removed:
		return Closed
	}
	return attention
}

func (m Message) with(moderation, attention string) Message {
	m.Moderation, m.Attention = moderation, attention
	m.State = stateOf(moderation, attention)
	return m
}

// public reports whether others can see m under a post.
func (m Message) public() bool { return m.Moderation == Visible && !m.Post.IsZero() }

// Private reports whether m was said to the house alone: it is about no post, and appears nowhere.
func (m Message) Private() bool { return m.Post.IsZero() }

// may returns nil when by may read and answer what is said to the voice of m.
func (m Message) may(by actor.Actor) error { return by.Require(actor.Author, int64(m.Voice)) }

// mayModerate returns nil when by may say who sees m: an editor of its voice, or who wrote it for the house.
func (m Message) mayModerate(by actor.Actor) error {
	if m.Direction == Out && by.Account != 0 && m.Account == fact.AccountID(by.Account) {
		return m.may(by)
	}
	return by.Require(actor.Editor, int64(m.Voice))
}

// MayModerate reports whether by may approve, remove and judge m.
func (m Message) MayModerate(by actor.Actor) bool { return m.mayModerate(by) == nil }

// Excerpt returns the first words of m.
func (m Message) Excerpt() string { return text.Opening(m.Body, 160) }
