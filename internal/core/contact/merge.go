package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
)

var (
	qMergeInsert = db.Q("merge.insert", `
		INSERT INTO contact_merges (id, kept_id, gone_id, before, after, account_id, at) VALUES ($1, $2, $3, $4, '{}', $5, $6)`)
	qMergeAfter = db.Q("merge.after", `UPDATE contact_merges SET after = $2 WHERE id = $1`)
	qMergeOf    = db.Q("merge.of_gone", `SELECT id, kept_id, gone_id, before, after, at FROM contact_merges WHERE gone_id = $1`)
	qMerges     = db.Q("merge.of_kept", `
		SELECT m.id, m.kept_id, m.gone_id, m.before, m.after, m.at FROM contacts c JOIN contact_merges m ON m.gone_id = c.id
		 WHERE c.merged_into = $1 AND c.erased_at IS NULL ORDER BY m.at DESC, m.id DESC LIMIT 50`)
	qMergeDrop   = db.Q("merge.drop", `DELETE FROM contact_merges WHERE kept_id = $1 OR gone_id = $1`)
	qMergeParted = db.Q("merge.parted", `DELETE FROM contact_merges WHERE id = $1`)
	qMoved       = db.Q("merge_row.insert", `INSERT INTO contact_merge_rows (merge_id, kind, ref) VALUES {rows}`)
	qMovedOf     = db.Q("merge_row.of", `
		SELECT r.ref FROM contact_merges m JOIN contact_merge_rows r ON r.merge_id = m.id WHERE m.gone_id = $1 AND r.kind = $2 ORDER BY r.ref`)
	qMovedCounts = db.Q("merge_row.counts", `SELECT kind, COUNT(*) FROM contact_merge_rows WHERE merge_id = $1 GROUP BY kind`)
	qHandleIDs   = db.Q("handle.ids", `SELECT id FROM handles WHERE contact_id = $1`)
	qUnmerge     = db.Q("contact.unmerge", `UPDATE contacts SET merged_into = NULL, updated_at = $2 WHERE id = $1`)
	qHandlesBack = db.Q("handle.back", `UPDATE handles SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qAliasesBack = db.Q("contact.aliases_back", `UPDATE contacts SET merged_into = $1 WHERE merged_into = $2 AND id IN ({in})`)
	qLastBack    = db.Q("contact.last_back", `UPDATE contacts SET last_at = $2 WHERE id = $1`)
)

// From which of two contacts a property comes when they are merged.
const (
	OfKept = "kept"
	OfGone = "gone"
	OfBoth = "both" // of the note alone: one behind the other
)

// Choices say from whom the properties come of two contacts that are merged: name, company, role, place, lang, note, and each Field.Input. What is not
// chosen is that of the one that is kept, where it says something; of the note, both.
type Choices map[string]string

// card is what is known of somebody in one piece, as a merge remembers it.
type card struct {
	Name    string                  `json:"name"`
	Company string                  `json:"company"`
	Role    string                  `json:"role"`
	Place   string                  `json:"place"`
	Lang    string                  `json:"lang"`
	Note    string                  `json:"note"`
	LastAt  int64                   `json:"last_at"`
	Values  map[fact.FieldID]string `json:"values"`
}

func cardOf(c Contact) card {
	k := card{c.Name, c.Company, c.Role, c.Place, c.Lang, c.Note, c.LastAt.UnixMilli(), map[fact.FieldID]string{}}
	for _, v := range c.Values {
		k.Values[v.Field] = v.Text
	}
	return k
}

// Merged is two contacts that were found to be one person, and can be parted.
type Merged struct {
	ID            int64
	Kept, Gone    fact.ContactID
	At            time.Time
	before, after card
}

func scanMerged(r db.Row) (m Merged, err error) {
	return m, r.Scan(&m.ID, &m.Kept, &m.Gone, db.FromJSON(&m.before), db.FromJSON(&m.after), db.Time(&m.At))
}

// Merge says that gone and keep are one person: keep gets the handles, gone becomes its alias.
func (s *Service) Merge(ctx context.Context, by actor.Actor, keep, gone fact.ContactID) error {
	return s.MergeAs(ctx, by, keep, gone, nil)
}

// MergeAs is Merge, with what comes from whom. Consents, messages, mandates and subscriptions add up. It is remembered what was whose: see Part.
func (s *Service) MergeAs(ctx context.Context, by actor.Actor, keep, gone fact.ContactID, from Choices) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		k, g, err := s.twoIn(tx, keep, gone)
		if err != nil {
			return err
		}
		return s.mergeIn(tx, by, k, g, from)
	})
}

func (s *Service) mergeIn(tx *db.Tx, by actor.Actor, k, g Contact, from Choices) error {
	merge := int64(fact.New[fact.ContactID](tx.Now()))
	var account any
	if by.Account != 0 {
		account = by.Account
	}
	if _, err := db.Exec(tx, qMergeInsert, merge, k.ID, g.ID, db.JSON(cardOf(k)), account, db.At(tx.Now())); err != nil {
		return err
	}
	handles, err := db.All(tx, qHandleIDs, db.Scalar[int64], g.ID)
	if err != nil {
		return err
	}
	aliases, err := db.All(tx, qAliases, db.Scalar[int64], g.ID)
	if err != nil {
		return err
	}
	if err := moved(tx, merge, "handle", handles); err != nil {
		return err
	}
	if err := moved(tx, merge, "alias", aliases); err != nil {
		return err
	}
	for _, q := range []db.Query{qMoveHandles, qRemerge} {
		if _, err := db.Exec(tx, q, g.ID, k.ID); err != nil {
			return err
		}
	}
	if _, err := db.Exec(tx, qMerge, g.ID, k.ID, db.At(tx.Now())); err != nil {
		return err
	}
	if err := s.TouchIn(tx, k.ID, g.LastAt); err != nil {
		return err
	}
	if err := fulltext.Remove(tx, Space, int64(g.ID)); err != nil {
		return err
	}
	if err := unlike(tx, g.ID); err != nil {
		return err
	}
	var values []any
	for _, v := range take(&k, g, from) {
		values = append(values, k.ID, v.Field, v.Text, v.key)
	}
	if err := db.Insert(tx, qPutValue, 4, values); err != nil {
		return err
	}
	k.UpdatedAt = tx.Now()
	if _, err := db.Exec(tx, qMergeAfter, merge, db.JSON(cardOf(k))); err != nil {
		return err
	}
	if err := s.changed(tx, by, k); err != nil {
		return err
	}
	return s.bus.Emit(tx, by, fact.ContactsMerged{Contact: k.ID, Gone: g.ID})
}

// take gives k what comes from g, and returns what k has in fields from now on.
func take(k *Contact, g Contact, from Choices) (written []Value) {
	for _, p := range []struct {
		name string
		to   *string
		of   string
	}{{"name", &k.Name, g.Name}, {"company", &k.Company, g.Company}, {"role", &k.Role, g.Role}, {"place", &k.Place, g.Place}, {"lang", &k.Lang, g.Lang}} {
		if from[p.name] == OfGone && p.of != "" || *p.to == "" {
			*p.to = p.of
		}
	}
	switch {
	case from["note"] == OfGone:
		k.Note = g.Note
	case from["note"] != OfKept && g.Note != "" && g.Note != k.Note:
		k.Note = strings.TrimSpace(k.Note + "\n" + g.Note)
	}
	for _, v := range g.Values {
		if k.In(v.Field) == "" || from[inputOf(v.Field)] == OfGone {
			written = append(written, v)
		}
	}
	values := slices.Clone(k.Values)
	for _, v := range written {
		values = append(slices.DeleteFunc(values, func(o Value) bool { return o.Field == v.Field }), v)
	}
	k.Values, k.Handles = values, slices.Concat(k.Handles, g.Handles)
	if k.LastAt.Before(g.LastAt) {
		k.LastAt = g.LastAt
	}
	return written
}

// MergedAs is who MergeAs would make of two; nothing changes.
func (s *Service) MergedAs(ctx context.Context, by actor.Actor, keep, gone fact.ContactID, from Choices) (k Contact, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return k, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		var g Contact
		if k, g, err = s.twoIn(tx, keep, gone); err == nil {
			take(&k, g, from)
		}
		return err
	})
	return k, err
}

// twoIn returns the two of a merge; contact.same when they are one already.
func (s *Service) twoIn(tx *db.Tx, keep, gone fact.ContactID) (k, g Contact, err error) {
	if k, err = s.GetIn(tx, keep); err != nil {
		return k, g, err
	}
	if g, err = s.GetIn(tx, gone); err == nil && k.ID == g.ID {
		err = fault.Conflict("contact.same")
	}
	return k, g, err
}

// Merges returns with whom somebody was merged, the last first, and can be parted again: what was merged before this was remembered is not among them.
func (s *Service) Merges(ctx context.Context, by actor.Actor, id fact.ContactID) (all []Merged, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qMerges, scanMerged, id)
		return err
	})
	return all, err
}

// Parting is what goes back when two are parted: how many rows of each kind; and the one that goes, as it was.
type Parting struct {
	Merged
	Was  Contact
	Rows map[string]int // "handle", "message", "mandate", "subscriber", "delivery"...
}

// PartingOf says what Part would do; merge.not_found.
func (s *Service) PartingOf(ctx context.Context, by actor.Actor, gone fact.ContactID) (p Parting, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return p, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p.Merged, err = db.One(tx, qMergeOf, scanMerged, gone); err != nil {
			return err
		}
		if p.Was, err = db.One(tx, qByID, scan, gone); err != nil {
			return err
		}
		p.Rows = map[string]int{}
		_, err = db.All(tx, qMovedCounts, func(r db.Row) (n int, err error) {
			var kind string
			err = r.Scan(&kind, &n)
			p.Rows[kind] = n
			return n, err
		}, p.ID)
		return err
	})
	return p, err
}

// Part undoes a merge: who went is there again, with what was theirs then: their handles, and by ContactsParted their messages, mandates and
// subscriptions, where these are still with the one that was kept. What came since stays there. Of what is known, the one that was kept has again what
// it had, but for what somebody changed since. They are no likely pair any more. merge.not_found when gone was not merged, or before this was remembered.
func (s *Service) Part(ctx context.Context, by actor.Actor, gone fact.ContactID) (kept fact.ContactID, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := db.One(tx, qMergeOf, scanMerged, gone)
		if err != nil {
			return err
		}
		k, err := s.GetIn(tx, gone)
		if err != nil {
			return err
		}
		kept = k.ID
		return s.partIn(tx, by, m, k)
	})
	return kept, err
}

func (s *Service) partIn(tx *db.Tx, by actor.Actor, m Merged, k Contact) error {
	if _, err := db.Exec(tx, qUnmerge, m.Gone, db.At(tx.Now())); err != nil {
		return err
	}
	for kind, q := range map[string]db.Query{"handle": qHandlesBack, "alias": qAliasesBack} {
		if err := back(tx, m.Gone, k.ID, kind, q); err != nil {
			return err
		}
	}
	if k.ID == m.Kept { // else it is an alias itself by now, and nothing of it is shown
		if err := s.giveBack(tx, m, &k); err != nil {
			return err
		}
	}
	g, err := s.GetIn(tx, m.Gone)
	if err != nil {
		return err
	}
	if k, err = s.GetIn(tx, k.ID); err != nil { // with the handles that it has now
		return err
	}
	if err := dismiss(tx, k.ID, g.ID); err != nil {
		return err
	}
	for _, c := range []Contact{k, g} {
		c.UpdatedAt = tx.Now()
		if err := s.changed(tx, by, c); err != nil {
			return err
		}
	}
	if err := s.bus.Emit(tx, by, fact.ContactsParted{Contact: k.ID, Gone: g.ID}); err != nil {
		return err
	}
	_, err = db.Exec(tx, qMergeParted, m.ID) // its rows go with it
	return err
}

// giveBack has k be again what it was before a merge, but for what changed since.
func (s *Service) giveBack(tx *db.Tx, m Merged, k *Contact) error {
	for _, p := range []struct {
		now         *string
		made, prior string
	}{{&k.Name, m.after.Name, m.before.Name}, {&k.Company, m.after.Company, m.before.Company}, {&k.Role, m.after.Role, m.before.Role},
		{&k.Place, m.after.Place, m.before.Place}, {&k.Lang, m.after.Lang, m.before.Lang}, {&k.Note, m.after.Note, m.before.Note}} {
		if *p.now == p.made {
			*p.now = p.prior
		}
	}
	if k.LastAt.UnixMilli() == m.after.LastAt && m.before.LastAt < m.after.LastAt {
		if _, err := db.Exec(tx, qLastBack, k.ID, m.before.LastAt); err != nil {
			return err
		}
	}
	written := map[fact.FieldID]string{}
	for id, made := range m.after.Values {
		if prior := m.before.Values[id]; k.In(id) == made && prior != made {
			written[id] = prior
		}
	}
	if err := s.restore(tx, k, written); err != nil {
		return err
	}
	return update(tx, *k)
}

// restore writes values as they were kept: what their fields offer now is not asked.
func (s *Service) restore(tx *db.Tx, k *Contact, written map[fact.FieldID]string) error {
	fields, err := s.FieldsIn(tx)
	if err != nil {
		return err
	}
	var rows []any
	for _, f := range fields {
		prior, given := written[f.ID]
		switch {
		case !given:
		case prior == "":
			if _, err := db.Exec(tx, qDropValue, k.ID, f.ID); err != nil {
				return err
			}
		default:
			rows = append(rows, k.ID, f.ID, prior, KeyOf(f.Kind, prior))
		}
	}
	return db.Insert(tx, qPutValue, 4, rows)
}

// moved remembers which rows go from the one to the other.
func moved(tx *db.Tx, merge int64, kind string, ids []int64) error {
	rows := make([]any, 0, 3*len(ids))
	for _, id := range ids {
		rows = append(rows, merge, kind, id)
	}
	return db.Insert(tx, qMoved, 3, rows)
}

// back gives rows back that went with a merge, where they still are: q takes whose they are again, whose they were, and {in}.
func back(tx *db.Tx, gone, kept fact.ContactID, kind string, q db.Query) error {
	ids, err := db.All(tx, qMovedOf, db.Scalar[int64], gone, kind)
	if err != nil {
		return err
	}
	slices.SortFunc(ids, cmp.Compare[int64])
	_, err = db.ExecIn(tx, q, ids, gone, kept)
	return err
}
