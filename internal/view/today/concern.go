package today

import (
	"cmp"
	"slices"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// A new article concerns some people more than others: those who talked under what was said of the same things, those who follow
// its section. They are a list to write to or to call, one by one, and never a mass mail: there is no button for all of them.

const (
	freshDays    = 7   // how long an article is new
	concernYears = 2   // how far back what people said counts
	mostConcerns = 10  // people proposed
	mostSeen     = 200 // rows looked at for them
)

// Concern is somebody whom the newest article concerns.
type Concern struct {
	Contact fact.ContactID
	Name    string
	Said    string    // the title of what they talked under, "" for nothing
	SaidAt  time.Time // when they did the last time
	Follows bool      // they follow its section
}

// Concerned are the people whom the newest article concerns most; the zero Post is no new article.
type Concerned struct {
	Post   fact.PostID
	Title  string
	People []Concern
}

var (
	qFresh = db.ScopedQ("today.fresh", `
		SELECT f.post_id, f.voice_id, COALESCE(f.section_id, 0), p.title
		  FROM (SELECT post_id, voice_id, section_id, published_at FROM public_posts
		         WHERE kind = 'article' AND published_at >= $1 AND {scope:voice_id} ORDER BY published_at DESC, post_id DESC LIMIT 1) f
		  JOIN posts p ON p.id = f.post_id`)
	// What was said since $2 under posts that share a tag with $1.
	qTalked = db.ScopedQ("today.talked", `
		SELECT m.contact_id, p.title, m.at
		  FROM (SELECT DISTINCT other.post_id FROM post_tags mine JOIN post_tags other ON other.tag_id = mine.tag_id
		         WHERE mine.post_id = $1 AND other.post_id <> $1 ORDER BY other.post_id DESC LIMIT 50) near
		  JOIN messages m ON m.post_id = near.post_id AND m.moderation = 'visible'
		  JOIN posts p ON p.id = near.post_id
		 WHERE m.direction = 'in' AND m.contact_id IS NOT NULL AND m.at >= $2 AND p.deleted_at IS NULL AND {scope:m.voice_id}
		 ORDER BY m.at DESC LIMIT CAST($3 AS BIGINT)`)
	qFollow = db.Q("today.follow", `
		SELECT s.contact_id FROM follows f JOIN subscribers s ON s.id = f.subscriber_id
		 WHERE f.voice_id = $1 AND f.section_id = $2 AND f.left_at IS NULL ORDER BY f.subscriber_id DESC LIMIT CAST($3 AS BIGINT)`)
	// Whom one need not tell: who talked under it already. And whom one must not: who objects.
	qSaid = db.Q("today.said", `
		SELECT contact_id FROM messages WHERE post_id = $1 AND moderation = 'visible' AND contact_id IS NOT NULL ORDER BY id DESC LIMIT CAST($2 AS BIGINT)`)
	qObject = db.Q("today.object", `SELECT contact_id FROM consent_standings WHERE contact_id IN ({in}) AND nudge / 100 % 100 = $1`)
)

type fresh struct {
	post    fact.PostID
	voice   fact.VoiceID
	section fact.SectionID
	title   string
}

func scanFresh(r db.Row) (f fresh, err error) {
	return f, r.Scan(&f.post, &f.voice, &f.section, &f.title)
}

func scanConcern(r db.Row) (c Concern, err error) {
	return c, r.Scan(&c.Contact, &c.Said, db.Time(&c.SaidAt))
}

func (v *View) concerned(tx *db.Tx, by actor.Actor, _ *time.Location, t *Today) error {
	scope := by.Scope(actor.Author)
	found, err := db.AllScoped(tx, qFresh, scope, scanFresh, db.At(tx.Now().AddDate(0, 0, -freshDays)))
	if err != nil || len(found) == 0 {
		return err
	}
	f := found[0]
	talked, err := db.AllScoped(tx, qTalked, scope, scanConcern, f.post, db.At(tx.Now().AddDate(-concernYears, 0, 0)), mostSeen)
	if err != nil {
		return err
	}
	var follow []fact.ContactID
	if !f.section.IsZero() {
		if follow, err = db.All(tx, qFollow, db.Scalar[fact.ContactID], f.voice, f.section, mostSeen); err != nil {
			return err
		}
	}
	said, err := db.All(tx, qSaid, db.Scalar[fact.ContactID], f.post, mostSeen)
	if err != nil {
		return err
	}
	people := rank(talked, follow, said)
	ids := make([]fact.ContactID, len(people))
	for i, c := range people {
		ids[i] = c.Contact
	}
	object, err := db.AllIn(tx, qObject, db.Scalar[fact.ContactID], ids, consent.DigitsOfWhy(consent.Objected))
	if err != nil {
		return err
	}
	names, err := v.o.Contacts.ByIDsIn(tx, ids)
	t.Concerned = Concerned{Post: f.post, Title: f.title}
	for _, c := range people {
		if c.Name = names[c.Contact].Label(); c.Name == "" || slices.Contains(object, c.Contact) || len(t.Concerned.People) == mostConcerns {
			continue // somebody who was forgotten has no name
		}
		c.Said = text.Excerpt(c.Said, 90)
		t.Concerned.People = append(t.Concerned.People, c)
	}
	return err
}

// rank puts those first who talked and follow, then those who talked, by when they last did, then those who follow; without those who
// said something already.
func rank(talked []Concern, follow, said []fact.ContactID) []Concern {
	by := map[fact.ContactID]Concern{}
	for _, c := range talked {
		if c.SaidAt.After(by[c.Contact].SaidAt) {
			by[c.Contact] = c
		}
	}
	for _, id := range follow {
		c := by[id]
		c.Contact, c.Follows = id, true
		by[id] = c
	}
	for _, id := range said {
		delete(by, id)
	}
	all := make([]Concern, 0, len(by))
	for _, c := range by {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Concern) int {
		return cmp.Or(b.reasons()-a.reasons(), b.SaidAt.Compare(a.SaidAt), cmp.Compare(b.Contact, a.Contact))
	})
	return all[:min(len(all), 3*mostConcerns)]
}

func (c Concern) reasons() (n int) {
	if c.Said != "" {
		n += 2
	}
	if c.Follows {
		n++
	}
	return n
}
