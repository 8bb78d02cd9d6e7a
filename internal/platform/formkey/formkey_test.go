package formkey_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/formkey"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

var (
	qMake  = db.Query{Name: "test.make", SQL: `INSERT INTO tries (key, until, failed, ends_at) VALUES ($1, 0, 0, 0)`}
	qCount = db.Query{Name: "test.count", SQL: `SELECT COUNT(*) FROM tries`}
)

// process is one program on the database: its form makes a row under another name each time that it is taken.
type process struct {
	t    *testing.T
	to   *web.Router
	made *int
	mu   *sync.Mutex
}

func newProcess(t *testing.T, d *db.DB, made *int, mu *sync.Mutex) *process {
	p := &process{t: t, made: made, mu: mu}
	p.to = web.NewRouter(web.Options{Taken: formkey.New(d), Clock: clock.NewManual(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)),
		Identify: func(_ context.Context, r *http.Request) (web.Identity, error) {
			return web.Identity{Actor: actor.Actor{Account: 7, Grants: []actor.Grant{{Role: actor.Owner}}}, Session: "x"}, nil
		}})
	p.to.Handle(web.Route{Pattern: "POST /app/things", Access: web.Authors, Once: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
		f, err := r.Form()
		if err != nil {
			return err
		}
		if f.Text("title") == "" {
			return fault.Invalid("title", "required")
		}
		mu.Lock()
		*made++
		name := fmt.Sprint(*made)
		mu.Unlock()
		err = d.Write(r.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, qMake, name)
			return err
		})
		if err != nil {
			return err
		}
		if f.Text("title") == "half" {
			return fault.Conflict("half") // what came after did not work
		}
		return r.Redirect(w, "thing.made", "/app/things/"+name)
	}})
	return p
}

func (p *process) post(key, title string) *http.Response {
	form := url.Values{"form_key": {key}, "title": {title}}
	r := httptest.NewRequest("POST", "/app/things", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "x"})
	rec := httptest.NewRecorder()
	p.to.ServeHTTP(rec, r)
	return rec.Result()
}

func TestAFormThatIsSentTwiceIsTakenOnce(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		var made int
		var mu sync.Mutex
		here := newProcess(t, d, &made, &mu)
		there := newProcess(t, d, &made, &mu)
		rows := func() (n int) {
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, err = db.One(tx, qCount, db.Scalar[int])
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		to := func(res *http.Response) string { return res.Header.Get("Location") }

		first := here.post("k", "Table")
		again := here.post("k", "Table")
		if first.StatusCode != 303 || to(first) == "" || to(again) != to(first) || len(again.Cookies()) != 1 {
			t.Errorf("led to %d %q, then to %d %q and says %v", first.StatusCode, to(first), again.StatusCode, to(again), again.Cookies())
		}
		if other := there.post("k", "Table"); to(other) != to(first) { // another process, or this one after a restart
			t.Errorf("elsewhere it led to %q", to(other))
		}
		if rows() != 1 {
			t.Errorf("%d rows", rows())
		}
		if to(here.post("k", "Chaise")) == to(first) { // who came back and typed something else means another
			t.Error("other words under the same key are lost")
		}
		bare := to(here.post("", "Table"))
		if to(here.post("l", "Table")) == to(first) || bare == to(here.post("", "Table")) {
			t.Error("the same words of another form are lost")
		}
		if res := here.post("m", ""); res.StatusCode != 422 {
			t.Errorf("a refusal is %d", res.StatusCode)
		}
		if a, b := here.post("n", "half"), here.post("n", "half"); a.StatusCode != 409 || b.StatusCode != 409 {
			t.Errorf("what did not work keeps its key: %d, %d", a.StatusCode, b.StatusCode)
		}
		before := rows()

		var wg sync.WaitGroup
		led := make([]string, 8)
		for i := range led {
			p := here
			if i%2 == 1 {
				p = there
			}
			wg.Go(func() { led[i] = to(p.post("together", "Table")) })
		}
		wg.Wait()
		for _, l := range led {
			if l != led[0] || !regexp.MustCompile(`^/app/things/\d+$`).MatchString(l) {
				t.Errorf("together they led to %v", led)
				break
			}
		}
		if rows() != before+1 {
			t.Errorf("together they made %d rows", rows()-before)
		}
	})
}

func TestKeysOfFormsGoAfterADay(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		now := d.Clock().(*clock.Manual)
		keys := formkey.New(d)
		ctx, done := keys.Claim(t.Context(), "k")
		if err := d.Write(ctx, func(tx *db.Tx) error { return io.EOF }); err != io.EOF || done() {
			t.Errorf("what failed took the key: %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return nil }); err != nil || !done() {
			t.Errorf("not taken: %v", err)
		}
		if n, err := keys.Prune(t.Context()); n != 0 || err != nil {
			t.Errorf("pruned at once: %d, %v", n, err)
		}
		now.Advance(formkey.Keep + time.Minute)
		if n, err := keys.Prune(t.Context()); n != 1 || err != nil {
			t.Errorf("a day later: %d, %v", n, err)
		}
		if _, taken, err := keys.Look(t.Context(), "k"); taken || err != nil {
			t.Errorf("still taken: %v", err)
		}
	}, dbtest.ClockAt(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)))
}
