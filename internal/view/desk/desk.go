// Package desk reads what the page of conversations shows, its list, the conversation that is open and the person who speaks
// in it, in one snapshot: what stands in one pane cannot contradict another, and the page costs one transaction and at most
// ten queries.
//
// It keeps nothing and decides nothing: who may see what is asked of inbox, delivery and timeline, each for its own.
package desk

import (
	"context"
	"slices"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
	"causerie/internal/view/timeline"
)

// Options are whom the view asks, all of them.
type Options struct {
	DB         *db.DB
	Inbox      *inbox.Service
	Contacts   *contact.Service
	Deliveries *delivery.Service
	Timeline   *timeline.View
}

// View reads the desk.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// Desk is the three panes.
type Desk struct {
	List   []inbox.Message
	Next   string       // the cursor of the page after; "" at the end
	Counts inbox.Counts // of all that waits; zero beside what a search found, which they do not count
	Open   *Open        // nil when nothing is open
}

// Open is a conversation with the person who speaks in it.
type Open struct {
	inbox.Message // the one that an answer would answer
	Talk          []Turn
	Drafts        []inbox.Draft // what was typed as an answer, of who looks, and what is about to leave
	Person        *Person       // nil for what is tied to nobody
	Reach         inbox.Reach
}

// Turn is one thing said, with what left for it.
type Turn struct {
	inbox.Message
	Deliveries []delivery.Delivery
	Call       string // where a press on the phone that they left leads; "" when they left none
}

// Person is who speaks, with the latest of what happened between them and the house.
type Person struct {
	contact.Contact
	Items []timeline.Item
}

// latest is how many items of the timeline the desk shows.
const latest = 6

// Read returns the list of f and the conversation of a message, which id names, or its conversation. With the zero id the first
// of the list is open. A conversation that is not there, or not for by, is the fault of inbox.TalkIn.
func (v *View) Read(ctx context.Context, by actor.Actor, f inbox.Filter, id fact.MessageID) (d Desk, err error) {
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		d = Desk{}
		if d.List, d.Next, err = v.o.Inbox.ListIn(tx, by, f); err != nil {
			return err
		}
		if f.Query == "" {
			if d.Counts, err = v.o.Inbox.CountsIn(tx, by); err != nil {
				return err
			}
		}
		if id.IsZero() && len(d.List) > 0 {
			id = d.List[0].ID
		}
		if id.IsZero() {
			return nil
		}
		d.Open, err = v.openIn(tx, by, id)
		return err
	})
	return d, err
}

func (v *View) openIn(tx *db.Tx, by actor.Actor, id fact.MessageID) (*Open, error) {
	m, talk, err := v.o.Inbox.TalkIn(tx, by, id)
	if err != nil {
		return nil, err
	}
	o := &Open{Message: m, Talk: make([]Turn, len(talk))}
	ids := make([]fact.MessageID, len(talk))
	for i, said := range talk {
		ids[i] = said.ID
	}
	left, err := v.o.Deliveries.OfMessagesIn(tx, by, ids)
	if err != nil {
		return nil, err
	}
	for i, said := range talk {
		o.Talk[i] = Turn{Message: said, Deliveries: left[said.ID]}
	}
	if err := calls(tx, o.Talk); err != nil {
		return nil, err
	}
	if o.Drafts, err = v.o.Inbox.DraftsIn(tx, by, m.Conversation); err != nil {
		return nil, err
	}
	from := contact.Handle{Channel: m.Sender.Channel, Value: m.Sender.Value}
	if !m.Contact.IsZero() {
		c, err := v.o.Contacts.PersonIn(tx, m.Contact)
		if err != nil {
			return nil, err
		}
		o.Person = &Person{Contact: c}
		for _, h := range c.Handles {
			if h.ID == m.Handle {
				from = h
			}
		}
		if o.Person.Items, _, err = v.o.Timeline.ListIn(tx, by, c.ID, latest, ""); err != nil {
			return nil, err
		}
	}
	o.Reach, err = v.o.Inbox.ReachIn(tx, m, from)
	return o, err
}

// calls fills where the numbers lead that were left in a conversation.
func calls(tx *db.Tx, talk []Turn) error {
	if !slices.ContainsFunc(talk, func(t Turn) bool { return t.Phone != "" }) {
		return nil
	}
	country, err := house.CountryIn(tx)
	for i, t := range talk {
		if key, ok := text.FoldPhone(t.Phone, country); ok && t.Phone != "" {
			talk[i].Call = "tel:" + key
		}
	}
	return err
}
