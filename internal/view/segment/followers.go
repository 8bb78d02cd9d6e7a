package segment

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Those to whom a letter of a voice is handed over, as package subscription finds them (FollowersIn): each person once, who hears from it each
// time it publishes and does not pause.
var qFollowers = db.Q("segment.followers", `
	SELECT COALESCE(st.letter, 0), COUNT(*)
	  FROM (SELECT DISTINCT s.contact_id
	          FROM follows f JOIN subscribers s ON s.id = f.subscriber_id
	         WHERE f.voice_id = $1 AND f.left_at IS NULL AND (f.section_id = 0 OR f.section_id = $2)
	           AND s.rhythm = 'each' AND COALESCE(s.paused_until, '') <= $3) w
	  LEFT JOIN consent_standings st ON st.contact_id = w.contact_id
	 GROUP BY 1`)

// Followers says to whom of those who follow a voice, or one of its sections when section is not zero, a letter would go now. It tells
// numbers and nobody's name: authors of the voice may.
func (v *View) Followers(ctx context.Context, by actor.Actor, voice fact.VoiceID, section fact.SectionID) (a Audience, err error) {
	if err := by.Require(actor.Author, int64(voice)); err != nil {
		return a, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		day, _, err := v.now(tx)
		if err != nil {
			return err
		}
		all, err := db.All(tx, qFollowers, scanStood, voice, int64(section), day)
		a = told(all, day)
		return err
	})
	return a, err
}
