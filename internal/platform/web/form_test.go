package web_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/id"
	"causerie/internal/platform/web"
)

// fill sends r to a route with maxBody and returns the form that its handler reads.
func fill(t *testing.T, r *http.Request, maxBody int64) (*web.Form, error) {
	t.Helper()
	var f *web.Form
	var err error
	h := web.NewRouter(web.Options{})
	h.Handle(web.Route{Pattern: "/form", Access: web.Anyone, MaxBody: maxBody, Handle: func(_ http.ResponseWriter, r *web.Request) error {
		f, err = r.Form()
		if again, _ := r.Form(); err == nil && again != f {
			t.Error("read twice, the form is another")
		}
		return err
	}})
	res := do(h, r)
	if f == nil && err == nil && res.StatusCode == 413 {
		err = fault.TooLarge(maxBody) // refused before the handler, by Content-Length
	}
	return f, err
}

func TestFieldsAreWhatAPersonMeant(t *testing.T) {
	t.Parallel()
	f, err := fill(t, ask("POST", "/form", "text=+e%CC%81te%CC%81%0D%0Asuite%07%E2%80%AE+&raw=+x+&tick=on&off=0&n=12+400&neg=-3&nan=douze"+
		"&day=2026-11-16&noday=demain&at=2026-11-16T08%3A30&many=a&many=b&m1=12%E2%80%AF400%2C50+%E2%82%AC&m2=%241%2C250.5&m3=1.250&m4=beaucoup&id=zz&empty="), 0)
	if err != nil {
		t.Fatal(err)
	}
	at, has := f.Local("at")
	for _, tt := range []struct{ got, want any }{
		{f.Text("text"), "été\nsuite"},
		{f.Raw("raw"), " x "},
		{f.Bool("tick"), true},
		{f.Bool("off"), false},
		{f.Bool("absent"), false},
		{f.Int("n"), 12400},
		{f.Int("neg"), -3},
		{f.Int("absent"), 0},
		{f.Day("day"), clock.Day{Year: 2026, Month: 11, Day: 16}},
		{at, clock.Local{Day: clock.Day{Year: 2026, Month: 11, Day: 16}, Hour: 8, Minute: 30}},
		{has, true},
		{strings.Join(f.All("many"), ","), "a,b"},
		{f.Cents("m1", ""), int64(1240050)},
		{f.Cents("m2", ""), int64(125050)},
		{f.Cents("m3", ""), int64(125000)},
		{f.Cents("empty", ""), int64(0)},
		{f.Has("empty"), true},
		{f.Has("absent"), false},
		{f.Problems.Any(), false},
	} {
		if tt.got != tt.want {
			t.Errorf("got %#v, want %#v", tt.got, tt.want)
		}
	}
	f.Int("nan")
	f.Day("noday")
	f.Cents("m4", "")
	web.FormID[struct{}](f, "id")
	f.Require("text", "empty")
	f.Max("text", 5)
	var got []string
	for _, p := range fault.ProblemsOf(f.Err()) {
		got = append(got, p.Field+" "+p.Code)
	}
	if want := "nan number,noday date,m4 amount,id not_found,empty required,text too_long"; strings.Join(got, ",") != want {
		t.Errorf("got %v", got)
	}
}

func TestAServicesProblemsReturnToTheForm(t *testing.T) {
	t.Parallel()
	f := web.NewForm(map[string]string{"title": "x"})
	if f.AddProblems(errors.New("surprise")) || f.AddProblems(fault.NotFound("x")) {
		t.Error("took what is not a problem")
	}
	if !f.AddProblems(fault.Invalid("title", "too_long", 3)) || f.Problems[0].Field != "title" || f.Text("title") != "x" {
		t.Errorf("%+v", f.Problems)
	}
	var none *web.Form
	if none.Text("x") != "" || none.Has("x") || none.Bool("x") || none.All("x") != nil {
		t.Error("no form is not an empty one")
	}
	if i := id.ID[struct{}](77); web.FormID[struct{}](web.NewForm(map[string]string{"c": i.String()}), "c") != i {
		t.Error("an id does not come back")
	}
}

