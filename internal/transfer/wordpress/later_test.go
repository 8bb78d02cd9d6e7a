package wordpress_test

import (
	"fmt"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fetch"
	"causerie/internal/transfer/wordpress"
)

// TestPicturesThatDidNotComeComeLater: a run without files, or while the old site is away, is followed by one that brings what is
// missing. What was written by hand since stays.
func TestPicturesThatDidNotComeComeLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, asked := oldSite(t)
	up := old + "/wp-content/uploads/"
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	items := []string{
		item(1, "publish", fmt.Sprintf(`<content:encoded><![CDATA[<p><img src="%[1]sphoto.jpg" alt="Un escalier"></p><p><img src="%[1]sgone.jpg" alt="x"></p>
<p><a href="%[1]starifs.pdf">Nos tarifs</a></p>]]></content:encoded>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>21</wp:meta_value></wp:postmeta>`, up)),
		attachment(20, up+"photo.jpg", ""), attachment(21, up+"cover.jpg", ""), attachment(22, up+"tarifs.pdf", ""), attachment(23, up+"gone.jpg", ""),
	}
	run := func(o wordpress.Options) map[string]int {
		notes := map[string]int{}
		for _, n := range w.importText(export(items...), o).Notes {
			notes[n.Kind] += n.Count
		}
		return notes
	}
	if notes := run(wordpress.Options{}); notes["not_fetched"] != 4 {
		t.Errorf("without files: %v", notes)
	}
	list, _, err := w.Posts.List(t.Context(), actor.System(), post.Filter{})
	must(t, err)
	id := list[0].ID
	first, err := w.Posts.Get(t.Context(), actor.System(), id)
	must(t, err)
	if strings.Contains(first.HTML, "<img") || !strings.Contains(first.HTML, `<a href="`+up+`photo.jpg" rel="noopener">Un escalier</a>`) {
		t.Errorf("a page shows pictures of the old site: %s", first.HTML)
	}
	body := "Corrigé à la main.\n\n" + list[0].Body + "\n\nVoir " + up + "photo.jpg.bak"
	_, err = w.Posts.Save(t.Context(), actor.System(), id, post.Patch{Body: &body}, 0)
	must(t, err)
	if notes := run(wordpress.Options{}); notes["not_fetched"] != 4 {
		t.Errorf("without files again, the report says what is missing: %v", notes)
	}
	if notes := run(wordpress.Options{Fetch: client}); notes["file_status"] != 1 || notes["not_fetched"] != 0 {
		t.Errorf("with files: %v", notes)
	}
	now, err := w.Posts.Get(t.Context(), actor.System(), id)
	must(t, err)
	if strings.Count(now.Body, "/media/") != 2 || now.Cover.IsZero() || !strings.HasPrefix(now.Body, "Corrigé à la main.") ||
		!strings.Contains(now.Body, up+"gone.jpg") || !strings.HasSuffix(now.Body, "Voir "+up+"photo.jpg.bak") || now.Status != post.Published {
		t.Errorf("the post is %q with the cover %v, %s", now.Body, now.Cover, now.Status)
	}
	if strings.Count(now.HTML, "<img") != 1 || !strings.Contains(now.HTML, `alt="Un escalier"`) || strings.Contains(now.HTML, `">Un escalier</a>`) {
		t.Errorf("what came is not shown: %s", now.HTML)
	}
	// A cover that was taken off stays off, and nothing is asked for twice.
	none := now.Cover
	none = 0
	_, err = w.Posts.Save(t.Context(), actor.System(), id, post.Patch{Cover: &none}, 0)
	must(t, err)
	run(wordpress.Options{Fetch: client})
	again, err := w.Posts.Get(t.Context(), actor.System(), id)
	must(t, err)
	if !again.Cover.IsZero() || again.Body != now.Body || asked("/wp-content/uploads/photo.jpg") != 1 {
		t.Errorf("another run changed %q, cover %v; asked %d times", again.Body, again.Cover, asked("/wp-content/uploads/photo.jpg"))
	}
}

// TestFilesComeLaterToWhatAnEarlierVersionBrought: it kept relative addresses, and those of Jetpack's servers, as they were written.
func TestFilesComeLaterToWhatAnEarlierVersionBrought(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, _ := oldSite(t)
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	src := strings.ReplaceAll(string(xmlOf(t, item(1, "publish", `<content:encoded><![CDATA[<img src="/wp-content/uploads/photo.jpg" alt="A">]]></content:encoded>`))), "https://old.example", old)
	w.importText(strings.NewReader(src), wordpress.Options{})
	body := "![A](/wp-content/uploads/photo.jpg)\n"
	_, err := w.Posts.Save(t.Context(), actor.System(), w.posts()["Titre 1"].ID, post.Patch{Body: &body}, 0)
	must(t, err)
	w.importText(strings.NewReader(src), wordpress.Options{Fetch: client})
	if got := w.bodies()["Titre 1"]; !strings.HasPrefix(got, "![A](/media/") {
		t.Error(got)
	}
}
