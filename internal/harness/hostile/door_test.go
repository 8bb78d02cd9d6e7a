package hostile

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// TestNothingSaidAtTheFirstDoorRuns sets houses up: the first page of an empty program takes payloads and shows them again, and
// a house whose names are payloads opens.
func TestNothingSaidAtTheFirstDoorRuns(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			p := load(t)
			g := start(t, harness.Options{Engine: engine})
			fields := []string{"house", "owner_name", "owner_email", "password", "lang", "country", "zone", "timezone", "key", "<b>\x00"}
			throw := append(append(packed(p.words, 400, " "), p.edges...), every(p.emails, 8)...)
			for i := range throw {
				values := url.Values{}
				for k, name := range fields {
					values.Set(name, throw[(i+k*11)%len(throw)])
				}
				values.Set("owner_email", throw[i]+" x") // with a space it is no address: the page comes again
				got, _ := g.send(ask{method: http.MethodPost, target: "/setup", form: values})
				if got.status/100 == 3 {
					t.Fatalf("the house was made: %v", got)
				}
				if i%8 == 0 {
					g.get("", "/setup?"+values.Encode())
				}
			}
			honest := url.Values{"house": {`<script>alert(1)</script>" onfocus=alert(1) '`}, "owner_name": {`"><img src=x onerror=alert(1)>`}, "owner_email": {"jeanne@maison.example"},
				"password": {harness.Password}, "lang": {"fr-FR"}, "country": {"FR"}}
			got, _ := g.send(ask{method: http.MethodPost, target: "/setup", form: honest})
			if got.status != http.StatusSeeOther {
				t.Fatalf("%v", got)
			}
			page := g.get("owner", "/app/settings/house")
			if page.status != http.StatusOK || !strings.Contains(string(page.body), "alert(1)") {
				t.Errorf("the name is not shown: %v", page)
			}
			g.walk("owner", 3, "/app/", "/", "/app/settings", "/app/settings/people", "/app/posts")
		})
	}
}
