package outgoing

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// Options are whom the view asks, all of them.
type Options struct {
	DB         *db.DB
	Deliveries *delivery.Service
	Posts      *post.Service
	Letters    *newsletter.Service // nil where none are written
}

// View tells what is to leave.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// Going is a post that goes out by itself.
type Going struct {
	ID     fact.PostID
	Title  string // the first words of a note
	Kind   string
	Voice  fact.VoiceID
	Author fact.AccountID
	At     time.Time
	LetGo  bool // goes out though all is held
	Held   bool // does not, since all is held
	Letter bool // a letter leaves with it, or behind it
}

// MayChange reports whether by may take it back or publish it now.
func (g Going) MayChange(by actor.Actor) bool {
	return post.Post{Input: post.Input{Voice: g.Voice}, Author: g.Author}.MayChange(by)
}

// MayRelease reports whether by may let it go while all is held.
func (g Going) MayRelease(by actor.Actor) bool {
	return g.Held && g.MayChange(by) && by.Require(actor.Editor, int64(g.Voice)) == nil
}

// Answer is an answer that was sent and has not left: it can be taken back for a moment, or waits, since all is held.
type Answer struct {
	Message fact.MessageID // what it answers
	Voice   fact.VoiceID
	To      string // who wrote that, as they signed
	Subject string // of the conversation
	Public  bool   // it will appear under a post
	At      time.Time
}

// Item is one thing that is to leave, or left: a post, an answer, a letter, whoever gets it, or a delivery.
type Item struct {
	Post   *Going
	Answer *Answer
	Letter *newsletter.Leaving
	Mail   *delivery.Delivery
}

// key is where an item stands: what leaves first comes first.
func (i Item) key() db.Cursor {
	if i.Post != nil {
		return db.Cursor{At: i.Post.At, ID: int64(i.Post.ID)}
	}
	if i.Answer != nil {
		return db.Cursor{At: i.Answer.At, ID: int64(i.Answer.Message)}
	}
	if i.Letter != nil {
		return db.Cursor{At: i.Letter.At, ID: i.Letter.About}
	}
	return db.Cursor{At: i.Mail.LeavesAt(), ID: int64(i.Mail.ID)}
}

// Filter says what to list.
type Filter struct {
	State  string // "" is all that is to leave; else a state of deliveries, and of posts what is Held
	Cursor string
	Limit  int // 1 to 100; 0 is 40
}

// List is a page of what leaves.
type List struct {
	Items []Item
	Next  string // the cursor of the page after, "" at the end
	Held  bool   // all that leaves is held
}

// waiting are the states of what has not left yet: listed in the order of leaving. The others are history, the newest first.
var waiting = []string{"", delivery.Held, delivery.Queued, delivery.Sending, delivery.Deferred}

// List returns a page of what by may see.
func (v *View) List(ctx context.Context, by actor.Actor, f Filter) (l List, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return l, err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 40
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		l = List{}
		if l.Held, err = v.o.Deliveries.HeldIn(tx); err != nil {
			return err
		}
		if slices.Contains(waiting, f.State) {
			return v.waiting(tx, by, f, &l)
		}
		mails, next, err := v.o.Deliveries.ListIn(tx, by, delivery.Filter{State: f.State, Cursor: f.Cursor, Limit: f.Limit})
		for _, d := range mails {
			l.Items = append(l.Items, Item{Mail: &d})
		}
		l.Next = next
		return err
	})
	return l, err
}

