package segment

import (
	"slices"
	"strings"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Filter is what people of a segment have in common: all that is said holds. The zero Filter is everybody.
type Filter struct {
	Voice      fact.VoiceID   `json:"voice,omitzero"`       // they follow it, or a section of it
	Section    fact.SectionID `json:"section,omitzero"`     // they follow it, or wrote under a post of it
	Stage      string         `json:"stage,omitempty"`      // of a mandate of theirs
	Domain     string         `json:"domain,omitempty"`     // of their address: that of a firm
	Company    string         `json:"company,omitempty"`    // as it is written
	Place      string         `json:"place,omitempty"`      // the town where they are, however it is written
	Field      fact.FieldID   `json:"field,omitzero"`       // something is known of them in it: between the two below, when they are said
	FieldKind  string         `json:"field_kind,omitempty"` // of Field, which never changes
	FieldFrom  string         `json:"field_from,omitempty"` // that value or more
	FieldTo    string         `json:"field_to,omitempty"`   // that value or less; the same twice is that one alone
	Lang       string         `json:"lang,omitempty"`       // one writes to them in it
	Origin     string         `json:"origin,omitempty"`     // where they came from
	Basis      string         `json:"basis,omitempty"`      // on what one may send them the letter today
	LastAfter  clock.Day      `json:"last_after,omitzero"`  // the last word from or to them, that day or later
	LastBefore clock.Day      `json:"last_before,omitzero"` // before that day
}

// criterion is one thing that a filter may say. The marks {1} to {3} stand for its arguments, {id} for the person; c is their card and st where
// they stand.
type criterion struct {
	name string
	sql  string
	args func(f Filter, day clock.Day, zone *time.Location) []any // nil when the filter does not say it
}

// Where people are looked for. Each person that is there has one row in consent_standings and no alias has, so that the card is only read when it
// is asked: of a hundred thousand that is half of the time.
const (
	onCards = ` FROM contacts c WHERE c.merged_into IS NULL AND c.erased_at IS NULL`
	onBoth  = ` FROM contacts c JOIN consent_standings st ON st.contact_id = c.id WHERE c.merged_into IS NULL AND c.erased_at IS NULL`
	onStand = ` FROM consent_standings st WHERE TRUE`
)

// criteria are in the order in which a person reads them. A range of days is no way to find people (+c.last_at): it may hold nearly all of them, and
// the index contacts_kept says it of everybody.
var criteria = []criterion{
	{"voice", `{id} IN (SELECT s.contact_id FROM follows f JOIN subscribers s ON s.id = f.subscriber_id WHERE f.voice_id = {1} AND f.left_at IS NULL)`,
		func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Voice) }},
	{"section", `{id} IN (
		SELECT s.contact_id FROM follows f JOIN subscribers s ON s.id = f.subscriber_id WHERE f.section_id = {1} AND f.left_at IS NULL
		 UNION SELECT m.contact_id FROM posts p JOIN messages m ON m.post_id = p.id
		        WHERE p.section_id = {1} AND m.direction = 'in' AND m.moderation NOT IN ('spam', 'removed') AND m.contact_id IS NOT NULL)`,
		func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Section) }},
	{"stage", `{id} IN (SELECT COALESCE(k.merged_into, k.id) FROM mandates m JOIN contacts k ON k.id = m.contact_id WHERE m.stage = {1} AND m.deleted_at IS NULL)`,
		func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Stage) }},
	{"domain", `{id} IN (SELECT contact_id FROM handles WHERE domain = {1} AND domain <> '')`,
		func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Domain) }},
	{"company", `c.company = {1}`, func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Company) }},
	{"place", `c.place_key = {1} AND c.place_key <> ''`, func(f Filter, _ clock.Day, _ *time.Location) []any { return said(text.Fold(f.Place)) }},
	{"field", `{id} IN (SELECT w.contact_id FROM contact_values w WHERE w.field_id = {1} AND w.key >= {2} AND w.key <= {3})`,
		func(f Filter, _ clock.Day, _ *time.Location) []any {
			if f.Field.IsZero() {
				return nil
			}
			to := last
			if f.FieldTo != "" {
				to = contact.KeyOf(f.FieldKind, f.FieldTo)
			}
			from := ""
			if f.FieldFrom != "" {
				from = contact.KeyOf(f.FieldKind, f.FieldFrom)
			}
			return []any{f.Field, from, to}
		}},
	{"lang", `c.lang = {1}`, func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Lang) }},
	{"origin", `c.origin = {1}`, func(f Filter, _ clock.Day, _ *time.Location) []any { return said(f.Origin) }},
	{"basis", `st.letter % 100 = {1} AND st.letter >= {2}`,
		func(f Filter, day clock.Day, _ *time.Location) []any {
			if f.Basis == "" {
				return nil
			}
			return []any{consent.DigitsOfBasis(f.Basis), int64(consent.MayOn(day))}
		}},
	{"last_after", `+c.last_at >= {1}`, func(f Filter, _ clock.Day, zone *time.Location) []any { return start(f.LastAfter, zone) }},
	{"last_before", `+c.last_at < {1}`, func(f Filter, _ clock.Day, zone *time.Location) []any { return start(f.LastBefore, zone) }},
}

