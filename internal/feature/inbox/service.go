package inbox

import (
	"cmp"
	"context"
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
)

// Space is the space of fulltext in which messages are found.
const Space = "message"

// Options are what a Service needs, all of them.
type Options struct {
	DB       *db.DB
	Bus      *bus.Bus
	Queue    *queue.Queue
	House    *house.Service
	Voices   *voice.Service
	Contacts *contact.Service
	Box      *seal.Box
	Host     string // the domain of Message-IDs: the host of the public address
}

// Service is all that is done with messages.
type Service struct {
	db       *db.DB
	bus      *bus.Bus
	queue    *queue.Queue
	house    *house.Service
	voices   *voice.Service
	contacts *contact.Service
	posts    *post.Reader
	box      *seal.Box
	host     string
	channels map[string]Channel
	ways     map[string]Way
	names    []func(tx *db.Tx) ([]string, error) // what no stranger may be taken for
}

// New returns the service and registers its projections and jobs, the channel of the site, and what ties contacts to messages. Call it
// once per bus.
func New(o Options) *Service {
	s := &Service{db: o.DB, bus: o.Bus, queue: o.Queue, house: o.House, voices: o.Voices, contacts: o.Contacts, posts: post.PublicReader(), box: o.Box, host: o.Host,
		channels: map[string]Channel{}, ways: map[string]Way{}}
	if s.host == "" {
		s.host = "localhost"
	}
	s.RegisterChannel(site)
	s.RegisterNames(s.ownNames)
	o.Contacts.RegisterTie(holds)
	contact.Moves(o.Bus, "inbox", contact.Mover{Kind: "message", Of: qMessageIDs, Give: qMergeMessages, Back: qPartMessages},
		contact.Mover{Kind: "conversation", Of: qConversationIDs, Give: qMergeConversations, Back: qPartConversations})
	bus.Project(o.Bus, "inbox", func(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
		for _, q := range []db.Query{qHeirMessages, qHeirConversations} {
			if _, err := db.Exec(tx, q, f.Voice, f.Heir); err != nil {
				return err
			}
		}
		return nil
	})
	bus.Project(o.Bus, "inbox", s.erase)
	bus.Project(o.Bus, "inbox", forgetHandle)
	bus.Project(o.Bus, "inbox", moveHandle)
	s.handleSending(o.Queue)
	return s
}

// HeldIn returns a counter of what was said to a voice of one kind: KindComment, KindRequest.
func (s *Service) HeldIn(kind string) func(tx *db.Tx, v fact.VoiceID) (int, error) {
	return func(tx *db.Tx, v fact.VoiceID) (int, error) { return db.One(tx, qHeld, db.Scalar[int], v, kind) }
}

// Get returns a message, for whoever may answer in its voice.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.MessageID) (m Message, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = s.GetIn(tx, by, id)
		return err
	})
	return m, err
}

// GetIn is Get inside a transaction.
func (s *Service) GetIn(tx *db.Tx, by actor.Actor, id fact.MessageID) (Message, error) {
	m, err := db.One(tx, qByID, scan, id)
	if err != nil {
		return m, err
	}
	return m, m.may(by)
}

// ByIDsIn returns messages by their ids, whoever asks: for projections and read models.
func (s *Service) ByIDsIn(tx *db.Tx, ids []fact.MessageID) (map[fact.MessageID]Message, error) {
	rows, err := db.AllIn(tx, qIn, scan, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[fact.MessageID]Message, len(rows))
	for _, m := range rows {
		found[m.ID] = m
	}
	return found, nil
}

// LastWordsIn returns when each of some people last said something, whoever asks; who never did is not in it.
func (s *Service) LastWordsIn(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]time.Time, error) {
	type word struct {
		who fact.ContactID
		at  time.Time
	}
	all, err := db.AllIn(tx, qLastWords, func(r db.Row) (w word, err error) { return w, r.Scan(&w.who, db.Time(&w.at)) }, people)
	last := make(map[fact.ContactID]time.Time, len(all))
	for _, w := range all {
		last[w.who] = w.at
	}
	return last, err
}

// SpokeIn returns which of some people have a comment that strangers read, whoever asks.
func (s *Service) SpokeIn(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]bool, error) {
	all, err := db.AllIn(tx, qSpoke, db.Scalar[fact.ContactID], people)
	spoke := make(map[fact.ContactID]bool, len(all))
	for _, id := range all {
		spoke[id] = true
	}
	return spoke, err
}

// ConversationIn returns a conversation and its last 200 messages in both directions, oldest first, for whoever may answer
// in its voice.
func (s *Service) ConversationIn(tx *db.Tx, by actor.Actor, id fact.ConversationID) (Conversation, []Message, error) {
	c, err := db.One(tx, qConversation, scanConversation, id)
	if err != nil {
		return c, nil, err
	}
	if err := by.Require(actor.Author, int64(c.Voice)); err != nil {
		return c, nil, err
	}
	all, err := db.All(tx, qOfConversation, scan, id)
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return c, all, err
}

// TalkIn returns what an address names, with all of its conversation, oldest first, at most 200 messages. id is that of a
// message, or of a conversation, which stands for what came in last. What is returned is what an answer would answer: of one of
// our answers, what it answers. message.not_found when there is none; forbidden to whoever may not answer in its voice.
func (s *Service) TalkIn(tx *db.Tx, by actor.Actor, id fact.MessageID) (m Message, talk []Message, err error) {
	talk, err = db.All(tx, qTalk, scan, int64(id))
	if err != nil {
		return m, nil, err
	}
	if len(talk) == 0 {
		return m, nil, fault.NotFound("message")
	}
	if err := talk[0].may(by); err != nil {
		return m, nil, err
	}
	slices.SortFunc(talk, func(a, b Message) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	want := id
	for _, said := range talk {
		if said.ID == id && said.Direction == Out {
			want = said.Parent
		}
	}
	for _, said := range talk {
		if said.Direction == In && m.ID != want {
			m = said // the one that is wanted, else the last
		}
	}
	if m.ID.IsZero() {
		return m, nil, fault.NotFound("message")
	}
	return m, talk, nil
}

// index keeps m where it is found by its words, unless it is unwanted.
func index(tx *db.Tx, m Message) error {
	if m.unwanted() {
		return fulltext.Remove(tx, Space, int64(m.ID))
	}
	return fulltext.Put(tx, fulltext.Document{Space: Space, Ref: int64(m.ID), Lang: m.Lang, Title: m.Name, Body: m.Body, At: m.At})
}

// Rebuild fills the search of messages again from their rows, in batches.
func (s *Service) Rebuild(ctx context.Context) error {
	if err := fulltext.Clear(ctx, s.db, Space); err != nil {
		return err
	}
	var after fact.MessageID
	for {
		var batch []Message
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if batch, err = db.All(tx, qBatch, scan, int64(after)); err != nil {
				return err
			}
			for _, m := range batch {
				if err := index(tx, m); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		after = batch[len(batch)-1].ID
	}
}