// waiting merges the sources.
func (v *View) waiting(tx *db.Tx, by actor.Actor, f Filter, l *List) error {
	after, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return err
	}
	if f.Cursor == "" {
		after = db.Cursor{At: time.UnixMilli(0), ID: math.MinInt64}
	}
	many, err := v.letters(tx, by, f.State, after, l)
	if err != nil {
		return err
	}
	mails, err := v.o.Deliveries.LeavingIn(tx, by, f.State, many, after, f.Limit+1)
	if err != nil {
		return err
	}
	for _, d := range mails {
		l.Items = append(l.Items, Item{Mail: &d})
	}
	if f.State == "" || f.State == delivery.Held && l.Held {
		posts, err := db.AllScoped(tx, qPosts, by.Scope(actor.Author), scanGoing, db.At(after.At), after.ID, f.Limit+1, f.State == delivery.Held)
		if err != nil {
			return err
		}
		for _, g := range posts {
			g.Held = l.Held && !g.LetGo
			l.Items = append(l.Items, Item{Post: &g})
		}
	}
	if f.State == "" || f.State == delivery.Held && l.Held {
		answers, err := db.AllScoped(tx, qAnswers, by.Scope(actor.Author), scanAnswer, db.At(after.At), after.ID, f.Limit+1)
		if err != nil {
			return err
		}
		for _, a := range answers {
			l.Items = append(l.Items, Item{Answer: &a})
		}
	}
	slices.SortFunc(l.Items, func(a, b Item) int {
		return cmp.Or(a.key().At.Compare(b.key().At), cmp.Compare(a.key().ID, b.key().ID))
	})
	if len(l.Items) > f.Limit {
		l.Items = l.Items[:f.Limit]
		l.Next = l.Items[f.Limit-1].key().Encode()
	}
	return nil
}

// letters adds the letters behind a place of the list, and returns what deliveries are left out for them.
func (v *View) letters(tx *db.Tx, by actor.Actor, state string, after db.Cursor, l *List) (many string, err error) {
	if v.o.Letters == nil {
		return "", nil
	}
	all, err := v.o.Letters.LeavingIn(tx, by, state)
	for _, one := range all {
		i := Item{Letter: &one}
		if k := i.key(); k.At.After(after.At) || k.At.Equal(after.At) && k.ID > after.ID {
			l.Items = append(l.Items, i)
		}
	}
	return delivery.RefLetter, err
}

// Those that were let go by hand are left out when $4 asks for what is held.
var qPosts = db.ScopedQ("outgoing.posts", `
	SELECT p.id, CASE WHEN p.title <> '' THEN p.title ELSE SUBSTR(p.plain, 1, 200) END, p.kind, p.voice_id, p.author_id, p.publish_at, p.let_go,
	       EXISTS (SELECT 1 FROM letters l WHERE l.post_id = p.id AND l.state = 'with_post')
	  FROM posts p
	 WHERE p.status = 'scheduled' AND p.deleted_at IS NULL AND p.publish_at >= $1 AND (p.publish_at > $1 OR p.id > $2) AND NOT (p.let_go AND $4)
	   AND {scope:p.voice_id}
	 ORDER BY p.publish_at, p.id LIMIT CAST($3 AS BIGINT)`)

func scanGoing(r db.Row) (g Going, err error) {
	err = r.Scan(&g.ID, &g.Title, &g.Kind, &g.Voice, &g.Author, db.Time(&g.At), &g.LetGo, &g.Letter)
	g.Title = text.Excerpt(g.Title, 90)
	return g, err
}

var qAnswers = db.ScopedQ("outgoing.answers", `
	SELECT m.id, m.voice_id, m.name, c.subject, m.post_id IS NOT NULL, d.send_at
	  FROM answer_drafts d JOIN messages m ON m.id = d.message_id JOIN conversations c ON c.id = m.conversation_id
	 WHERE d.send_at >= $1 AND (d.send_at > $1 OR d.message_id > $2) AND {scope:m.voice_id}
	 ORDER BY d.send_at, d.message_id LIMIT CAST($3 AS BIGINT)`)

func scanAnswer(r db.Row) (a Answer, err error) {
	err = r.Scan(&a.Message, &a.Voice, &a.To, &a.Subject, &a.Public, db.Time(&a.At))
	return a, err
}
