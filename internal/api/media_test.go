package api_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"causerie/internal/platform/db"
)

// drawn is a PNG of that size.
func drawn(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	img.Pix[0] = 1
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// upload sends a form with a file.
func (w *world) upload(token, path, name string, data []byte, fields ...string) answer {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		must(w.t, form.WriteField(fields[i], fields[i+1]))
	}
	part, err := form.CreateFormFile("file", name)
	must(w.t, err)
	_, err = part.Write(data)
	must(w.t, err)
	must(w.t, form.Close())
	return w.send(token, "POST", path, b.String(), "Content-Type", form.FormDataContentType(), "Idempotency-Key", path+name)
}

func TestAFileIsAddedShownReplacedAndDeleted(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engine)
			const at = "/api/v1/media"
			first := w.upload(w.write, at, "établi.png", drawn(t, 1200, 800), "alt", "L’établi", "caption", "Quimper").want(201)
			first.has(object{"kind": "picture", "name": "établi.png", "alt": "L’établi", "caption": "Quimper", "width": 1200.0, "height": 800.0, "focus": nil,
				"replaced_at": nil, "elsewhere": false, "markdown": "![L’établi](/media/" + first.id() + "/960)"})
			if _, err := w.queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if variants := w.get(at + "/" + first.id()).body["variants"].([]any); len(variants) != 5 {
				t.Errorf("%d variants: %v", len(variants), variants)
			}
			again := w.upload(w.write, at, "établi.png", drawn(t, 1200, 800), "alt", "L’établi", "caption", "Quimper").want(201)
			if again.id() != first.id() || again.header.Get("Idempotency-Replayed") != "true" { // though the boundary of the form is another
				t.Error("the same file under the same key is another one")
			}
			pdf := w.upload(w.write, at, "tarifs.pdf", []byte("%PDF-1.7 x")).want(201)
			w.upload(w.write, at, "plan.svg", []byte("<svg onload='1'/>")).problem(422, "invalid", "file", "type")
			w.upload(w.write, at, "IMG_1.HEIC", []byte("\x00\x00\x00\x20ftypheic\x00\x00\x00\x00")).problem(422, "invalid", "file", "heic")
			w.upload(w.read, at, "b.png", drawn(t, 10, 10)).want(403)
			w.post(at, object{}).problem(422, "invalid", "file", "required")

			if n := len(w.get(at + "?kind=document").items()); n != 1 {
				t.Errorf("%d documents", n)
			}
			if n := len(w.get(at + "?q=etabli&limit=1").items()); n != 1 {
				t.Errorf("%d found", n)
			}
			w.send(w.write, "GET", at+"?kind=x", nil).problem(422, "invalid", "kind", "unknown")
			w.send(w.write, "GET", at+"?unused=x", nil).problem(422, "invalid", "unused", "unknown")

			one := at + "/" + first.id()
			w.patch(one, object{"alt": "Un établi", "focus": object{"x": 10, "y": 90}}).want(200).has(object{"alt": "Un établi", "caption": "Quimper",
				"focus": object{"x": 10.0, "y": 90.0}})
			w.patch(one, object{"focus": object{"x": 101, "y": 0}}).problem(422, "invalid", "focus", "unknown")
			w.patch(one, object{"focus": nil, "caption": nil}).want(200).has(object{"focus": nil, "caption": ""})
			w.patch(one, object{"name": "x"}).problem(422, "invalid", "name", "unknown")

			p := w.post("/api/v1/posts", object{"title": "L’atelier", "body": first.body["markdown"], "status": "published"}).want(201)
			w.get(one).has(object{"shown": []any{object{"kind": "post", "id": p.id(), "voice": "Claire Aubin", "title": "L’atelier", "public": false}}})
			w.upload(w.write, one+"/replace", "autre.png", drawn(t, 600, 500)).want(200).has(object{"name": "autre.png", "width": 600.0, "alt": "Un établi"})
			w.upload(w.write, one+"/replace", "tarifs.pdf", []byte("%PDF-1.7 x")).problem(422, "invalid", "file", "other_kind")
			w.post(one+"/edit", object{"turn": 90, "crop": object{"x": 0, "y": 0, "w": 1, "h": .5}}).want(200).has(object{"width": 500.0, "height": 300.0})
			w.post(one+"/edit", object{"turn": 7}).problem(422, "invalid", "turn", "unknown")

			w.send(w.write, "DELETE", one, nil).problem(409, "media.in_use", "post:"+p.id(), "shown")
			w.send(w.write, "DELETE", one+"?force=peut-être", nil).problem(422, "invalid", "force", "unknown")
			w.send(w.write, "DELETE", one+"?force=true", nil).want(204)
			w.send(w.write, "GET", one, nil).problem(404, "media.not_found")
			w.send(w.write, "DELETE", at+"/"+pdf.id(), nil).want(204)
		})
	}
}

func TestAFileIsFetchedFromItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	picture := drawn(t, 300, 200)
	site := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/plan.png":
			_, _ = rw.Write(picture)
		case "/large":
			_, _ = rw.Write(bytes.Repeat([]byte("x"), 26<<20))
		case "/page":
			_, _ = rw.Write([]byte("<!doctype html><script>1</script>"))
		default:
			http.NotFound(rw, r)
		}
	}))
	defer site.Close()
	got := w.post("/api/v1/media", object{"url": site.URL + "/plan.png", "alt": "Le plan"}).want(201)
	got.has(object{"name": "plan.png", "alt": "Le plan", "width": 300.0})
	w.post("/api/v1/media/"+got.id()+"/replace", object{"url": site.URL + "/plan.png"}).want(200)
	for address, code := range map[string]string{
		site.URL + "/nothing": "fetch", site.URL + "/large": "file_large", "file:///etc/passwd": "fetch", "http://10.0.0.1/x.png": "fetch", "http://[::ffff:169.254.169.254]/": "fetch", "x": "fetch",
	} {
		w.post("/api/v1/media", object{"url": address}).problem(422, "invalid", "url", code)
	}
	w.post("/api/v1/media", object{"url": site.URL + "/page"}).problem(422, "invalid", "file", "type")
	w.send(w.write, "POST", "/api/v1/media", "--x\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nx\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x").problem(422, "invalid", "file", "required")
	w.send(w.write, "POST", "/api/v1/media", "--x\r\n"+strings.Repeat("A", 27<<20), "Content-Type", "multipart/form-data; boundary=x").want(413)
}
