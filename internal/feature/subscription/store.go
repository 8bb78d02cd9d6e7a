package subscription

import (
	"encoding/json"
	"fmt"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const (
	askColumns        = `id, email, follows, rhythm, lang, wording, version, page, at, confirmed_at`
	subscriberColumns = `s.id, s.contact_id, s.handle_id, s.lang, s.rhythm, COALESCE(s.paused_until, ''), s.created_at`
)

var (
	qAddAsk = db.Q("subscription.add_ask", `
		INSERT INTO subscription_asks (id, digest, email, follows, rhythm, lang, wording, version, page, mailed, at, network)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qAsk     = db.Q("subscription.ask", `SELECT `+askColumns+` FROM subscription_asks WHERE id = $1 AND mailed`)
	qPending = db.Q("subscription.pending", `
		SELECT `+askColumns+` FROM subscription_asks WHERE digest = $1 AND at > $2 AND mailed ORDER BY at DESC, id DESC LIMIT 1`)
	qChangeAsk = db.Q("subscription.change_ask", `
		UPDATE subscription_asks SET follows = $2, rhythm = $3, lang = $4, wording = $5, version = $6, page = $7 WHERE id = $1`)
	qConfirmed = db.Q("subscription.confirmed", `UPDATE subscription_asks SET email = '', confirmed_at = $2 WHERE id = $1`)
	qMailed    = db.Q("subscription.mailed", `SELECT COUNT(*) FROM subscription_asks WHERE digest = $1 AND at > $2 AND mailed`)
	qMailedAll = db.Q("subscription.mailed_all", `SELECT COUNT(*) FROM subscription_asks WHERE at > $1 AND mailed`)
	qOldAsks   = db.Q("subscription.old_asks", `SELECT id FROM subscription_asks WHERE at <= $1 ORDER BY at, id LIMIT 500`)
	qDropAsks  = db.Q("subscription.drop_asks", `DELETE FROM subscription_asks WHERE id IN ({in})`)

	qAddSubscriber = db.Q("subscription.add", `
		INSERT INTO subscribers (id, contact_id, handle_id, lang, rhythm, created_at) VALUES ($1, $2, $3, $4, $5, $6)`)
	qAddSubscribers = db.Q("subscription.add_many", `
		INSERT INTO subscribers (id, contact_id, handle_id, lang, rhythm, created_at) VALUES {rows} ON CONFLICT DO NOTHING`)
	qAddFollows = db.Q("subscription.follow_many", `
		INSERT INTO follows (subscriber_id, voice_id, section_id, since) VALUES {rows} ON CONFLICT DO NOTHING`)
	qKnown     = db.Q("subscription.known", `SELECT contact_id FROM subscribers WHERE contact_id IN ({in})`)
	qByHandle  = db.Q("subscription.by_handle", `SELECT `+subscriberColumns+` FROM subscribers s WHERE s.handle_id = $1`)
	qByID      = db.Q("subscription.by_id", `SELECT `+subscriberColumns+` FROM subscribers s WHERE s.id = $1`)
	qOfContact = db.Q("subscription.of_contact", `SELECT `+subscriberColumns+` FROM subscribers s WHERE s.contact_id = $1 ORDER BY s.id`)
	qAnyOf     = db.Q("subscription.any_of", `SELECT id FROM subscribers WHERE contact_id = $1 LIMIT 1`)
	qFollowsOf = db.Q("subscription.follows_of", `
		SELECT subscriber_id, voice_id, section_id, left_at FROM follows WHERE subscriber_id IN ({in}) AND NOT replaced ORDER BY since, voice_id, section_id`)
	qChange = db.Q("subscription.change", `UPDATE subscribers SET lang = $2, rhythm = $3, paused_until = $4 WHERE id = $1`)
	// Who comes back begins again, and when they first asked for it stays. Who was brought here by a list asks for it now.
	qFollow = db.Q("subscription.follow", `
		INSERT INTO follows (subscriber_id, voice_id, section_id, since, asked_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (subscriber_id, voice_id, section_id) DO UPDATE
		   SET since = CASE WHEN follows.left_at IS NULL THEN follows.since ELSE excluded.since END, left_at = NULL, letter_id = NULL, replaced = FALSE,
		       asked_at = COALESCE(follows.asked_at, excluded.asked_at)`)
	qLeave = db.Q("subscription.leave", `
		UPDATE follows SET left_at = $3, letter_id = $4 WHERE subscriber_id = $1 AND voice_id = $2 AND left_at IS NULL`)
	qMarkLeft = db.Q("subscription.mark_left", `
		INSERT INTO follows (subscriber_id, voice_id, section_id, since, left_at, letter_id) VALUES ($1, $2, 0, $3, $3, $4)
		ON CONFLICT (subscriber_id, voice_id, section_id) DO UPDATE SET left_at = excluded.left_at, letter_id = excluded.letter_id, replaced = FALSE
		 WHERE follows.replaced`)
	qReplace = db.Q("subscription.replace", `
		UPDATE follows SET left_at = $4, replaced = TRUE WHERE subscriber_id = $1 AND voice_id = $2 AND section_id = $3 AND left_at IS NULL`)

	qFollowers = db.Q("subscription.followers", `
		SELECT `+subscriberColumns+`
		  FROM subscribers s
		 WHERE s.id > $3 AND s.rhythm = 'each' AND COALESCE(s.paused_until, '') <= $4
		   AND EXISTS (SELECT 1 FROM follows f
		                WHERE f.subscriber_id = s.id AND f.voice_id = $1 AND f.left_at IS NULL AND (f.section_id = 0 OR f.section_id = $2))
		 ORDER BY s.id LIMIT CAST($5 AS BIGINT)`)
	qDigests = db.Q("subscription.digests", `
		SELECT `+subscriberColumns+`
		  FROM subscribers s
		 WHERE s.id > $2 AND s.rhythm = $1 AND COALESCE(s.paused_until, '') <= $3
		   AND EXISTS (SELECT 1 FROM follows f WHERE f.subscriber_id = s.id AND f.left_at IS NULL)
		 ORDER BY s.id LIMIT CAST($4 AS BIGINT)`)
	qCount = db.Q("subscription.count", `
		SELECT s.rhythm, COUNT(DISTINCT s.contact_id)
		  FROM subscribers s
		 WHERE COALESCE(s.paused_until, '') <= $3
		   AND EXISTS (SELECT 1 FROM follows f
		                WHERE f.subscriber_id = s.id AND f.voice_id = $1 AND f.left_at IS NULL AND (f.section_id = 0 OR f.section_id = $2))
		 GROUP BY s.rhythm`)
	qCounts = db.ScopedQ("subscription.counts", `
		SELECT f.voice_id, s.rhythm, COUNT(DISTINCT s.contact_id)
		  FROM follows f JOIN subscribers s ON s.id = f.subscriber_id
		 WHERE f.left_at IS NULL AND COALESCE(s.paused_until, '') <= $1 AND {scope:f.voice_id}
		 GROUP BY f.voice_id, s.rhythm`)
	// A contact with two addresses is barred by the one that left only when no other follows.
	qBarred = db.Q("subscription.barred", `
		SELECT s.contact_id, MAX(CASE WHEN f.left_at IS NULL THEN 1 ELSE 0 END) = 1,
		       MIN(CASE WHEN f.left_at IS NULL AND COALESCE(s.paused_until, '') <= $2 THEN 0 ELSE 1 END) = 1
		  FROM subscribers s JOIN follows f ON f.subscriber_id = s.id
		 WHERE f.voice_id = $1 AND NOT f.replaced AND s.contact_id IN ({in})
		 GROUP BY s.contact_id`)

	qPart        = db.Q("subscription.part", `UPDATE subscribers SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qMerge       = db.Q("subscription.merge", `UPDATE subscribers SET contact_id = $2 WHERE contact_id = $1`)
	qIDsOf       = db.Q("subscription.ids_of", `SELECT id FROM subscribers WHERE contact_id = $1`)
	qIDOfHandle  = db.Q("subscription.id_of_handle", `SELECT id FROM subscribers WHERE handle_id = $1`)
	qDropFollows = db.Q("subscription.drop_follows", `DELETE FROM follows WHERE subscriber_id IN ({in})`)
	qDropThose   = db.Q("subscription.drop_those", `DELETE FROM subscribers WHERE id IN ({in})`)
	qReaddress   = db.Q("subscription.readdress", `UPDATE subscribers SET handle_id = $2 WHERE handle_id = $1`)
	qInherit     = db.Q("subscription.inherit", `
		INSERT INTO follows (subscriber_id, voice_id, section_id, since, asked_at)
		SELECT subscriber_id, CAST($2 AS BIGINT), 0, MIN(since), MIN(asked_at) FROM follows WHERE voice_id = $1 AND left_at IS NULL GROUP BY subscriber_id
		ON CONFLICT (subscriber_id, voice_id, section_id) DO UPDATE
		   SET asked_at = excluded.asked_at,
		       since = CASE WHEN follows.asked_at IS NULL AND excluded.asked_at < follows.since THEN excluded.asked_at ELSE follows.since END
		 WHERE excluded.asked_at IS NOT NULL AND (follows.asked_at IS NULL OR excluded.asked_at < follows.asked_at)`)
	qDropVoice    = db.Q("subscription.drop_voice", `DELETE FROM follows WHERE voice_id = $1`)
	qSectionsOf   = db.Q("subscription.sections_of", `SELECT DISTINCT section_id FROM follows WHERE voice_id = $1 AND section_id <> 0`)
	qDropSections = db.Q("subscription.drop_sections", `DELETE FROM follows WHERE section_id IN ({in})`)
)

func scanAsk(r db.Row) (a Ask, err error) {
	err = r.Scan(&a.ID, &a.Email, db.FromJSON(&a.Follows), &a.Rhythm, &a.Lang, &a.Wording, &a.Version, &a.Page, db.Time(&a.At), db.Time(&a.ConfirmedAt))
	return a, err
}

func followsJSON(all []Follow) string {
	b, err := json.Marshal(all)
	if err != nil {
		panic(fmt.Sprintf("subscription: %v", err)) // ids
	}
	return string(b)
}

func scanSubscriber(r db.Row) (s Subscriber, err error) {
	err = r.Scan(&s.ID, &s.Contact, &s.Handle, &s.Lang, &s.Rhythm, &s.PausedUntil, db.Time(&s.CreatedAt))
	return s, err
}

// subscribersIn returns the subscribers of a query with what they follow.
func subscribersIn(tx *db.Tx, q db.Query, args ...any) ([]Subscriber, error) {
	all, err := db.All(tx, q, scanSubscriber, args...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	at := map[fact.SubscriberID]int{}
	ids := make([]fact.SubscriberID, len(all))
	for i, s := range all {
		at[s.ID], ids[i] = i, s.ID
	}
	type row struct {
		of fact.SubscriberID
		Follow
		left bool
	}
	rows, err := db.AllIn(tx, qFollowsOf, func(r db.Row) (x row, err error) {
		var left *int64
		err = r.Scan(&x.of, &x.Voice, &x.Section, &left)
		x.left = left != nil
		return x, err
	}, ids)
	for _, x := range rows {
		s := &all[at[x.of]]
		if x.left {
			s.Left = append(s.Left, x.Voice)
		} else {
			s.Follows = append(s.Follows, x.Follow)
		}
	}
	return all, err
}
