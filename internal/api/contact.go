package api

import (
	"cmp"
	"net/http"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/view/timeline"
)

type contactJSON struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Email     string       `json:"email" doc:"to write to; a verified one first"`
	Company   string       `json:"company"`
	Role      string       `json:"role"`
	Place     string       `json:"place" doc:"the town where they are"`
	Lang      string       `json:"lang" enum:"fr-FR,fr-CA,en"`
	Note      string       `json:"note"`
	Origin    string       `json:"origin" enum:"comment,request,subscription,manual,import,api"`
	Handles   []handleJSON `json:"handles" nullable:"false"`
	Fields    ownJSON      `json:"fields" nullable:"false" doc:"what is known in the fields of the house (GET /fields), by their names: a text, a day (YYYY-MM-DD), a number, or one of the choices"`
	LastAt    *time.Time   `json:"last_at" doc:"the last word from them or to them"`
	CreatedAt *time.Time   `json:"created_at"`
	UpdatedAt *time.Time   `json:"updated_at"`
}

type handleJSON struct {
	ID         string     `json:"id"`
	Channel    string     `json:"channel" enum:"email,phone,web,fediverse"`
	Value      string     `json:"value"`
	VerifiedAt *time.Time `json:"verified_at" doc:"when its owner proved it"`
}

type contactBody struct {
	Name    opt[string]  `json:"name,omitempty"`
	Email   opt[string]  `json:"email,omitempty"`
	Phone   opt[string]  `json:"phone,omitempty"`
	Company opt[string]  `json:"company,omitempty"`
	Role    opt[string]  `json:"role,omitempty"`
	Place   opt[string]  `json:"place,omitempty" doc:"the town where they are"`
	Lang    opt[string]  `json:"lang,omitempty" doc:"the house's when absent"`
	Note    opt[string]  `json:"note,omitempty"`
	Fields  opt[ownJSON] `json:"fields,omitempty" doc:"by the names of the fields of the house (GET /fields); null takes a value back, and what is not named stays"`
}

// newContactBody is somebody with what allows to write to them.
type newContactBody struct {
	contactBody
	Consents *consentList `json:"consents,omitempty" doc:"what allows to write to them"`
}

type contactsInput struct {
	ListInput
	Q     string `query:"q" doc:"words of the name, the company, the role, the place, the address or a field"`
	Order string `query:"order" enum:"made,recent,name" doc:"made, the default: the last made known first, which loses nothing that changes while one reads"`
}

type timelineInput struct {
	ListInput
	ID string `path:"id"`
}

type timelineItemJSON struct {
	At       *time.Time `json:"at"`
	Kind     string     `json:"kind" enum:"met,commented,asked,subscribed,unsubscribed,answered,called,visited,mandate_opened,mandate_won,mandate_lost"`
	Text     string     `json:"text" doc:"a sentence in the language of the token's owner"`
	Ref      string     `json:"ref" doc:"id"`
	RefKind  string     `json:"ref_kind" enum:"message,mandate,contact,call,voice,section"`
	Observed bool       `json:"observed" doc:"an own act of the person, from an address that they proved"`
}

func (a *API) contactRoutes(r *register) {
	read(r, "/contacts", "listContacts", func(c *call, in *contactsInput) (page[contactJSON], error) {
		n, err := in.size()
		if err == nil {
			err = oneOf("order", in.Order, contact.Made, contact.Recent, contact.ByName)
		}
		if err != nil {
			return page[contactJSON]{}, err
		}
		found, next, err := a.Contacts.List(c.ctx, c.by, contact.Filter{Query: words(in.Q), Order: cmp.Or(in.Order, contact.Made), Cursor: words(in.Cursor), Limit: n})
		if err != nil {
			return page[contactJSON]{}, err
		}
		return a.showContacts(c, found, next)
	})
	write(r, http.MethodPost, "/contacts", "createContact", http.StatusCreated, a.createContact)
	a.importRoute(r)
	read(r, "/contacts/{id}", "getContact", func(c *call, in *oneInput) (contactJSON, error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return contactJSON{}, err
		}
		return a.contact(c, id)
	})
	write(r, http.MethodPatch, "/contacts/{id}", "changeContact", http.StatusOK, a.changeContact)
	act(r, http.MethodDelete, "/contacts/{id}", "eraseContact", http.StatusNoContent, a.eraseContact)
	a.handleRoutes(r)
	a.callRoutes(r)
	a.mergeRoutes(r)
	a.consentRoutes(r)
	a.exportRoute(r)
	read(r, "/contacts/{id}/timeline", "getTimeline", func(c *call, in *timelineInput) (page[timelineItemJSON], error) {
		n, err := in.size()
		if err != nil {
			return page[timelineItemJSON]{}, err
		}
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return page[timelineItemJSON]{}, err
		}
		found, next, err := a.Timeline.List(c.ctx, c.by, id, n, words(in.Cursor))
		return newPage(found, next, func(m timeline.Item) timelineItemJSON { return a.showItem(c, m) }), err
	})
}

