package mailbox

import (
	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/db"
)

// Channel is that of what leaves, and will come in, as mail.
var Channel = inbox.Channel{Name: "mail", Label: "inbox.channel.mail", Icon: "mail", Way: "mail"}

// way answers by mail: it is the inbox.Way of whatever somebody said who left an address.
type way struct{ s *Service }

func (way) Name() string { return Channel.Way }

// ReachIn tells that an answer leaves for an e-mail address, when its owner asked: a request does, a comment says so.
func (w way) ReachIn(tx *db.Tx, m inbox.Message, h contact.Handle) (inbox.Reach, error) {
	from, err := w.s.fromIn(tx, m.Voice)
	r := inbox.Reach{From: from.Email}
	switch {
	case h.Channel != contact.Email || h.Value == "":
		r.Reason = inbox.NoAddress
	case !m.Post.IsZero() && !m.Notify:
		r.Reason = inbox.NotAsked
	default:
		r.To = h.Value
	}
	return r, err
}
