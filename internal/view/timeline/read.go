package timeline

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// ListIn returns what happened with a contact before a cursor ("" is now), the last first, at most limit (1 to 100), and
// one more where a mandate was opened and closed at one instant. What was said to voices, or by them, in which by may not
// write, is left out; so are mandates of those. Having met somebody is everybody's.
func (v *View) ListIn(tx *db.Tx, by actor.Actor, id fact.ContactID, limit int, before string) (items []Item, next string, err error) {
	limit = min(max(limit, 1), 100)
	from, err := db.ParseCursor(before)
	if err != nil {
		return nil, "", err
	}
	at, ref := from.Before()
	items, err = db.AllScoped(tx, qList, by.Scope(actor.Author), scanItem, id, at, ref, limit+2)
	if err != nil || len(items) <= limit {
		return items, "", err
	}
	cut := limit
	if last := items[cut-1]; items[cut].At.Equal(last.At) && items[cut].Ref == last.Ref {
		cut++
	}
	if cut == len(items) {
		return items, "", nil
	}
	last := items[cut-1]
	return items[:cut], db.Cursor{At: last.At, ID: last.Ref}.Encode(), nil
}

// List is ListIn with a contact's alias followed; contact.not_found when there is none.
func (v *View) List(ctx context.Context, by actor.Actor, id fact.ContactID, limit int, before string) (items []Item, next string, err error) {
	c, err := v.contacts.Get(ctx, by, id)
	if err != nil {
		return nil, "", err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		items, next, err = v.ListIn(tx, by, c.ID, limit, before)
		return err
	})
	return items, next, err
}

// Story returns a page of 30 items, and what the relation came to and what the person told of the way that led here. It
// holds only what by may see, as ListIn.
func (v *View) Story(ctx context.Context, by actor.Actor, id fact.ContactID, before string) (s Story, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return s, err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		if s.Items, s.Next, err = v.ListIn(tx, by, id, 30, before); err != nil {
			return err
		}
		if s.Mandates, err = v.mandates.OfContactIn(tx, by, id, 20); err != nil {
			return err
		}
		s.Told, err = db.AllScoped(tx, qTold, by.Scope(actor.Author), scanTold, id)
		return err
	})
	return s, err
}
