package inbox

import (
	"causerie/internal/core/contact"
	"causerie/internal/platform/db"
)

// Channel is a way by which messages come in, and what the inbox must know of it. A new one is registered by the package that
// brings its messages; what it says on pages are texts of its own.
type Channel struct {
	Name  string // stored in messages.channel, for ever: "site", "mail", "fediverse"
	Label string // key of what it is called
	Icon  string // of assets/icons
	Way   string // the Way by which answers go back; "" when they cannot
}

// ChannelSite is the channel of the forms of the public site, and of an answer that only appears there.
const ChannelSite = "site"

var site = Channel{Name: ChannelSite, Label: "inbox.channel.site", Icon: "message-circle", Way: "mail"}

// Way carries answers back to those who wrote. It hears fact.MessageAnswered, and takes those whose Channel is its name.
type Way interface {
	Name() string
	// ReachIn tells how an answer to m would leave for h, the handle that m came from (zero when it has none).
	ReachIn(tx *db.Tx, m Message, h contact.Handle) (Reach, error)
}

// Reach is how an answer would leave besides the page that it appears on.
type Reach struct {
	Way    string // its name; "" when nothing leaves
	From   string // as whom, in the spelling of the way: an address
	To     string // for whom
	Reason string // why nothing leaves: NoWay, NoAddress, NotAsked, or one of the way's own
}

// Why an answer does not leave.
const (
	NoWay     = "no_way"     // nothing goes back by the channel of the message
	NoAddress = "no_address" // the message came from nowhere that the way can reach
	NotAsked  = "not_asked"  // the writer of a comment did not ask for it
)

// RegisterChannel makes a channel known: ReceiveIn refuses any other. Call it while the program is wired; a second one of a
// name is a programmer's mistake.
func (s *Service) RegisterChannel(c Channel) {
	if _, known := s.channels[c.Name]; known || c.Name == "" {
		panic("inbox: the channel " + c.Name + " is registered twice")
	}
	s.channels[c.Name] = c
}

// RegisterWay makes a way of answering known. Call it while the program is wired.
func (s *Service) RegisterWay(w Way) {
	if _, known := s.ways[w.Name()]; known {
		panic("inbox: the way " + w.Name() + " is registered twice")
	}
	s.ways[w.Name()] = w
}

// Channel returns what is known of a channel by its name. One that nothing registers any more has a name and no way.
func (s *Service) Channel(name string) Channel {
	if c, ok := s.channels[name]; ok {
		return c
	}
	return Channel{Name: name, Label: "inbox.channel.unknown", Icon: site.Icon}
}

// ReachIn tells how an answer to m would leave; h is the handle that m came from.
func (s *Service) ReachIn(tx *db.Tx, m Message, h contact.Handle) (Reach, error) {
	w, ok := s.ways[s.Channel(m.Channel).Way]
	if !ok {
		return Reach{Reason: NoWay}, nil
	}
	r, err := w.ReachIn(tx, m, h)
	if r.Way = w.Name(); r.To == "" {
		r.Way = ""
	}
	return r, err
}
