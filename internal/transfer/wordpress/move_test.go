package wordpress_test

import (
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fulltext"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"
	"causerie/internal/transfer/wordpress"
)

// A house with real content moves to the other engine and back, and is read there as it was here.
func TestAnImportedHouseMovesToTheOtherEngineAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.importFile(official, wordpress.Options{})
	house := func(d *db.DB) archive.House { return archive.House{DB: d, Blobs: blob.Dir(t.TempDir())} }
	there := dbtest.Open(t, db.Postgres, schema.All(), dbtest.Once())
	back := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Once())
	for _, step := range []struct{ from, to *db.DB }{{w.DB, there}, {there, back}} {
		done, err := archive.Move(t.Context(), house(step.from), house(step.to), t.TempDir(), archive.Options{})
		must(t, err)
		if done.Rows("posts") != 79 || done.Rows("messages") != 33 || done.Rows("public_posts") != 76 {
			t.Errorf("%+v", done)
		}
	}
	for _, d := range []*db.DB{there, back} {
		moved := &world{t: t, Deps: wordpress.Deps{DB: d}}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			read := post.PublicReader()
			old, found, err := read.Old(tx, []string{"/?p=1158"})
			if err != nil || !found || old.Post.Slug != "post-format-image" {
				t.Errorf("%+v, %v, %v", old, found, err)
			}
			hits, err := fulltext.Search(tx, post.SpacePublic, []string{"en"}, "markup", 10, 0)
			if err == nil && len(hits) != 0 {
				t.Errorf("%d hits before the search is rebuilt", len(hits))
			}
			return err
		}))
		if n := moved.count("SELECT COUNT(*) FROM posts WHERE status = 'published'"); n != 76 {
			t.Errorf("%d are published", n)
		}
	}
}
