package doctor

import (
	"context"
	"fmt"

	"causerie/internal/platform/db"
)

// reference says that a column of one package names a row of another's.
type reference struct{ table, column, parent string }

var references = []reference{
	{"voice_homes", "voice_id", "voices"}, {"voices", "portrait_id", "media"}, {"grants", "account_id", "accounts"},
	{"sections", "voice_id", "voices"}, {"posts", "voice_id", "voices"}, {"posts", "author_id", "accounts"}, {"posts", "cover_id", "media"},
	{"post_addresses", "post_id", "posts"}, {"old_addresses", "post_id", "posts"}, {"conversations", "contact_id", "contacts"},
	{"conversations", "post_id", "posts"}, {"messages", "contact_id", "contacts"}, {"messages", "post_id", "posts"},
	{"messages", "parent_id", "messages"}, {"messages", "account_id", "accounts"}, {"deliveries", "contact_id", "contacts"},
	{"deliveries", "voice_id", "voices"}, {"deliveries", "handle_id", "handles"}, {"mandates", "contact_id", "contacts"}, {"mandates", "message_id", "messages"},
	{"contacts", "merged_into", "contacts"}, {"timeline", "contact_id", "contacts"},
}

type check struct {
	reference
	query db.Query
}

var checks = func() (all []check) {
	for _, r := range references {
		all = append(all, check{r, db.Q("doctor."+r.table+"."+r.column, fmt.Sprintf(
			`SELECT COUNT(*) FROM %[1]s c WHERE c.%[2]s IS NOT NULL AND c.%[2]s <> 0 AND NOT EXISTS (SELECT 1 FROM %[3]s p WHERE p.id = c.%[2]s)`,
			r.table, r.column, r.parent))})
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
			if err := count(tx, c.query, "%s name a row of %s that is gone (%s)", c.table, c.parent, c.column); err != nil {
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
