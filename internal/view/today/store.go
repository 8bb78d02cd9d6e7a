package today

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/db"
	"causerie/internal/platform/money"
	"causerie/internal/platform/text"
)

var (
	qScheduled = db.ScopedQ("today.scheduled", `
		SELECT p.id, CASE WHEN p.title <> '' THEN p.title ELSE SUBSTR(p.plain, 1, 200) END, p.kind, COALESCE(v.name, ''), p.publish_at
		  FROM posts p LEFT JOIN voices v ON v.id = p.voice_id
		 WHERE p.status = 'scheduled' AND p.publish_at <= $1 AND p.deleted_at IS NULL AND {scope:p.voice_id}
		 ORDER BY p.publish_at, p.id LIMIT 10`)
	// Of those made since $2, the newest thousand.
	qLeaving = db.ScopedQ("today.leaving", `
		SELECT state, COUNT(*)
		  FROM (SELECT state, at FROM deliveries WHERE id >= $2 AND {scope:voice_id} ORDER BY id DESC LIMIT 1000) x
		 WHERE at >= $1 GROUP BY state`)
	// The requests of the month; of each that a person had come before, when they first did.
	qRequests = db.ScopedQ("today.requests", `
		SELECT COUNT(*), COUNT(first), MIN(first)
		  FROM (SELECT (SELECT MIN(t.at) FROM timeline t
		                 WHERE t.contact_id = asked.contact_id AND t.at < asked.at AND t.kind IN ('commented', 'asked', 'subscribed') AND {scope:t.voice_id}) AS first
		          FROM (SELECT contact_id, at FROM messages
		                 WHERE direction = 'in' AND kind = 'request' AND at >= $1 AND moderation = 'visible' AND {scope:voice_id}
		                 ORDER BY at LIMIT 1000) asked) x`)
	qWon = db.ScopedQ("today.won", `
		SELECT currency, COUNT(*), `+mandate.SumOfAmounts+`
		  FROM mandates WHERE stage = 'won' AND deleted_at IS NULL AND updated_at >= $1 AND closed_at >= $1 AND {scope:voice_id}
		 GROUP BY currency ORDER BY currency`)
	qPublished = db.Q("today.published", `SELECT id FROM posts WHERE status = 'published' AND deleted_at IS NULL LIMIT 1`)
	qDraft     = db.ScopedQ("today.draft", `
		SELECT p.id, p.title FROM posts p
		 WHERE p.status = 'writing' AND p.kind = 'article' AND p.deleted_at IS NULL AND {scope:p.voice_id}
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT 1`)
	qMain = db.Q("today.main", `
		SELECT id, portrait_id FROM voices
		 WHERE id = (SELECT voice_id FROM voice_homes WHERE host = '' AND root = '' AND until IS NULL)`)
	qAccounts = db.Q("today.accounts", `SELECT COUNT(*) FROM (SELECT id FROM accounts LIMIT 2) x`)
)

func scanGoing(r db.Row) (g Going, err error) {
	err = r.Scan(&g.Post, &g.Title, &g.Kind, &g.Voice, db.Time(&g.At))
	g.Title = text.Excerpt(g.Title, 90)
	return g, err
}

type draft struct {
	id    fact.PostID
	title string
}

func scanDraft(r db.Row) (d draft, err error) {
	err = r.Scan(&d.id, &d.title)
	d.title = text.Excerpt(d.title, 90)
	return d, err
}

// main is the voice at the root of the house.
type main struct {
	voice    fact.VoiceID
	portrait fact.MediaID
}

func scanMain(r db.Row) (m main, err error) {
	err = r.Scan(&m.voice, &m.portrait)
	return m, err
}

type count struct {
	state string
	n     int
}

func scanCount(r db.Row) (c count, err error) {
	err = r.Scan(&c.state, &c.n)
	return c, err
}

// asked is what qRequests tells.
type asked struct {
	requests, readers int
	since             time.Time
}

func scanAsked(r db.Row) (a asked, err error) {
	err = r.Scan(&a.requests, &a.readers, db.Time(&a.since))
	return a, err
}

type won struct {
	n int
	money.Amount
}

func scanWon(r db.Row) (w won, err error) {
	err = r.Scan(&w.Currency, &w.n, &w.Cents)
	return w, err
}
