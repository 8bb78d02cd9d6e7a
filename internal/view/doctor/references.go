package doctor

import (
	"context"
	"fmt"
	"strings"

	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// Reference says that a column names a row of another table.
type Reference struct {
	Table, Column, Parent string
	When                  string // a condition on the row c, for a column that may name rows of several tables; "" is always
}

// parents are the tables whose ids stand in a column, by the name of the column: a name means one thing in the whole schema.
var parents = map[string]string{
	"account_id": "accounts", "author_id": "accounts", "voice_id": "voices", "main_voice": "voices", "post_id": "posts", "section_id": "sections",
	"tag_id": "tags", "media_id": "media", "portrait_id": "media", "cover_id": "media", "contact_id": "contacts", "merged_into": "contacts",
	"handle_id": "handles", "conversation_id": "conversations", "message_id": "messages", "parent_id": "messages", "mandate_id": "mandates",
}

// mixed are the columns that name rows of several tables.
var mixed = []Reference{
	{"media_uses", "subject", "posts", `c.kind = 'post'`}, {"media_uses", "subject", "voices", `c.kind = 'voice'`},
	{"timeline", "ref", "messages", `c.ref_kind = 'message'`}, {"timeline", "ref", "mandates", `c.ref_kind = 'mandate'`},
	{"timeline", "ref", "contacts", `c.ref_kind = 'contact'`},
	{"deliveries", "about_id", "messages", `c.about_kind = 'message'`}, {"deliveries", "about_id", "accounts", `c.about_kind = 'account'`},
}

// unchecked are columns of ids that may name what is gone, or nothing here, by table and column; a test asks that every
// column of ids is known in one of the three ways.
var unchecked = map[string]string{
	"facts.actor": "facts tell of what was", "facts.subject": "facts tell of what was", "jobs.lease_by": "names a process",
	"deliveries.lease_by": "names a process", "imported.local": "what was imported may be deleted, and does not come again",
	"search_documents.ref": "rebuilt from the rows",
}

// References returns what is checked, in the order of the tables.
func References() []Reference {
	all := append([]Reference(nil), mixed...)
	for _, t := range schema.Tables() {
		for _, c := range t.Columns {
			if parent := parents[c.Name]; parent != "" {
				all = append(all, Reference{Table: t.Name, Column: c.Name, Parent: parent})
			}
		}
	}
	return all
}

type check struct {
	Reference
	query db.Query
}

var checks = func() (all []check) {
	for _, r := range References() {
		text := fmt.Sprintf(`SELECT COUNT(*) FROM %[1]s c WHERE c.%[2]s IS NOT NULL AND c.%[2]s <> 0 AND NOT EXISTS (SELECT 1 FROM %[3]s p WHERE p.id = c.%[2]s)`,
			r.Table, r.Column, r.Parent)
		if r.When != "" {
			text += " AND " + r.When
		}
		all = append(all, check{r, db.Q(strings.Join([]string{"doctor", r.Table, r.Column, r.Parent}, "."), text)})
	}
	return all
}()
var (
	// While a house or a voice opens or closes, the rows of public_posts follow by jobs; its readers ask the house itself.
	qLeaks = db.Q("doctor.leaks", `
		SELECT COUNT(*) FROM public_posts u
		 WHERE NOT EXISTS (SELECT 1 FROM posts p JOIN voices v ON v.id = p.voice_id CROSS JOIN house h
		                    WHERE p.id = u.post_id AND p.status = 'published' AND p.deleted_at IS NULL AND v.kind <> 'internal' AND h.public)
		   AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'post.hide')`)
	qHidden = db.Q("doctor.hidden", `
		SELECT COUNT(*) FROM posts p JOIN voices v ON v.id = p.voice_id CROSS JOIN house h
		 WHERE p.status = 'published' AND p.deleted_at IS NULL AND v.kind <> 'internal' AND h.public
		   AND NOT EXISTS (SELECT 1 FROM public_posts u WHERE u.post_id = p.id)
		   AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'post.show')`)
)

// references counts the rows that name what is no longer there, and compares what the public sees with what it should.
func (d Doctor) references(ctx context.Context) (found []Finding, err error) {
	count := func(tx *db.Tx, q db.Query, text string, args ...any) error {
		n, err := db.One(tx, q, db.Scalar[int])
		if err == nil && n > 0 {
			found = append(found, Finding{Wrong, "rows", fmt.Sprintf("%d ", n) + fmt.Sprintf(text, args...)})
		}
		return err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		for _, c := range checks {
			if err := count(tx, c.query, "%s name a row of %s that is gone (%s)", c.Table, c.Parent, c.Column); err != nil {
				return err
			}
		}
		if err := count(tx, qLeaks, "posts are public that should not be: run causerie rebuild search, and tell us"); err != nil {
			return err
		}
		return count(tx, qHidden, "published posts are missing from the public site: run causerie rebuild search")
	})
	if len(found) == 0 && err == nil {
		found = one(Well, "rows", "everything that is named is there, and the public sees what it should")
	}
	return found, err
}
