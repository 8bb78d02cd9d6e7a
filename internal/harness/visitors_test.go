package harness_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

func TestARobotThatHasPagesMadeIsHeldBackAndNobodyElse(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Engine: db.SQLite, SetUp: true, Bound: true})
	owner, robot := h.SignIn(), h.Visitor()
	if p := robot.Get("/"); p.Status != http.StatusOK {
		t.Fatalf("the front: %d", p.Status)
	}
	held, asked := (*harness.Page)(nil), 0
	for ; held == nil && asked < 2000; asked++ {
		if p := robot.Get(fmt.Sprintf("/rien/%d", asked)); p.Status == http.StatusTooManyRequests {
			held = p
		}
	}
	if held == nil || asked < 60 || held.Header.Get("Retry-After") == "" || len(held.Body) > 600 {
		t.Fatalf("%d pages that are not there, and %+v", asked, held)
	}
	if p := robot.Get("/"); p.Status != http.StatusOK {
		t.Errorf("what is in memory: %d", p.Status)
	}
	for range 150 {
		if p := owner.Get("/app/inbox"); p.Status != http.StatusOK {
			t.Fatalf("the owner: %d", p.Status)
		}
	}
	if p := owner.Get("/metrics"); !regexp.MustCompile(`causerie_limits_reached_total\{rate="visitors"\} [1-9]`).Match(p.Body) {
		t.Errorf("the metrics say nothing of it: %s", p.Body)
	}
}
