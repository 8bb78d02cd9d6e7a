package api

import (
	"net/http"
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/view/segment"
)

// segmentJSON is a saved filter over people, counted.
type segmentJSON struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Filter    filterJSON   `json:"filter"`
	Count     int          `json:"count" doc:"people whom it finds now"`
	Audience  audienceJSON `json:"audience" doc:"to whom a letter would go today"`
	CreatedAt *time.Time   `json:"created_at"`
	UpdatedAt *time.Time   `json:"updated_at"`
}

type audienceJSON struct {
	Will    int        `json:"will"`
	Refused []wontJSON `json:"refused" nullable:"false"`
}

type wontJSON struct {
	Why   string `json:"why" enum:"lapsed,withdrawn,objected,conditions,frozen,no_basis,used,none,no_address"`
	Count int    `json:"count"`
}

type filterJSON struct {
	Voice      *string    `json:"voice" doc:"id or slug: they follow it"`
	Section    *string    `json:"section" doc:"id: they follow it, or wrote under a post of it"`
	Stage      *string    `json:"stage" doc:"of a mandate of theirs"`
	Domain     *string    `json:"domain" doc:"of their e-mail address"`
	Company    *string    `json:"company" doc:"as it is written"`
	Place      *string    `json:"place" doc:"the town where they are, however it is written"`
	Field      *string    `json:"field" doc:"id or name of a field of the house (GET /fields) in which something is known of them"`
	FieldIs    *string    `json:"field_is" doc:"that value alone"`
	FieldFrom  *string    `json:"field_from" doc:"of a date or a number: that value or more"`
	FieldTo    *string    `json:"field_to" doc:"that value or less"`
	Lang       *string    `json:"lang"`
	Origin     *string    `json:"origin" doc:"comment, request, manual, import, api, subscription"`
	Basis      *string    `json:"basis" doc:"on what one may send them the letter today"`
	LastAfter  *clock.Day `json:"last_after" format:"date" doc:"the last word from or to them, that day or later"`
	LastBefore *clock.Day `json:"last_before" format:"date" doc:"before that day"`
}

type segmentBody struct {
	Name   opt[string]     `json:"name,omitempty"`
	Filter opt[filterJSON] `json:"filter,omitempty" doc:"all that is said must hold; without any, everybody"`
}

type segmentPeopleInput struct {
	ListInput
	ID string `path:"id"`
}

func (a *API) segmentRoutes(r *register) {
	read(r, "/segments", "listSegments", func(c *call, in *ListInput) (page[segmentJSON], error) {
		all, err := a.Segments.List(c.ctx, c.by)
		if err != nil {
			return page[segmentJSON]{}, err
		}
		found, next, err := cut(all, *in, func(s segment.Segment) string { return s.ID.String() })
		if err != nil {
			return page[segmentJSON]{}, err
		}
		shown := make([]segmentJSON, 0, len(found))
		for _, s := range found { // each is a question of its own
			one, err := a.showSegment(c, s)
			if err != nil {
				return page[segmentJSON]{}, err
			}
			shown = append(shown, one)
		}
		return newPage(shown, next, func(s segmentJSON) segmentJSON { return s }), nil
	})
	write(r, http.MethodPost, "/segments", "createSegment", http.StatusCreated, func(c *call, _ *none, b *segmentBody) (segmentJSON, error) {
		id, err := create(c, func(tx *db.Tx) (fact.SegmentID, error) {
			f, err := a.filterOf(tx, c, b.Filter.V)
			if err != nil {
				return 0, err
			}
			s, err := a.Segments.SaveIn(tx, c.by, segment.Segment{Name: b.Name.V, Filter: f})
			return s.ID, err
		})
		if err != nil {
			return segmentJSON{}, err
		}
		return a.segment(c, id)
	})
	read(r, "/segments/{id}", "getSegment", func(c *call, in *oneInput) (segmentJSON, error) {
		id, err := parse[fact.SegmentID]("segment", in.ID)
		if err != nil {
			return segmentJSON{}, err
		}
		return a.segment(c, id)
	})
	write(r, http.MethodPatch, "/segments/{id}", "changeSegment", http.StatusOK, a.changeSegment)
	act(r, http.MethodDelete, "/segments/{id}", "deleteSegment", http.StatusNoContent, func(c *call, in *oneInput) (*none, error) {
		id, err := parse[fact.SegmentID]("segment", in.ID)
		if err != nil {
			return nil, err
		}
		return nil, a.Segments.Delete(c.ctx, c.by, id)
	})
	read(r, "/segments/{id}/contacts", "listSegmentContacts", func(c *call, in *segmentPeopleInput) (page[contactJSON], error) {
		n, err := in.size()
		if err != nil {
			return page[contactJSON]{}, err
		}
		id, err := parse[fact.SegmentID]("segment", in.ID)
		if err != nil {
			return page[contactJSON]{}, err
		}
		s, err := a.Segments.Get(c.ctx, c.by, id)
		if err != nil {
			return page[contactJSON]{}, err
		}
		found, next, err := a.Segments.People(c.ctx, c.by, s.Filter, words(in.Cursor), n)
		if err != nil {
			return page[contactJSON]{}, err
		}
		return a.showContacts(c, found, next)
	})
}

