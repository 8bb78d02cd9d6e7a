package disclosure

import (
	"context"
	"encoding/json"
	"io"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/view/timeline"
)

// View reads what the house holds about somebody.
type View struct {
	db       *db.DB
	house    *house.Service
	contacts *contact.Service
	timeline *timeline.View
}

// New returns the view.
func New(d *db.DB, h *house.Service, c *contact.Service, t *timeline.View) *View {
	return &View{db: d, house: h, contacts: c, timeline: t}
}

// Copy is what one person of the house may give to somebody of what is held about them.
type Copy struct {
	Head
	view  *View
	by    actor.Actor
	id    fact.ContactID
	scope actor.Scope
	all   bool // what belongs to no voice too
}

// Of begins the copy of somebody, an alias leading to the person it became. Editors of any voice may; contact.not_found when
// there is nobody.
func (v *View) Of(ctx context.Context, by actor.Actor, id fact.ContactID) (c *Copy, err error) {
	if err := by.RequireAnywhere(actor.Editor); err != nil {
		return nil, err
	}
	c = &Copy{view: v, by: by, scope: by.Scope(actor.Author), all: by.On(0) >= actor.Owner}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		p, err := v.contacts.GetIn(tx, id)
		if err != nil {
			return err
		}
		h, err := v.house.GetIn(tx)
		if err != nil {
			return err
		}
		c.id = p.ID
		c.Head = Head{Format: Format, House: h.Name, MadeAt: tx.Now(), Person: personOf(p), Consents: []Consent{}, Follows: []Follow{}}
		if c.Person.Merged, err = db.All(tx, qAliases, scanAlias, p.ID); err != nil {
			return err
		}
		if c.Person.Merged == nil {
			c.Person.Merged = []Another{}
		}
		if err := c.Person.fields(tx, p.ID); err != nil {
			return err
		}
		if err := v.earlier(tx, &c.Person, p.ID); err != nil {
			return err
		}
		rows, err := db.All(tx, qConsents, scanConsent, p.ID)
		if err != nil {
			return err
		}
		c.Consents = append(c.Consents, rows...)
		follows, err := db.All(tx, qFollows, scanFollow, p.ID)
		if err != nil {
			return err
		}
		c.Follows = append(c.Follows, follows...)
		c.Complete, err = c.whole(tx)
		return err
	})
	return c, err
}

// whole reports whether who asks may see all that there is.
func (c *Copy) whole(tx *db.Tx) (bool, error) {
	seen, err := db.AllScoped(tx, qCount, c.scope, db.Scalar[int64], c.id, c.all)
	if err != nil {
		return false, err
	}
	there, err := db.AllScoped(tx, qCount, actor.Scope{All: true}, db.Scalar[int64], c.id, true)
	return err == nil && len(seen) == 1 && seen[0] == there[0], err
}

func personOf(c contact.Contact) Person {
	p := Person{ID: c.ID.String(), Name: c.Name, Company: c.Company, Role: c.Role, Place: c.Place, Lang: c.Lang, Note: c.Note, Origin: c.Origin, LastAt: instant(c.LastAt),
		CreatedAt: instant(c.CreatedAt), UpdatedAt: instant(c.UpdatedAt), Handles: []Handle{}, Fields: []Known{}}
	for _, h := range c.Handles {
		p.Handles = append(p.Handles, Handle{h.Channel, h.Value, instant(h.VerifiedAt), instant(h.CreatedAt)})
	}
	return p
}

// fields reads what is known of p, and on the cards that were merged into theirs, in fields of the house.
func (p *Person) fields(tx *db.Tx, id fact.ContactID) error {
	type row struct {
		of fact.ContactID
		Known
	}
	rows, err := db.All(tx, qKnown, func(r db.Row) (k row, err error) { return k, r.Scan(&k.of, &k.Name, &k.Value) }, id)
	for _, k := range rows {
		to := &p.Fields
		for i := range p.Merged {
			if p.Merged[i].ID == k.of.String() {
				to = &p.Merged[i].Fields
			}
		}
		*to = append(*to, k.Known)
	}
	return err
}

