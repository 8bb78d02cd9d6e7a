package timeline

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// Followed is the SQL of what a row is about that speaks of a subscription, « Claire Aubin, Métier » for a section, of the voice fv and
// the section fs of a query; NULL for any other row. Names change, so that they are read and not kept.
const Followed = `CASE WHEN fs.id IS NULL THEN fv.name ELSE fv.name || ', ' || fs.name END`

// fromFollows is the text from which the rows of subscriptions come, of the subscribers s and what they follow f that where is true of:
// all of one voice or of one person. Somebody subscribed when they first asked for it, and again when they came back; what somebody of
// the house or a list added is no act of theirs. They left when they follow nothing of a voice any more.
func fromFollows(where string) string {
	return `
		WITH mine AS (
			SELECT s.id, s.contact_id, f.voice_id, f.section_id, f.asked_at, f.since, f.left_at, f.replaced, CASE WHEN h.verified_at IS NULL THEN 0 ELSE 1 END AS proved
			  FROM subscribers s JOIN follows f ON f.subscriber_id = s.id LEFT JOIN handles h ON h.id = s.handle_id
			 WHERE ` + where + `)
		SELECT contact_id, voice_id, at, kind, CASE WHEN section_id = 0 THEN 'voice' ELSE 'section' END,
		       CASE WHEN section_id = 0 THEN voice_id ELSE section_id END, '', MAX(proved) = 1
		  FROM (SELECT contact_id, voice_id, section_id, asked_at AS at, 'subscribed' AS kind, proved FROM mine WHERE asked_at IS NOT NULL
		         UNION ALL
		        SELECT contact_id, voice_id, section_id, since, 'subscribed', proved FROM mine WHERE since > asked_at
		         UNION ALL
		        SELECT contact_id, voice_id, 0, MAX(left_at), 'unsubscribed', MAX(proved) FROM mine WHERE NOT replaced
		         GROUP BY id, contact_id, voice_id HAVING COUNT(left_at) = COUNT(*)) acts
		 GROUP BY contact_id, voice_id, section_id, at, kind`
}

const ofFollows = `kind IN ('subscribed', 'unsubscribed')`

var (
	qFollowsPeople = db.Q("timeline.follows_people", fromFollows(`s.contact_id IN ({in})`))
	qFollowsForget = db.Q("timeline.follows_forget", `DELETE FROM timeline WHERE contact_id IN ({in}) AND `+ofFollows)
	qFollowersNext = db.Q("timeline.followers_next", `
		SELECT DISTINCT contact_id FROM subscribers WHERE contact_id > $1 ORDER BY contact_id LIMIT CAST($2 AS BIGINT)`)
	qVoicesForget = db.Q("timeline.voices_forget", `DELETE FROM timeline WHERE voice_id IN ($1, $2) AND `+ofFollows)
	qVoicePut     = db.Q("timeline.voice_put", `
		INSERT INTO timeline (contact_id, voice_id, at, kind, ref_kind, ref, label, observed) `+fromFollows(`f.voice_id = $1`))
	qSectionGone = db.Q("timeline.section_gone", `
		SELECT DISTINCT t.contact_id FROM timeline t
		 WHERE t.voice_id = $1 AND t.ref_kind = 'section' AND NOT EXISTS (SELECT 1 FROM sections x WHERE x.id = t.ref)`)
)

func scanFollows(r db.Row) ([]row, error) {
	var t row
	err := r.Scan(&t.contact, &t.voice, &t.at, &t.kind, &t.refKind, &t.ref, &t.label, &t.observed)
	return []row{t}, err
}

// hearFollows registers what is derived from subscriptions. That somebody agreed to letters in another way adds nothing here.
func hearFollows(b *bus.Bus) {
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.SubscriptionConfirmed) error { return follows(tx, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.SubscriptionChanged) error { return follows(tx, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.TermsChanged) error {
		people, err := db.All(tx, qSectionGone, db.Scalar[fact.ContactID], f.Voice)
		if err != nil {
			return err
		}
		return follows(tx, people...)
	})
	bus.Project(b, "timeline", heir)
}

// follows writes again what people did with subscriptions.
func follows(tx *db.Tx, people ...fact.ContactID) error {
	if _, err := db.ExecIn(tx, qFollowsForget, people); err != nil {
		return err
	}
	return putFollows(tx, people)
}

func putFollows(tx *db.Tx, people []fact.ContactID) error {
	rows, err := db.AllIn(tx, qFollowsPeople, scanFollows, people)
	if err != nil {
		return err
	}
	return put(tx, rows)
}

// heir gives what was said to a voice that is no more, and by it, to its heir, and derives the subscriptions of both again: who followed
// the one may have followed the other.
func heir(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error {
	if _, err := db.Exec(tx, qVoicesForget, f.Voice, f.Heir); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qHeir, f.Voice, f.Heir); err != nil || f.Heir.IsZero() {
		return err
	}
	_, err := db.Exec(tx, qVoicePut, f.Heir)
	return err
}