func (a *API) changeSegment(c *call, in *oneInput, b *segmentBody) (segmentJSON, error) {
	id, err := parse[fact.SegmentID]("segment", in.ID)
	if err != nil {
		return segmentJSON{}, err
	}
	s, err := a.Segments.Get(c.ctx, c.by, id)
	if err != nil {
		return segmentJSON{}, err
	}
	if b.Name.Set {
		s.Name = b.Name.V
	}
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error {
		if b.Filter.Set {
			if s.Filter, err = a.filterOf(tx, c, b.Filter.V); err != nil {
				return err
			}
		}
		_, err := a.Segments.SaveIn(tx, c.by, s)
		return err
	})
	if err != nil {
		return segmentJSON{}, err
	}
	return a.segment(c, id)
}

func (a *API) segment(c *call, id fact.SegmentID) (segmentJSON, error) {
	s, err := a.Segments.Get(c.ctx, c.by, id)
	if err != nil {
		return segmentJSON{}, err
	}
	return a.showSegment(c, s)
}

// filterOf reads a filter. Problems are at filter.<name>.
func (a *API) filterOf(tx *db.Tx, c *call, f filterJSON) (segment.Filter, error) {
	out := segment.Filter{Stage: value(f.Stage), Domain: value(f.Domain), Company: value(f.Company), Place: value(f.Place), FieldFrom: value(f.FieldFrom), FieldTo: value(f.FieldTo), Lang: value(f.Lang), Origin: value(f.Origin), Basis: value(f.Basis)}
	if f.LastAfter != nil {
		out.LastAfter = *f.LastAfter
	}
	if f.LastBefore != nil {
		out.LastBefore = *f.LastBefore
	}
	if is := value(f.FieldIs); is != "" {
		out.FieldFrom, out.FieldTo = is, is
	}
	if named := value(f.Field); named != "" {
		fields, err := a.Contacts.FieldsIn(tx)
		if err != nil {
			return out, err
		}
		i := slices.IndexFunc(fields, func(o contact.Field) bool { return o.ID.String() == named || text.Fold(o.Name) == text.Fold(named) })
		if i < 0 {
			return out, fault.Invalid("filter.field", "unknown")
		}
		out.Field = fields[i].ID
	}
	if named := value(f.Voice); named != "" {
		v, err := a.voiceIn(tx, c.by, "filter.voice", named)
		if err != nil {
			return out, err
		}
		out.Voice = v.ID
	}
	if named := value(f.Section); named != "" {
		id, err := fact.Parse[fact.SectionID](named)
		if err != nil {
			return out, fault.Invalid("filter.section", "not_found")
		}
		out.Section = id
	}
	return out, nil
}

func (a *API) showSegment(c *call, s segment.Segment) (segmentJSON, error) {
	audience, err := a.Segments.Explain(c.ctx, c.by, s.Filter)
	if err != nil {
		return segmentJSON{}, err
	}
	out := segmentJSON{ID: s.ID.String(), Name: s.Name, Count: audience.All, Audience: audienceJSON{Will: audience.Will, Refused: []wontJSON{}},
		CreatedAt: instant(s.CreatedAt), UpdatedAt: instant(s.UpdatedAt)}
	for _, w := range audience.Refused {
		out.Audience.Refused = append(out.Audience.Refused, wontJSON(w))
	}
	f := s.Filter
	out.Filter = filterJSON{Stage: orNull(f.Stage), Domain: orNull(f.Domain), Company: orNull(f.Company), Place: orNull(f.Place), Lang: orNull(f.Lang), Origin: orNull(f.Origin), Basis: orNull(f.Basis)}
	if !f.Field.IsZero() {
		out.Filter.Field = orNull(f.Field.String())
		if out.Filter.FieldFrom, out.Filter.FieldTo = orNull(f.FieldFrom), orNull(f.FieldTo); f.FieldFrom == f.FieldTo {
			out.Filter.FieldIs, out.Filter.FieldFrom, out.Filter.FieldTo = out.Filter.FieldFrom, nil, nil
		}
	}
	if !f.Voice.IsZero() {
		out.Filter.Voice = orNull(f.Voice.String())
	}
	if !f.Section.IsZero() {
		out.Filter.Section = orNull(f.Section.String())
	}
	if !f.LastAfter.IsZero() {
		out.Filter.LastAfter = &f.LastAfter
	}
	if !f.LastBefore.IsZero() {
		out.Filter.LastBefore = &f.LastBefore
	}
	return out, nil
}
