package newsletter

import (
	"context"
	"strings"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Welcome is what a voice says to who begins to follow it.
type Welcome struct {
	Voice  fact.VoiceID
	Silent bool   // no welcome leaves
	Body   string // Markdown with merge fields, in the language of the voice; "" is the words of the program

	html string
}

// maxWelcome is how long it may be, in bytes: a welcome is no treatise.
const maxWelcome = 10_000

var (
	qWelcome     = db.Q("letter.welcome", `SELECT voice_id, silent, body, html FROM letter_welcomes WHERE voice_id = $1`)
	qKeepWelcome = db.Q("letter.keep_welcome", `
		INSERT INTO letter_welcomes (voice_id, silent, body, html, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (voice_id) DO UPDATE SET silent = $2, body = $3, html = $4, updated_at = $5`)
	qDropWelcome = db.Q("letter.drop_welcome", `DELETE FROM letter_welcomes WHERE voice_id = $1`)
)

// welcomeIn returns what a voice says, or that it says nothing of its own.
func welcomeIn(tx *db.Tx, id fact.VoiceID) (Welcome, error) {
	w, found, err := db.Maybe(tx, qWelcome, func(r db.Row) (w Welcome, err error) {
		return w, r.Scan(&w.Voice, &w.Silent, &w.Body, &w.html)
	}, id)
	if !found {
		w = Welcome{Voice: id}
	}
	return w, err
}

// publicVoiceIn returns a voice that speaks to strangers, for who edits in it.
func (s *Service) publicVoiceIn(tx *db.Tx, by actor.Actor, id fact.VoiceID) (voice.Voice, error) {
	v, err := s.o.Voices.GetIn(tx, id)
	if err == nil {
		err = by.Require(actor.Editor, int64(id))
	}
	if err == nil && !v.Public() {
		err = fault.NotFound("voice")
	}
	return v, err
}

// Welcome returns what a voice says to who begins to follow it. Editors of the voice may.
func (s *Service) Welcome(ctx context.Context, by actor.Actor, id fact.VoiceID) (v voice.Voice, w Welcome, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if v, err = s.publicVoiceIn(tx, by, id); err == nil {
			w, err = welcomeIn(tx, id)
		}
		return err
	})
	return v, w, err
}

// SetWelcome changes it. Editors of the voice may. Problems are at body.
func (s *Service) SetWelcome(ctx context.Context, by actor.Actor, w Welcome) error {
	v, err := s.o.Voices.Get(ctx, w.Voice)
	if err != nil {
		return err
	}
	var p fault.Problems
	if w.Body = strings.TrimSpace(w.Body); len(w.Body) > maxWelcome {
		p.Add("body", "too_long", maxWelcome)
		return p.Err()
	}
	if w.html = ""; w.Body != "" {
		w.html = string(text.Render(w.Body, text.Options{Lang: v.Lang, Absolute: s.o.Places.Last().House("/"), HeadingOffset: 1}).HTML)
	}
	addFields(&p, "body", edition.BodyProblems(v.Lang, text.HTML(w.html)))
	if err := p.Err(); err != nil {
		return err
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.publicVoiceIn(tx, by, w.Voice); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qKeepWelcome, w.Voice, w.Silent, w.Body, w.html, db.At(tx.Now())); err != nil {
			return err
		}
		return s.o.Media.ReferIn(tx, by, welcomeUse(w.Voice), media.IDsIn(w.Body))
	})
}

// welcomeUse is what shows the pictures of a welcome.
func welcomeUse(id fact.VoiceID) media.Use {
	return media.Use{Kind: "welcome", Subject: int64(id), Voice: id, Published: true, Public: true}
}

// dropWelcomeIn forgets the welcome of a voice that is no more.
func (s *Service) dropWelcomeIn(tx *db.Tx, id fact.VoiceID) error {
	if _, err := db.Exec(tx, qDropWelcome, id); err != nil {
		return err
	}
	return s.o.Media.ReferIn(tx, actor.System(), welcomeUse(id), nil)
}

// PreviewWelcome returns the letter of welcome as somebody whose name is not known would get it now. Editors of the voice may.
func (s *Service) PreviewWelcome(ctx context.Context, by actor.Actor, id fact.VoiceID) (v Shown, err error) {
	var k kept
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		voice, err := s.publicVoiceIn(tx, by, id)
		if err != nil {
			return err
		}
		w, err := welcomeIn(tx, id)
		if err == nil {
			k, err = s.setWelcomeIn(tx, w, voice.Lang, "")
		}
		return err
	})
	if err != nil {
		return v, err
	}
	form := s.o.Places.Last().House("/subscribe")
	v.Subject, v.HTML, v.Text = k.For(edition.Person{Unsubscribe: form, Preferences: form})
	v.Preheader, v.From, v.Address = k.Preheader, k.FromName, k.FromEmail
	return v, nil
}