// last is behind every key of a value.
const last = "\U0010FFFF"

func said[T comparable](v T) []any {
	var none T
	if v == none {
		return nil
	}
	return []any{v}
}

func start(d clock.Day, zone *time.Location) []any {
	if d.IsZero() {
		return nil
	}
	return []any{db.At(d.Start(zone))}
}

// reads reports whether a criterion is about a table, by its alias.
func (c criterion) reads(alias string) bool {
	return strings.HasPrefix(strings.TrimPrefix(c.sql, "+"), alias+".")
}

// init registers each criterion as a query of its own, which is how tests see it.
func init() {
	for _, c := range criteria {
		from, id := from(c.reads("c"), c.reads("st"))
		db.Q("segment.by_"+c.name, `SELECT COUNT(*)`+from+` AND `+strings.NewReplacer("{id}", id, "{1}", "$1", "{2}", "$2", "{3}", "$3").Replace(c.sql))
	}
}

// from returns where people are looked for of whom the card, where they stand, both or neither is asked, and their id there.
func from(card, stand bool) (sql, id string) {
	switch {
	case card && stand:
		return onBoth, "c.id"
	case card:
		return onCards, "c.id"
	}
	return onStand, "st.contact_id"
}

// found is the people of a filter, as SQL.
type found struct {
	from string // FROM and WHERE
	id   string // of a person
	args []any  // those that are there, and those of the filter behind them
}

// found returns the people of a filter; stand asks for where they stand besides (st).
func (f Filter) found(stand bool, args []any, day clock.Day, zone *time.Location) found {
	said := map[string][]any{}
	card := false
	for _, c := range criteria {
		if values := c.args(f, day, zone); values != nil {
			said[c.name], card, stand = values, card || c.reads("c"), stand || c.reads("st")
		}
	}
	from, id := from(card, stand)
	var b strings.Builder
	b.WriteString(from)
	for _, c := range criteria {
		values := said[c.name]
		if values == nil {
			continue
		}
		sql := strings.ReplaceAll(c.sql, "{id}", id)
		for i, v := range values {
			args = append(args, v)
			sql = strings.ReplaceAll(sql, "{"+string(rune('1'+i))+"}", placeholder(len(args)))
		}
		b.WriteString(" AND " + sql)
	}
	return found{b.String(), id, args}
}

// Names returns the criteria that f says, in the order in which people read them.
func (f Filter) Names() (all []string) {
	for _, c := range criteria {
		if c.args(f, clock.Day{}, time.UTC) != nil {
			all = append(all, c.name)
		}
	}
	return all
}

// readIn returns f as it is kept, and what is wrong with it.
func (v *View) readIn(tx *db.Tx, f Filter) (Filter, error) {
	var p fault.Problems
	var field contact.Field
	if f.FieldKind = ""; f.Field.IsZero() {
		f.FieldFrom, f.FieldTo = "", ""
	} else {
		known, found, err := db.Maybe(tx, qField, scanKind, f.Field)
		if err != nil {
			return f, err
		}
		if field = known; !found {
			p.Add("field", "unknown")
		}
		f.FieldKind = field.Kind
	}
	if f.FieldKind != "" {
		for _, bound := range []struct {
			name string
			at   *string
		}{{"field_from", &f.FieldFrom}, {"field_to", &f.FieldTo}} {
			v, err := contact.Field{Kind: readAs(field.Kind)}.Read(*bound.at)
			for _, one := range fault.ProblemsOf(err) {
				p.Add(bound.name, one.Code, one.Args...)
			}
			*bound.at = v.Text
		}
	}
	f.Place = text.Clip(text.OneLine(f.Place), 120)
	f.Company, f.Domain = text.Clip(f.Company, 120), strings.ToLower(strings.TrimPrefix(strings.TrimSpace(f.Domain), "@"))
	known := func(field, value string, all []string) {
		if value != "" && !slices.Contains(all, value) {
			p.Add(field, "unknown")
		}
	}
	known("stage", f.Stage, mandate.Stages())
	known("basis", f.Basis, consent.Bases())
	known("origin", f.Origin, Origins())
	if f.Lang != "" && !i18n.Known(f.Lang) {
		p.Add("lang", "unknown")
	}
	if len(f.Domain) > 253 || strings.ContainsAny(f.Domain, "@/ ") {
		p.Add("domain", "malformed")
	}
	for field, d := range map[string]clock.Day{"last_after": f.LastAfter, "last_before": f.LastBefore} {
		if !d.IsZero() && !d.Within() {
			p.Add(field, "date_beyond")
		}
	}
	return f, p.Err()
}

var qField = db.Q("segment.field", `SELECT kind FROM contact_fields WHERE id = $1`)

func scanKind(r db.Row) (f contact.Field, err error) { return f, r.Scan(&f.Kind) }

// readAs is as what a bound of a field is read: a choice that is no longer offered is still somebody's.
func readAs(kind string) string {
	if kind == contact.Choice {
		return contact.Text
	}
	return kind
}

// Origins are where people come from, in the order in which people read them.
func Origins() []string {
	return []string{contact.FromComment, contact.FromRequest, contact.ByHand, contact.FromImport, contact.FromAPI, contact.FromSubscription}
}
