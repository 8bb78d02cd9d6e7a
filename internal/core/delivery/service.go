package delivery

import (
	"context"
	"math"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// Job is the kind of the jobs that send, Lane the lane they stand in.
const (
	Job  = "mail.send"
	Lane = "mail"
)

// Options are what a Service needs, all of them.
type Options struct {
	DB      *db.DB
	Bus     *bus.Bus
	Queue   *queue.Queue
	Carrier Carrier
	Host    string // the domain of Message-IDs: the host of the public address
}

// Service sends, and says what was sent.
type Service struct {
	db      *db.DB
	bus     *bus.Bus
	queue   *queue.Queue
	carrier Carrier
	host    string
}

// New returns the service and registers its job. Call it once per queue, before it runs.
func New(o Options) *Service {
	s := &Service{db: o.DB, bus: o.Bus, queue: o.Queue, carrier: o.Carrier, host: o.Host}
	if s.host == "" {
		s.host = "localhost"
	}
	queue.Handle(o.Queue, Job, queue.KindOptions{Lane: Lane, Outward: true}, s.send)
	return s
}

// EnqueueIn has a message sent once tx commits. The zero id, without an error, says that the key was used before: nothing
// is sent a second time.
func (s *Service) EnqueueIn(tx *db.Tx, by actor.Actor, o Outgoing) (fact.DeliveryID, error) {
	d := full{Delivery: Delivery{
		ID: fact.New[fact.DeliveryID](tx.Now()), Channel: ChannelMail, Kind: o.Kind, Recipient: o.Mail.To.Email, Contact: o.Contact,
		Message: o.Message, Subject: o.Mail.Subject, MailID: o.Mail.ID, State: Queued, CreatedAt: tx.Now(), At: tx.Now(),
	}, parcel: parcel{Key: o.Key, Mail: o.Mail}, kept: true}
	if d.MailID == "" {
		d.MailID = d.ID.String() + "@" + s.host
		d.parcel.Mail.ID = d.MailID
	}
	ready, err := s.carrier.Ready(tx)
	if err != nil {
		return 0, err
	}
	stopped, err := s.Held(tx)
	if err != nil {
		return 0, err
	}
	switch {
	case !ready:
		d.State, d.Reason = Held, NoRelay
	case o.Review:
		d.State, d.Reason = Held, ForReview
	case stopped:
		d.State, d.Reason = Held, AllHeld
	}
	// What the switch stops waits as due: opening the switch lets all of it go at once.
	added, err := s.queue.Enqueue(tx, Job, task{d.ID}, queue.Put{Key: d.parcel.job(), Held: d.State == Held && d.Reason != AllHeld})
	if err != nil || !added {
		return 0, err
	}
	return d.ID, insert(tx, d)
}

// task is the body of a job.
type task struct{ Delivery fact.DeliveryID }

// job returns the key of the job that works on a parcel now.
func (p parcel) job() string {
	if p.Run == 0 {
		return "mail/" + p.Key
	}
	return "mail/" + p.Key + "#" + strconv.Itoa(p.Run)
}

// Filter says which deliveries to list.
type Filter struct {
	State  string // one of States; "" for all
	Cursor string
	Limit  int // 1 to 100; 0 is 50
}

// List returns a page of deliveries, the latest change first, and the cursor of the next, "" at the end.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Delivery, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	at, id := int64(math.MaxInt64), int64(math.MaxInt64)
	if f.Cursor != "" {
		a, b, _ := strings.Cut(f.Cursor, ".")
		ms, err1 := strconv.ParseInt(a, 10, 64)
		row, err2 := fact.Parse[fact.DeliveryID](b)
		if err1 != nil || err2 != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		at, id = ms, int64(row)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if f.State == "" {
			found, err = db.All(tx, qAll, scan, at, id, f.Limit+1)
		} else {
			found, err = db.All(tx, qState, scan, at, id, f.Limit+1, f.State)
		}
		return err
	})
	if err == nil && len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = strconv.FormatInt(last.At.UnixMilli(), 10) + "." + last.ID.String()
	}
	return found, next, err
}

// Get returns one delivery.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.DeliveryID) (d Delivery, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err := byID(tx, id)
		d = f.Delivery
		return err
	})
	return d, err
}

// ByMessage returns the deliveries of each message that has any, oldest first.
func (s *Service) ByMessage(tx *db.Tx, ids []fact.MessageID) (map[fact.MessageID][]Delivery, error) {
	rows, err := db.AllIn(tx, qOfMessages, scan, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[fact.MessageID][]Delivery, len(ids))
	for _, d := range rows {
		found[d.Message] = append(found[d.Message], d)
	}
	return found, nil
}

// OfMessages is ByMessage outside a transaction.
func (s *Service) OfMessages(ctx context.Context, by actor.Actor, ids []fact.MessageID) (found map[fact.MessageID][]Delivery, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err = s.ByMessage(tx, ids)
		return err
	})
	return found, err
}

// Counts says how many deliveries wait for somebody or something, each counted to 100.
type Counts struct {
	Held, Queued, Deferred, Uncertain, Refused int
}

// Counts counts.
func (s *Service) Counts(tx *db.Tx) (c Counts, err error) {
	_, err = db.All(tx, qCounts, func(r db.Row) (struct{}, error) {
		var state string
		var n int
		err := r.Scan(&state, &n)
		*map[string]*int{Held: &c.Held, Queued: &c.Queued, Deferred: &c.Deferred, Uncertain: &c.Uncertain, Refused: &c.Refused}[state] = n
		return struct{}{}, err
	})
	return c, err
}
