package api

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// qBlankAnswers empties the answers that name somebody: whoever asks again with the key is told that it was done, and no more.
var qBlankAnswers = db.Q("idempotent_answer.blank", `UPDATE idempotent_answers SET body = '{}' WHERE status <> 0 AND body LIKE $1`)

// Listen registers what the API forgets: the answers kept for an Idempotency-Key may name somebody who is erased.
func Listen(b *bus.Bus) {
	bus.Project(b, "api", func(tx *db.Tx, _ bus.Event, f fact.ContactErased) error {
		_, err := db.Exec(tx, qBlankAnswers, "%"+f.Contact.String()+"%")
		return err
	})
}

// eraseContact forgets somebody, for good.
func (a *API) eraseContact(c *call, in *oneInput) (*none, error) {
	id, err := parse[fact.ContactID]("contact", in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Contacts.Erase(c.ctx, c.by, id)
}
