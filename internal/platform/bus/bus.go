// Package bus carries facts to those who listen.
//
// A fact is what happened, in the past tense: PostPublished, MessageReceived. The verb that makes it happen calls Emit
// in the transaction that writes the rows, and two kinds of listeners follow:
//
//   - a projection runs at once, inside that transaction, and keeps a read model true (timeline, search, public posts);
//     when it fails, the verb fails;
//   - a reaction is a durable job, enqueued in that transaction and run after the commit, at least once (send, notify).
//
// So nothing is lost between "saved" and "sent". Facts are also the audit log: their rows are never
// changed, and go when their kind is no longer kept (Prune). A fact's
// body is frozen once released, its kind carries a version when a later shape is needed ("post.published.v2"), and it
// holds ids, never a name or an address. Facts of the past that an import brings (actor.Backfilling) are recorded and
// projected, and no reaction hears them.
package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
	"causerie/internal/platform/queue"
)

// Fact is something that happened. Implementations are plain structs in package fact.
type Fact interface {
	Kind() string   // "post.published"
	Subject() int64 // the id of what it is about, 0 when it is about nothing that has one
}

// Event is a fact with its circumstances.
type Event struct {
	ID       id.ID[Event] `json:"id"`
	At       time.Time    `json:"at"`
	Actor    int64        `json:"actor"` // the account that acted, 0 for a visitor and for the program
	Backfill bool         `json:"backfill"`
}

// Listener describes one listener, for docs/map.md and for doctor.
type Listener struct {
	Fact     string
	Name     string
	Reaction bool
}

type projection struct {
	name string
	run  func(tx *db.Tx, e Event, f Fact) error
}

// Bus knows who listens to which kind of fact. Register everything before the first Emit.
type Bus struct {
	queue       *queue.Queue
	projections map[string][]projection
	reactions   map[string][]string // kind of fact -> kinds of jobs
	listeners   []Listener
}

// New returns a bus whose reactions are jobs of q.
func New(q *queue.Queue) *Bus {
	return &Bus{queue: q, projections: map[string][]projection{}, reactions: map[string][]string{}}
}

// Project registers a projection of facts of type F under a name ("timeline").
func Project[F Fact](b *Bus, name string, run func(tx *db.Tx, e Event, f F) error) {
	var zero F
	kind := zero.Kind()
	b.projections[kind] = append(b.projections[kind], projection{name, func(tx *db.Tx, e Event, f Fact) error {
		return run(tx, e, f.(F))
	}})
	b.listeners = append(b.listeners, Listener{Fact: kind, Name: name})
}

// reactionBody is the body of the job that a reaction is. It waits in the database, and in backups: its JSON is frozen.
type reactionBody[F Fact] struct {
	Event Event `json:"event"`
	Fact  F     `json:"fact"`
}

// React registers a reaction to facts of type F under a name ("mailbox.answer"). It runs as a job with the options o,
// at least once: it must do the same when it runs again.
func React[F Fact](b *Bus, name string, o queue.KindOptions, run func(ctx context.Context, e Event, f F) error) {
	var zero F
	kind, job := zero.Kind(), zero.Kind()+">"+name
	queue.Handle(b.queue, job, o, func(ctx context.Context, _ queue.Job, body reactionBody[F]) error {
		return run(ctx, body.Event, body.Fact)
	})
	b.reactions[kind] = append(b.reactions[kind], job)
	b.listeners = append(b.listeners, Listener{Fact: kind, Name: name, Reaction: true})
}

var qInsert = db.Q("facts.insert", `
	INSERT INTO facts (id, kind, at, actor, subject, body)
	VALUES ($1, $2, $3, $4, $5, $6)`)

// Emit records f, runs its projections and enqueues its reactions, all in tx.
func (b *Bus) Emit(tx *db.Tx, by actor.Actor, f Fact) error {
	e := Event{ID: id.New[Event](tx.Now()), At: tx.Now(), Actor: by.Account, Backfill: by.Backfilling()}
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("bus: %s: %w", f.Kind(), err)
	}
	if _, err := db.Exec(tx, qInsert, e.ID, f.Kind(), db.At(e.At), id.ID[Event](by.Account), id.ID[Event](f.Subject()), string(body)); err != nil {
		return err
	}
	for _, p := range b.projections[f.Kind()] {
		if err := p.run(tx, e, f); err != nil {
			return fmt.Errorf("%s: %s: %w", p.name, f.Kind(), err)
		}
	}
	if e.Backfill {
		return nil
	}
	for _, job := range b.reactions[f.Kind()] {
		payload := reactionBody[Fact]{e, f}
		// Without a key: an event cannot happen twice, and nothing of the job is to remain.
		if _, err := b.queue.Enqueue(tx, job, payload, queue.Put{}); err != nil {
			return err
		}
	}
	return nil
}

// Listeners returns who hears what, sorted by fact and name.
func (b *Bus) Listeners() []Listener {
	all := slices.Clone(b.listeners)
	slices.SortFunc(all, func(x, y Listener) int {
		return strings.Compare(x.Fact+" "+x.Name, y.Fact+" "+y.Name)
	})
	return all
}