func (a *API) createContact(c *call, _ *none, b *newContactBody) (contactJSON, error) {
	id, err := create(c, func(tx *db.Tx) (fact.ContactID, error) {
		in := contact.NewContact{
			Name: b.Name.V, Email: b.Email.V, Phone: b.Phone.V, Company: b.Company.V, Role: b.Role.V, Place: b.Place.V, Lang: b.Lang.V, Note: b.Note.V,
			Origin: contact.FromAPI,
		}
		if in.Lang == "" {
			h, err := a.House.GetIn(tx)
			if err != nil {
				return 0, err
			}
			in.Lang = h.Lang
		}
		var err error
		if in.Fields, err = a.ownOf(tx, b.Fields.V); err != nil {
			return 0, err
		}
		add := a.Contacts.CreateOnceIn
		if c.once != nil { // its key says which one it is
			add = a.Contacts.CreateIn
		}
		p, err := add(tx, c.by, in)
		if err != nil {
			return 0, a.named(tx, err)
		}
		return p.ID, a.recordAll(tx, c, p.ID, b.Consents)
	})
	if err != nil {
		return contactJSON{}, err
	}
	return a.contact(c, id)
}

func (a *API) contact(c *call, id fact.ContactID) (contactJSON, error) {
	p, err := a.Contacts.Get(c.ctx, c.by, id)
	if err != nil {
		return contactJSON{}, err
	}
	return a.showOne(c, p)
}

// changeContact changes what is known; an address is added to those that are, and corrected or removed by itself.
func (a *API) changeContact(c *call, in *oneInput, b *contactBody) (contactJSON, error) {
	id, err := parse[fact.ContactID]("contact", in.ID)
	if err != nil {
		return contactJSON{}, err
	}
	if b.Lang.Null {
		return contactJSON{}, fault.Invalid("lang", "unknown")
	}
	patch := contact.Patch{Name: b.Name.ptr(), Company: b.Company.ptr(), Role: b.Role.ptr(), Place: b.Place.ptr(), Lang: b.Lang.ptr(), Note: b.Note.ptr(),
		Email: b.Email.ptr(), Phone: b.Phone.ptr()}
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		patch.Fields, err = a.ownOf(tx, b.Fields.V)
		return err
	})
	if err != nil {
		return contactJSON{}, err
	}
	p, err := a.Contacts.Change(c.ctx, c.by, id, patch)
	if err != nil {
		return contactJSON{}, a.namedNow(c, err)
	}
	return a.showOne(c, p)
}

func showContact(p contact.Contact, fields []contact.Field) contactJSON {
	out := contactJSON{
		ID: p.ID.String(), Name: p.Name, Email: p.Email(), Company: p.Company, Role: p.Role, Place: p.Place, Lang: p.Lang, Note: p.Note, Origin: p.Origin,
		Fields: ownJSON{}, Handles: make([]handleJSON, 0, len(p.Handles)), LastAt: instant(p.LastAt), CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.UpdatedAt),
	}
	for _, h := range p.Handles {
		out.Handles = append(out.Handles, showHandle(h))
	}
	for _, f := range contact.Asked(fields) {
		if v := p.In(f.ID); v != "" {
			out.Fields[f.Name] = shownValue(f.Kind, v)
		}
	}
	return out
}

func (a *API) showItem(c *call, m timeline.Item) timelineItemJSON {
	return timelineItemJSON{
		At: instant(m.At), Kind: m.Kind, Text: a.momentText(c.lang, m), Ref: momentRef(m), RefKind: m.RefKind, Observed: m.Observed,
	}
}

// momentRef is the id of what a moment is about: ids of all kinds are written alike.
func momentRef(m timeline.Item) string { return fact.MessageID(m.Ref).String() }

// momentText says what happened, what it was about, what it came to and what was said, as far as these are known.
func (a *API) momentText(l i18n.Lang, m timeline.Item) string {
	key := "api.moment." + m.Kind
	if !a.Catalog.Has(l, key) {
		return m.Label
	}
	text := a.Catalog.T(l, key)
	if m.Label != "" && a.Catalog.Has(l, key+".on") {
		text = a.Catalog.T(l, key+".on", m.Label)
	}
	if m.Kind == timeline.MandateWon && m.AmountCents != nil {
		text = a.Catalog.T(l, "api.moment.amount", text, i18n.Money(l, *m.AmountCents, m.Currency))
	}
	if m.Words != "" {
		text = a.Catalog.T(l, "api.moment.more", text, m.Words)
	}
	return text
}
