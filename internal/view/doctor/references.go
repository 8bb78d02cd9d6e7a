package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"causerie/internal/platform/db"
)

// Reference says that a column names a row of another table.
type Reference struct {
	Table, Column, Parent string
	When                  string // a condition on the row c, for a column that may name rows of several tables; "" is always
}

// references is every column that names a row of another table and that no foreign key keeps true. A test compares them
// with the schema, so that a column that is added is not forgotten.
var references = []Reference{
	{Table: "grants", Column: "voice_id", Parent: "voices"},
	{Table: "voices", Column: "portrait_id", Parent: "media"},
	{Table: "voices", Column: "logo_id", Parent: "media"},
	{Table: "voices", Column: "heir_id", Parent: "voices"},
	{Table: "media", Column: "account_id", Parent: "accounts"},
	{Table: "media_uses", Column: "voice_id", Parent: "voices"},
	{"media_uses", "subject", "posts", `c.kind = 'post'`},
	{"media_uses", "subject", "voices", `c.kind IN ('voice', 'welcome')`},
	{Table: "sections", Column: "voice_id", Parent: "voices"},
	{Table: "posts", Column: "voice_id", Parent: "voices"},
	{Table: "posts", Column: "author_id", Parent: "accounts"},
	{Table: "posts", Column: "cover_id", Parent: "media"},
	{Table: "post_drafts", Column: "account_id", Parent: "accounts"},
	{Table: "post_revisions", Column: "account_id", Parent: "accounts"},
	{Table: "post_desks", Column: "account_id", Parent: "accounts"},
	{Table: "public_posts", Column: "post_id", Parent: "posts"},
	{Table: "public_posts", Column: "voice_id", Parent: "voices"},
	{Table: "public_posts", Column: "section_id", Parent: "sections"},
	{Table: "post_addresses", Column: "voice_id", Parent: "voices"},
	{Table: "post_addresses", Column: "post_id", Parent: "posts"},
	{Table: "old_addresses", Column: "post_id", Parent: "posts"},
	{Table: "contacts", Column: "merged_into", Parent: "contacts"},
	{Table: "conversations", Column: "contact_id", Parent: "contacts"},
	{Table: "conversations", Column: "post_id", Parent: "posts"},
	{Table: "conversations", Column: "voice_id", Parent: "voices"},
	{Table: "messages", Column: "contact_id", Parent: "contacts"},
	{Table: "messages", Column: "handle_id", Parent: "handles"},
	{Table: "messages", Column: "account_id", Parent: "accounts"},
	{Table: "messages", Column: "voice_id", Parent: "voices"},
	{Table: "messages", Column: "post_id", Parent: "posts"},
	{Table: "messages", Column: "parent_id", Parent: "messages"},
	{Table: "proofs", Column: "handle_id", Parent: "handles"},
	{Table: "deliveries", Column: "contact_id", Parent: "contacts"},
	{Table: "deliveries", Column: "handle_id", Parent: "handles"},
	{Table: "deliveries", Column: "voice_id", Parent: "voices"},
	{Table: "relays", Column: "voice_id", Parent: "voices"},
	{Table: "notice_choices", Column: "account_id", Parent: "accounts"},
	{"deliveries", "about_id", "messages", `c.about_kind = 'message'`},
	{"deliveries", "about_id", "accounts", `c.about_kind = 'account'`},
	{Table: "answer_drafts", Column: "account_id", Parent: "accounts"},
	{Table: "calls", Column: "contact_id", Parent: "contacts"},
	{Table: "contact_clues", Column: "contact_id", Parent: "contacts"},
	{Table: "contact_merges", Column: "kept_id", Parent: "contacts"},
	{Table: "contact_merges", Column: "gone_id", Parent: "contacts"},
	{Table: "contact_merges", Column: "account_id", Parent: "accounts"},
	{Table: "consents", Column: "contact_id", Parent: "contacts"},
	{Table: "consent_standings", Column: "contact_id", Parent: "contacts"},
	{Table: "silences", Column: "contact_id", Parent: "contacts"},
	{Table: "silences", Column: "account_id", Parent: "accounts"},
	{Table: "silence_switch", Column: "account_id", Parent: "accounts"},
	{Table: "segments", Column: "account_id", Parent: "accounts"},
	{Table: "imports", Column: "account_id", Parent: "accounts"},
	{Table: "consents", Column: "account_id", Parent: "accounts"},
	{Table: "subscribers", Column: "contact_id", Parent: "contacts"},
	{Table: "subscribers", Column: "handle_id", Parent: "handles"},
	{Table: "follows", Column: "voice_id", Parent: "voices"},
	{Table: "follows", Column: "section_id", Parent: "sections"},
	{Table: "follows", Column: "letter_id", Parent: "letters"},
	{Table: "letters", Column: "voice_id", Parent: "voices"},
	{Table: "letter_welcomes", Column: "voice_id", Parent: "voices"},
	{Table: "letters", Column: "post_id", Parent: "posts"},
	{Table: "letters", Column: "account_id", Parent: "accounts"},
	{"deliveries", "about_id", "letters", `c.about_kind = 'letter'`},
	{"media_uses", "subject", "letters", `c.kind = 'letter'`},
	{Table: "consents", Column: "delivery_id", Parent: "deliveries"},
	{Table: "calls", Column: "account_id", Parent: "accounts"},
	{"timeline", "ref", "calls", `c.ref_kind = 'call'`},
	{Table: "mandates", Column: "contact_id", Parent: "contacts"},
	{Table: "mandates", Column: "message_id", Parent: "messages"},
	{Table: "mandates", Column: "voice_id", Parent: "voices"},
	{Table: "mandate_moves", Column: "account_id", Parent: "accounts"},
	{Table: "timeline", Column: "contact_id", Parent: "contacts"},
	{Table: "timeline", Column: "voice_id", Parent: "voices"},
	{"timeline", "ref", "messages", `c.ref_kind = 'message'`},
	{"timeline", "ref", "mandates", `c.ref_kind = 'mandate'`},
	{"timeline", "ref", "contacts", `c.ref_kind = 'contact'`},
}

// unchecked are columns of ids that may name what is gone, or nothing here, by table and column.
var unchecked = map[string]string{
	"facts.actor": "facts tell of what was", "facts.subject": "facts tell of what was", "jobs.lease_by": "names a process",
	"deliveries.lease_by": "names a process", "imported.local": "what was imported may be deleted, and does not come again",
	"old_places.target":    "what it names may be gone: then it leads nowhere",
	"search_documents.ref": "rebuilt from the rows", "idempotent_answers.account_id": "kept for a week",
	"contact_merge_rows.ref": "what went with a merge may be gone: then it does not come back",
	"media_gone.media_id":    "names a file that was deleted",
	"brakes.about_id":        "names a letter, which may be gone",
	"relay_batches.relay_id": "0 for the one of the command line, and it may be gone: kept for a day",
	"notices.account_id":     "0 for a reader", "notices.handle_id": "0 for an account, and it may be gone", "notices.post_id": "0 for an account",
	"notices.message_id": "it may be gone: then it is not told", "notices.under_id": "it may be gone: then nothing is told",
}

// References returns what is checked.
func References() []Reference { return slices.Clone(references) }

type check struct {
	Reference
	query db.Query
}

var checks = func() (all []check) {
	for _, r := range references {
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
		found = one(Well, "rows", "every reference leads somewhere, and the public sees what it should")
	}
	return found, err
}