// earlier adds the cards as they were before others joined them, which are kept to part them again.
func (v *View) earlier(tx *db.Tx, p *Person, id fact.ContactID) error {
	rows, err := db.All(tx, qBefore, scanBefore, id)
	if err != nil || len(rows) == 0 {
		return err
	}
	fields, err := v.contacts.FieldsIn(tx)
	for _, b := range rows {
		a := Another{ID: b.id.String(), Name: b.Card.Name, Company: b.Card.Company, Role: b.Card.Role, Place: b.Card.Place, Note: b.Card.Note, Fields: []Known{}}
		for _, f := range fields {
			if value := b.Card.Values[f.ID]; value != "" {
				a.Fields = append(a.Fields, Known{f.Name, value})
			}
		}
		p.Merged = append(p.Merged, a)
	}
	return err
}

// Messages calls fn with each message, in the order in which they came here.
func (c *Copy) Messages(ctx context.Context, fn func(Message) error) error {
	return each(ctx, c, qMessages, scanMessage, fn)
}

// Mandates calls fn with each mandate, in the order in which they were opened.
func (c *Copy) Mandates(ctx context.Context, fn func(Mandate) error) error {
	return each(ctx, c, qMandates, scanMandate, fn)
}

// Deliveries calls fn with all that left for them or waits to.
func (c *Copy) Deliveries(ctx context.Context, fn func(Delivery) error) error {
	return each(ctx, c, qDeliveries, scanDelivery, fn, c.all)
}

// Moments calls fn with all that happened, the last first.
func (c *Copy) Moments(ctx context.Context, fn func(Moment) error) error {
	for cursor := ""; ; {
		items, next, err := c.view.timeline.List(ctx, c.by, c.id, 100, cursor)
		if err != nil {
			return err
		}
		for _, it := range items {
			m := Moment{At: instant(it.At), Kind: it.Kind, Label: it.Label, Observed: it.Observed}
			if m.Label == "" {
				m.Label = it.Words
			}
			if err := fn(m); err != nil {
				return err
			}
		}
		if cursor = next; next == "" {
			return nil
		}
	}
}

// each reads step rows at a time, and calls fn outside of the snapshot.
func each[T any](ctx context.Context, c *Copy, q db.Scoped, scan func(db.Row) (row[T], error), fn func(T) error, more ...any) error {
	for after := int64(0); ; {
		var rows []row[T]
		err := c.view.db.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = db.AllScoped(tx, q, c.scope, scan, append([]any{c.id, after, step}, more...)...)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r.what); err != nil {
				return err
			}
			after = r.id
		}
		if len(rows) < step {
			return nil
		}
	}
}

// WriteJSON writes the copy as one object, piece by piece (see Document).
func (c *Copy) WriteJSON(ctx context.Context, w io.Writer) error {
	head, err := json.Marshal(c.Head)
	if err != nil {
		return err
	}
	if _, err := w.Write(head[:len(head)-1]); err != nil {
		return err
	}
	err = list(w, "messages", func(fn func(Message) error) error { return c.Messages(ctx, fn) })
	if err == nil {
		err = list(w, "mandates", func(fn func(Mandate) error) error { return c.Mandates(ctx, fn) })
	}
	if err == nil {
		err = list(w, "deliveries", func(fn func(Delivery) error) error { return c.Deliveries(ctx, fn) })
	}
	if err == nil {
		err = list(w, "timeline", func(fn func(Moment) error) error { return c.Moments(ctx, fn) })
	}
	if err == nil {
		_, err = io.WriteString(w, "}\n")
	}
	return err
}

// list writes one array, an item a line.
func list[T any](w io.Writer, name string, items func(fn func(T) error) error) error {
	if _, err := io.WriteString(w, ",\n\""+name+"\":["); err != nil {
		return err
	}
	sep := "\n"
	err := items(func(one T) error {
		b, err := json.Marshal(one)
		if err != nil {
			return err
		}
		_, err = w.Write(append([]byte(sep), b...))
		sep = ",\n"
		return err
	})
	if err == nil {
		_, err = io.WriteString(w, "]")
	}
	return err
}
