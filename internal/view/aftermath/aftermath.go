package aftermath

import (
	"context"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Window is how long after a letter began to leave something counts as having followed.
const Window = 14 * 24 * time.Hour

// What may follow a letter.
const (
	Words    = "words"    // who got it wrote or commented
	Requests = "requests" // who got it asked for something
	Mandates = "mandates" // it became business with who got it
	Came     = "came"     // people began to follow its voice
	Left     = "left"     // people left by its links
)

// Kinds returns what may follow a letter, in the order in which people read it.
func Kinds() []string { return []string{Words, Requests, Mandates, Came, Left} }

// Options are whom the view asks, all of them.
type Options struct {
	DB      *db.DB
	Letters *newsletter.Service
}

// View tells what followed.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// Count is how much of one kind followed.
type Count struct {
	Kind string
	N    int
}

// Line is one thing that followed.
type Line struct {
	At      time.Time
	Contact fact.ContactID // zero of somebody who was erased
	Name    string
	Text    string         // the first words, or the title
	Message fact.MessageID // of Words and Requests
	Mandate fact.MandateID // of Mandates
}

// maxLines is how many lines a list holds; nobody reads more of a fortnight.
const maxLines = 200

// Counts returns how much of each kind followed a letter, and until when it is counted. Authors of its voice may.
func (v *View) Counts(ctx context.Context, by actor.Actor, id fact.LetterID) (all []Count, until time.Time, err error) {
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		l, err := v.o.Letters.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		all, until = nil, l.BegunAt.Add(Window)
		for _, kind := range Kinds() {
			found, err := v.linesIn(tx, by, l, kind)
			if err != nil {
				return err
			}
			all = append(all, Count{kind, len(found)})
		}
		return nil
	})
	return all, until, err
}

// List returns what followed a letter of one kind, the newest first, and the letter. Authors of its voice may.
func (v *View) List(ctx context.Context, by actor.Actor, id fact.LetterID, kind string) (l newsletter.Letter, all []Line, err error) {
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		if l, err = v.o.Letters.GetIn(tx, by, id); err == nil {
			all, err = v.linesIn(tx, by, l, kind)
		}
		return err
	})
	return l, all, err
}

func (v *View) linesIn(tx *db.Tx, by actor.Actor, l newsletter.Letter, kind string) ([]Line, error) {
	if l.BegunAt.IsZero() {
		return nil, nil
	}
	since, until := db.At(l.BegunAt), db.At(l.BegunAt.Add(Window))
	voice := l.Voice
	if l.Kind == newsletter.Digest {
		voice = 0
	}
	scope := by.Scope(actor.Author)
	switch kind {
	case Words:
		return db.AllScoped(tx, qWords, scope, scanMessage, l.ID, since, until, voice, maxLines)
	case Requests:
		return db.AllScoped(tx, qRequests, scope, scanMessage, l.ID, since, until, voice, maxLines)
	case Mandates:
		return db.AllScoped(tx, qMandates, scope, scanMandate, l.ID, since, until, voice, maxLines)
	case Came:
		return db.All(tx, qCame, scanPerson, l.Voice, since, until, maxLines)
	case Left:
		return db.All(tx, qLeft, scanPerson, l.ID, maxLines)
	}
	return nil, fault.NotFound("page")
}

// got holds of whom a letter reached: x is what they did.
const got = `EXISTS (SELECT 1 FROM deliveries d
		WHERE d.contact_id = x.contact_id AND d.about_kind = 'letter' AND d.about_id = $1 AND d.state IN ('sent', 'answered', 'complained'))`

const said = `
	SELECT x.at, x.contact_id, COALESCE(NULLIF(c.name, ''), x.name), SUBSTR(x.body, 1, 400), x.id
	  FROM messages x LEFT JOIN contacts c ON c.id = x.contact_id
	 WHERE x.direction = 'in' AND x.at >= $2 AND x.at < $3 AND x.moderation NOT IN ('spam', 'removed') AND (x.voice_id = $4 OR $4 = 0)
	   AND {scope:x.voice_id} AND ` + got

var (
	qWords    = db.ScopedQ("aftermath.words", said+` AND x.kind <> 'request' ORDER BY x.at DESC, x.id DESC LIMIT CAST($5 AS BIGINT)`)
	qRequests = db.ScopedQ("aftermath.requests", said+` AND x.kind = 'request' ORDER BY x.at DESC, x.id DESC LIMIT CAST($5 AS BIGINT)`)
	qMandates = db.ScopedQ("aftermath.mandates", `
		SELECT x.opened_at, x.contact_id, COALESCE(c.name, ''), x.title, x.id
		  FROM mandates x LEFT JOIN contacts c ON c.id = x.contact_id
		 WHERE x.opened_at >= $2 AND x.opened_at < $3 AND x.deleted_at IS NULL AND (x.voice_id = $4 OR $4 = 0) AND {scope:x.voice_id} AND `+got+`
		 ORDER BY x.opened_at DESC, x.id DESC LIMIT CAST($5 AS BIGINT)`)
	// Whom a list brought did not come.
	qCame = db.Q("aftermath.came", `
		SELECT MIN(f.since), s.contact_id, c.name
		  FROM follows f JOIN subscribers s ON s.id = f.subscriber_id JOIN contacts c ON c.id = s.contact_id
		 WHERE f.voice_id = $1 AND f.since >= $2 AND f.since < $3 AND f.left_at IS NULL AND f.asked_at IS NOT NULL
		 GROUP BY s.contact_id, c.name ORDER BY MIN(f.since) DESC LIMIT CAST($4 AS BIGINT)`)
	qLeft = db.Q("aftermath.left", `
		SELECT MAX(f.left_at), s.contact_id, c.name
		  FROM follows f JOIN subscribers s ON s.id = f.subscriber_id JOIN contacts c ON c.id = s.contact_id
		 WHERE f.letter_id = $1 AND f.left_at IS NOT NULL
		 GROUP BY s.contact_id, c.name ORDER BY MAX(f.left_at) DESC LIMIT CAST($2 AS BIGINT)`)
)

func scanMessage(r db.Row) (l Line, err error) {
	err = r.Scan(db.Time(&l.At), &l.Contact, &l.Name, &l.Text, &l.Message)
	l.Text = text.Opening(l.Text, 140)
	return l, err
}

func scanMandate(r db.Row) (l Line, err error) {
	return l, r.Scan(db.Time(&l.At), &l.Contact, &l.Name, &l.Text, &l.Mandate)
}

func scanPerson(r db.Row) (l Line, err error) {
	return l, r.Scan(db.Time(&l.At), &l.Contact, &l.Name)
}
