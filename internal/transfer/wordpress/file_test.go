package wordpress_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fetch"
	"causerie/internal/transfer/wordpress"
)

// oldSite serves /wp-content/uploads/<anything>.jpg as a picture, .pdf as a document, and 404 for what is "gone".
func oldSite(t *testing.T) (address string, asked func(path string) int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	var photo bytes.Buffer
	must(t, jpeg.Encode(&photo, img, nil))
	var mu sync.Mutex
	times := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		times[r.URL.Path]++
		mu.Unlock()
		switch {
		case strings.Contains(r.URL.Path, "gone"):
			http.NotFound(w, r)
		case strings.HasSuffix(r.URL.Path, ".jpg"):
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = w.Write(photo.Bytes())
		case strings.HasSuffix(r.URL.Path, ".pdf"):
			_, _ = w.Write([]byte("%PDF-1.4 tarifs"))
		case strings.HasSuffix(r.URL.Path, ".png"):
			_, _ = w.Write(photo.Bytes())
		case strings.HasSuffix(r.URL.Path, ".docx"), strings.HasSuffix(r.URL.Path, ".xlsx"), strings.HasSuffix(r.URL.Path, ".zip"):
			_, _ = w.Write([]byte("PK\x03\x04 " + r.URL.Path))
		case strings.HasSuffix(r.URL.Path, ".mp3"):
			_, _ = w.Write([]byte("ID3\x03 chanson"))
		default:
			_, _ = w.Write([]byte("<html>"))
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, func(path string) int {
		mu.Lock()
		defer mu.Unlock()
		return times[path]
	}
}

func attachment(id int, address, meta string) string {
	return fmt.Sprintf(`<item><title>Fichier %d</title><wp:post_id>%d</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:attachment_url>%s</wp:attachment_url>%s</item>`, id, id, address, meta)
}

func TestPicturesComeWithTheirPosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, asked := oldSite(t)
	up := old + "/wp-content/uploads/"
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	items := []string{
		item(1, "publish", fmt.Sprintf(`<content:encoded><![CDATA[<p><a href="%[1]sphoto.jpg"><img src="%[1]sphoto-300x200.jpg" alt="Un escalier"></a></p>
<p><a href="%[1]starifs.pdf">Nos tarifs</a></p><p><img src="%[1]sgone.jpg"></p><p><img src="https://tiers.example/x.jpg"></p>]]></content:encoded>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>21</wp:meta_value></wp:postmeta>`, up)),
		item(2, "publish", `<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>20</wp:meta_value></wp:postmeta>`),
		item(3, "private", `<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>404</wp:meta_value></wp:postmeta>`),
		attachment(20, up+"photo.jpg", ""),
		attachment(21, up+"cover.jpg", `<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>La couverture</wp:meta_value></wp:postmeta>`),
		attachment(22, up+"tarifs.pdf", ""), attachment(23, up+"gone.jpg", ""), attachment(24, up+"unused.jpg", ""),
	}
	o := wordpress.Options{Fetch: client}
	planned := w.importText(export(items...), wordpress.Options{Fetch: client, DryRun: true})
	if planned.Files != 4 || asked("/wp-content/uploads/photo.jpg") != 0 {
		t.Errorf("dry run: %+v", planned)
	}
	r := w.importText(export(items...), o)
	if r.Files != 4 || r.Fetched != 3 || note(r, "file_status").Count != 1 || note(r, "unused").Count != 1 || note(r, "foreign_picture").Name != "tiers.example" ||
		note(r, "cover_unknown").Count != 1 {
		t.Errorf("%+v", r)
	}
	if n := asked("/wp-content/uploads/photo.jpg"); n != 1 {
		t.Errorf("the photo was asked for %d times", n)
	}
	posts := w.posts()
	one, two := posts["Titre 1"], posts["Titre 2"]
	if one.Cover.IsZero() || one.CoverAlt != "La couverture" || two.Cover.IsZero() || two.CoverAlt != "Fichier 20" {
		t.Errorf("covers %v %q, %v %q", one.Cover, one.CoverAlt, two.Cover, two.CoverAlt)
	}
	if strings.Contains(one.Body, "photo") || !strings.Contains(one.Body, two.Cover.String()) || !strings.Contains(one.Body, "/original)") ||
		!strings.Contains(one.Body, up+"gone.jpg") || !strings.Contains(one.Body, "tiers.example") {
		t.Errorf("body %s", one.Body)
	}
	if n := w.count("SELECT COUNT(*) FROM media"); n != 3 {
		t.Errorf("%d media", n)
	}
	if n := w.count("SELECT COUNT(*) FROM media_uses WHERE public = 1"); n != 4 {
		t.Errorf("%d public uses", n)
	}
	// Another export of the same site shows a picture that came before: it is not fetched again.
	w.importText(export(item(5, "publish", `<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>20</wp:meta_value></wp:postmeta>`), attachment(20, up+"photo.jpg", "")), o)
	if n := asked("/wp-content/uploads/photo.jpg"); n != 1 || w.posts()["Titre 5"].Cover != two.Cover {
		t.Errorf("fetched %d times", n)
	}
}

func TestASiteThatIsGoneIsNotAskedForever(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	server := httptest.NewServer(http.NotFoundHandler())
	gone := server.URL
	server.Close()
	var items []string
	for i := range 20 {
		items = append(items, attachment(100+i, fmt.Sprintf("%s/wp-content/uploads/%d.jpg", gone, i), ""),
			item(1+i, "publish", fmt.Sprintf(`<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>%d</wp:meta_value></wp:postmeta>`, 100+i)))
	}
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	r := w.importText(export(items...), wordpress.Options{Fetch: client})
	if r.Posts != 20 || r.Fetched != 0 || note(r, "not_fetched").Count != 20 {
		t.Errorf("%+v", r)
	}
}
