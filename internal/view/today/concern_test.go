package today_test

import (
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/view/timeline/timelinetest"
)

var (
	qSubscribe = db.Query{Name: "test.subscribe", SQL: `INSERT INTO subscribers (id, contact_id, handle_id, lang, rhythm, paused_until, created_at) VALUES ($1, $2, $1, 'fr-FR', 'each', NULL, 0)`}
	qFollows   = db.Query{Name: "test.follows", SQL: `INSERT INTO follows (subscriber_id, voice_id, section_id, since, left_at, letter_id) VALUES ($1, $2, $3, 0, NULL, NULL)`}
)

// A new article names the people whom it concerns, with why: who talked under what shares its words, who follows its section; not who said
// something already, not who objects, and nobody of another voice.
func TestANewArticleNamesWhomItConcerns(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		write := func(title string, tags ...string) post.Post {
			p, err := w.Posts.Create(t.Context(), w.Claire, post.Input{Voice: w.Voice.ID, Title: title, Body: "Une phrase.", Section: "Métier", Tags: tags})
			w.Must(err)
			p, err = w.Posts.Publish(t.Context(), w.Claire, p.ID)
			w.Must(err)
			return p
		}
		talk := func(p post.Post, name, email string) fact.ContactID {
			m := w.Comment(p, name, email, "Et chez vous ?")
			w.Must(w.Inbox.Approve(t.Context(), w.Claire, m.ID))
			found, err := w.Inbox.Get(t.Context(), w.Claire, m.ID)
			w.Must(err)
			return found.Contact
		}
		oak, stairs := write("Le prix du chêne", "bois"), write("Treize marches", "escalier")
		paul, zoe, ana := talk(oak, "Paul", "paul@kervella.example"), talk(oak, "Zoé", "zoe@ailleurs.example"), talk(oak, "Ana", "ana@legoff.example")
		talk(stairs, "Yves", "yves@ailleurs.example")
		w.Clock.Advance(30 * 24 * time.Hour)
		if got := get(w).Concerned; !got.Post.IsZero() {
			t.Errorf("an old article is proposed: %+v", got)
		}
		p := write("Le châtaignier", "bois")
		talk(p, "Zoé", "zoe@ailleurs.example")
		w.Must(w.Consents.RecordEach(t.Context(), w.Claire, ana, []consent.Evidence{{Basis: consent.Objection, Jurisdiction: "FR", Source: "Au téléphone"}}))
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			section, err := db.One(tx, db.Query{Name: "test.section", SQL: `SELECT section_id FROM public_posts WHERE post_id = $1`}, db.Scalar[int64], p.ID)
			if err != nil {
				return err
			}
			if _, err := db.Exec(tx, qSubscribe, 1, paul); err != nil {
				return err
			}
			_, err = db.Exec(tx, qFollows, 1, w.Voice.ID, section)
			return err
		}))
		got := get(w).Concerned
		if got.Post != p.ID || len(got.People) != 1 || got.People[0].Contact != paul || got.People[0].Said != "Le prix du chêne" || !got.People[0].Follows {
			t.Errorf("proposed: %+v (Paul is %v, Zoé %v, Ana %v)", got, paul, zoe, ana)
		}
		other := w.AddVoice("L’atelier", "atelier")
		theirs, err := view(w).Get(t.Context(), w.Person(actor.Author, other))
		w.Must(err)
		if !theirs.Concerned.Post.IsZero() {
			t.Errorf("whoever writes in another voice sees %+v", theirs.Concerned)
		}
	})
}
