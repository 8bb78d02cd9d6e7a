package api

import (
	"net/http"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

type letterJSON struct {
	ID        string        `json:"id"`
	Voice     *string       `json:"voice" doc:"slug"`
	Kind      string        `json:"kind" enum:"letter,digest"`
	Post      *string       `json:"post" doc:"id of the post that it carries; null when it was written for itself"`
	Subject   string        `json:"subject" doc:"empty for the title of the post"`
	Body      string        `json:"body" doc:"Markdown, with merge fields such as {prénom}"`
	Excerpt   bool          `json:"excerpt" doc:"of a post: its beginning, and where the rest stands"`
	Audience  string        `json:"audience" doc:"letter for all who follow the voice, or the id of a segment"`
	State     string        `json:"state" enum:"draft,with_post,scheduled,sending,paused,sent,cancelled" doc:"sent: nothing of it waits any more"`
	SendAt    *time.Time    `json:"send_at"`
	CreatedAt *time.Time    `json:"created_at"`
	BegunAt   *time.Time    `json:"begun_at"`
	Counts    []outcomeJSON `json:"counts" nullable:"false" doc:"of its recipients; empty in lists"`
}

type outcomeJSON struct {
	State  string  `json:"state"`
	Reason *string `json:"reason"`
	Count  int     `json:"count"`
}

type letterBody struct {
	Voice    opt[string] `json:"voice,omitempty" doc:"slug or id; the post's when absent"`
	Post     opt[string] `json:"post,omitempty" doc:"id of a post that strangers see, which leaves as the letter"`
	Subject  opt[string] `json:"subject,omitempty" doc:"the title of the post when absent"`
	Body     opt[string] `json:"body,omitempty" doc:"Markdown, in place of post"`
	Excerpt  opt[bool]   `json:"excerpt,omitempty"`
	Audience opt[string] `json:"audience,omitempty" doc:"letter (also when absent), or the id of a segment"`
}

type sendBody struct {
	At opt[time.Time] `json:"at,omitempty" doc:"when it leaves; now when absent or past"`
}

type recipientsInput struct {
	ListInput
	ID    string `path:"id"`
	State string `query:"state"`
}

type holdJSON struct {
	Held bool `json:"held" doc:"all that leaves is held"`
}

func (a *API) letterRoutes(r *register) {
	read(r, "/letters", "listLetters", a.listLetters)
	write(r, http.MethodPost, "/letters", "createLetter", http.StatusCreated, a.createLetter)
	read(r, "/letters/{id}", "getLetter", func(c *call, in *oneInput) (letterJSON, error) {
		id, err := parse[fact.LetterID]("letter", in.ID)
		if err != nil {
			return letterJSON{}, err
		}
		return a.getLetter(c, id)
	})
	write(r, http.MethodPost, "/letters/{id}/send", "sendLetter", http.StatusOK, func(c *call, in *oneInput, b *sendBody) (letterJSON, error) {
		return a.steer(c, in, func(id fact.LetterID) error { return a.Letters.Send(c.ctx, c.by, id, b.At.V) })
	})
	act(r, http.MethodPost, "/letters/{id}/pause", "pauseLetter", http.StatusOK, func(c *call, in *oneInput) (letterJSON, error) {
		return a.steer(c, in, func(id fact.LetterID) error { return a.Letters.Pause(c.ctx, c.by, id) })
	})
	act(r, http.MethodPost, "/letters/{id}/resume", "resumeLetter", http.StatusOK, func(c *call, in *oneInput) (letterJSON, error) {
		return a.steer(c, in, func(id fact.LetterID) error { return a.Letters.Resume(c.ctx, c.by, id) })
	})
	act(r, http.MethodPost, "/letters/{id}/cancel", "cancelLetter", http.StatusOK, func(c *call, in *oneInput) (letterJSON, error) {
		return a.steer(c, in, func(id fact.LetterID) error { return a.Letters.Cancel(c.ctx, c.by, id) })
	})
	read(r, "/letters/{id}/recipients", "listRecipients", a.listRecipients)
	read(r, "/hold", "getHold", func(c *call, _ *none) (holdJSON, error) {
		held, err := a.Deliveries.Held(c.ctx)
		return holdJSON{held}, err
	})
	act(r, http.MethodPost, "/hold", "holdAll", http.StatusCreated, func(c *call, _ *none) (holdJSON, error) {
		return holdJSON{true}, a.Deliveries.HoldAll(c.ctx, c.by, true)
	})
	act(r, http.MethodDelete, "/hold", "releaseAll", http.StatusNoContent, func(c *call, _ *none) (none, error) {
		return none{}, a.Deliveries.HoldAll(c.ctx, c.by, false)
	})
}

func (a *API) listLetters(c *call, in *ListInput) (page[letterJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[letterJSON]{}, err
	}
	k, err := a.knownVoices(c)
	if err != nil {
		return page[letterJSON]{}, err
	}
	found, next, err := a.Letters.List(c.ctx, c.by, words(in.Cursor), n)
	return newPage(found, next, func(l newsletter.Letter) letterJSON { return showLetter(k, l, nil) }), err
}

func (a *API) createLetter(c *call, _ *none, b *letterBody) (letterJSON, error) {
	in := newsletter.Input{Subject: b.Subject.V, Body: b.Body.V, Excerpt: b.Excerpt.V, Audience: b.Audience.V}
	var bad fault.Problems
	in.Post = value(parseField[fact.PostID]("post", b.Post, &bad))
	if err := bad.Err(); err != nil {
		return letterJSON{}, err
	}
	id, err := create(c, func(tx *db.Tx) (fact.LetterID, error) {
		in := in
		if b.Voice.V != "" {
			v, err := a.voiceIn(tx, c.by, "voice", b.Voice.V)
			if err != nil {
				return 0, err
			}
			in.Voice = v.ID
		}
		l, err := a.Letters.CreateIn(tx, c.by, in)
		return l.ID, err
	})
	if err != nil {
		return letterJSON{}, err
	}
	return a.getLetter(c, id)
}

// steer does something with a letter, and shows what became of it.
func (a *API) steer(c *call, in *oneInput, do func(fact.LetterID) error) (letterJSON, error) {
	id, err := parse[fact.LetterID]("letter", in.ID)
	if err == nil {
		err = do(id)
	}
	if err != nil {
		return letterJSON{}, err
	}
	return a.getLetter(c, id)
}

func (a *API) getLetter(c *call, id fact.LetterID) (letterJSON, error) {
	l, counts, err := a.Letters.Outcome(c.ctx, c.by, id)
	if err != nil {
		return letterJSON{}, err
	}
	k, err := a.knownVoices(c)
	return showLetter(k, l, counts), err
}

func (a *API) listRecipients(c *call, in *recipientsInput) (page[deliveryJSON], error) {
	id, err := parse[fact.LetterID]("letter", in.ID)
	if err != nil {
		return page[deliveryJSON]{}, err
	}
	n, err := in.size()
	if err == nil {
		err = oneOf("state", in.State, delivery.States()...)
	}
	if err != nil {
		return page[deliveryJSON]{}, err
	}
	k, err := a.knownVoices(c)
	if err != nil {
		return page[deliveryJSON]{}, err
	}
	found, next, err := a.Letters.Recipients(c.ctx, c.by, id, in.State, words(in.Cursor), n)
	return newPage(found, next, func(d delivery.Delivery) deliveryJSON { return a.showDelivery(c.lang, k, d) }), err
}

func showLetter(k voices, l newsletter.Letter, counts []delivery.Tally) letterJSON {
	out := letterJSON{ID: l.ID.String(), Voice: k.slug(l.Voice), Kind: l.Kind, Post: orNull(l.Post.String()), Subject: l.Subject, Body: l.Body,
		Excerpt: l.Excerpt, Audience: l.Audience, State: l.State, SendAt: instant(l.SendAt), CreatedAt: instant(l.CreatedAt), BegunAt: instant(l.BegunAt),
		Counts: []outcomeJSON{}}
	for _, t := range counts {
		out.Counts = append(out.Counts, outcomeJSON{State: t.State, Reason: orNull(t.Reason), Count: t.N})
	}
	return out
}