func TestFormsAreBounded(t *testing.T) {
	t.Parallel()
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	for _, tt := range []struct {
		name string
		r    *http.Request
		max  int64
		kind fault.Kind
	}{
		{"long", ask("POST", "/form", "a="+strings.Repeat("x", 200)), 100, fault.KindTooLarge},
		{"long, of unknown length", ask("POST", "/form", "a="+strings.Repeat("x", 200), chunked), 100, fault.KindTooLarge},
		{"over the usual", ask("POST", "/form", "a="+strings.Repeat("x", 1<<20), chunked), 0, fault.KindTooLarge},
		{"many fields", ask("POST", "/form", strings.Repeat("a=1&", 201)), 0, fault.KindTooLarge},
		{"malformed", ask("POST", "/form", "a=%zz"), 0, fault.KindInvalid},
		{"JSON", ask("POST", "/form", "{}", with("Content-Type", "application/json")), 0, fault.KindInvalid},
		{"no boundary", ask("POST", "/form", "x", with("Content-Type", "multipart/form-data")), 0, fault.KindInvalid},
	} {
		if _, err := fill(t, tt.r, tt.max); fault.KindOf(err) != tt.kind || err == nil {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
	if f, err := fill(t, ask("GET", "/form?q=caf%C3%A9", ""), 0); err != nil || f.Text("q") != "café" {
		t.Errorf("a GET: %v", err)
	}
}

func multipartBody(t *testing.T, fields, size int) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for range fields {
		if err := m.WriteField("f", " v "); err != nil {
			t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("file", "photo.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte("x"), size)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, m.FormDataContentType()
}

func TestFilesComeWithForms(t *testing.T) {
	t.Parallel()
	for _, size := range []int{10, 3 << 20} {
		b, kind := multipartBody(t, 2, size)
		var got int
		h := web.NewRouter(web.Options{})
		h.Handle(web.Route{Pattern: "POST /form", Access: web.Anyone, MaxBody: 8 << 20, Handle: func(_ http.ResponseWriter, r *web.Request) error {
			f, err := r.Form()
			if err != nil {
				return err
			}
			file, head, err := f.File("file")
			if err != nil {
				return err
			}
			defer file.Close()
			all, err := io.ReadAll(file)
			if got = len(all); head.Filename != "photo.jpg" || f.Text("f") != "v" {
				t.Errorf("%s %q", head.Filename, f.Text("f"))
			}
			if _, _, err := f.File("none"); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("no file: %v", err)
			}
			return err
		}})
		r := httptest.NewRequest("POST", "/form", b)
		r.Header.Set("Content-Type", kind)
		if res := do(h, r); res.StatusCode != 200 || got != size {
			t.Errorf("%d: status %d, got %d bytes", size, res.StatusCode, got)
		}
	}
	for name, tt := range map[string]struct {
		fields, size int
	}{"too many fields": {201, 1}, "too large": {1, 2 << 20}} {
		b, kind := multipartBody(t, tt.fields, tt.size)
		r := httptest.NewRequest("POST", "/form", b)
		r.Header.Set("Content-Type", kind)
		r.ContentLength = -1
		if _, err := fill(t, r, 1<<20); !fault.Is(err, fault.KindTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzFormText(f *testing.F) {
	for _, s := range []string{"a", "\xff\r\n", "e\u0301", "\u202ex", "1 200,50", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		form := web.NewForm(map[string]string{"x": s})
		got := form.Text("x")
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Fatalf("%q became %q", s, got)
		}
		form.Int("x")
		form.Day("x")
		form.Local("x")
		if form.Cents("x", "") < 0 {
			t.Fatalf("%q is a negative amount", s)
		}
		web.FormID[struct{}](form, "x")
		web.LocalPath(s)
	})
}
