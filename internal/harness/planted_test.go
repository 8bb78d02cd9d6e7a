package harness_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/feature/inbox"
	"causerie/internal/harness"
	"causerie/internal/sample"
	"causerie/internal/view/timeline"
)

// TestEveryPublicPageOfTheSampleHouseIsThere crawls the house that the demo shows: nothing leads nowhere, and every post
// of the sample that is out is reached from the front page.
func TestEveryPublicPageOfTheSampleHouseIsThere(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Planted: true})
	seen := map[string]bool{}
	for _, p := range h.Crawl("/") {
		switch p.Status {
		case http.StatusOK, http.StatusMovedPermanently, http.StatusSeeOther:
		default:
			t.Errorf("%s answers %d", p.Path, p.Status)
		}
		seen[p.Path] = p.Status == http.StatusOK
	}
	data, err := sample.World()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range data.Posts {
		if one.Status != "published" || one.Kind == "note" {
			continue
		}
		path := "/" + one.Voice + "/" + one.Key
		if one.Voice == "claire" {
			path = "/" + one.Key
		}
		if !seen[path] {
			t.Errorf("no link leads to %s", path)
		}
	}
}

// TestTheSampleHouseIsAliveThisMorning checks what the demo's home shows first.
func TestTheSampleHouseIsAliveThisMorning(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Planted: true})
	me := h.Owner.Actor()
	open, _, err := h.Inbox.List(t.Context(), me, inbox.Filter{State: inbox.Open, Kind: inbox.KindComment, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(open) != 1 || h.Clock.Now().Sub(open[0].At) != 80*time.Minute {
		t.Errorf("the last remark that waits: %+v", open)
	}
	counts, err := h.Inbox.Counts(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Open < 3 || counts.Held < 2 {
		t.Errorf("%+v wait", counts)
	}
	report, err := h.Attribution.Of(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	if report.Won.Count < 7 || report.Won.Observed < 4 || report.Won.Observed == report.Won.Count || report.Lost.Count < 2 {
		t.Errorf("what the speaking brought: %+v, lost %+v", report.Won, report.Lost)
	}
	first := report.Cases[0] // of somebody who had subscribed to the letter months before they asked
	if report.Won.Subscribed < 1 || len(first.Observed) < 2 || first.Observed[0].Kind != timeline.Subscribed || first.Observed[len(first.Observed)-1].Kind != timeline.Asked {
		t.Errorf("what a subscription led to: %d, %+v", report.Won.Subscribed, first)
	}
	today, err := h.Today.Get(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	if today.Load() == 0 {
		t.Errorf("nothing to do today: %+v", today)
	}
}

// TestTheMailsOfTheSampleHouseLeft checks that the demo's deliveries are what they say, and that nobody got one for the past.
func TestTheMailsOfTheSampleHouseLeft(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Planted: true, Now: harness.Now.Add(31 * time.Hour)}) // not from the template: mail is captured here
	all, _, err := h.Deliveries.List(t.Context(), h.Owner.Actor(), delivery.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	kinds, few := map[string]bool{}, 0
	for _, d := range all {
		if kinds[d.Kind] = true; d.Kind != "letter" { // which went to all who follow
			few++
		}
		if d.State != "sent" || !strings.HasSuffix(d.Recipient, ".example") || !d.At.Before(h.Clock.Now()) {
			t.Errorf("%+v", d)
		}
	}
	if few < 3 || few > 12 {
		t.Errorf("%d deliveries besides the letter", few)
	}
	if !kinds["letter"] || !kinds["notice"] || !kinds["receipt"] || !kinds["answer"] {
		t.Errorf("the box of the demo shows only %v", kinds)
	}
	h.RunJobs()
	if left := h.Mail.All(); len(left) != 0 {
		t.Errorf("%d mails leave for what is past, the first to %v", len(left), left[0].To)
	}
}

// TestSignedInTheOwnerSeesTheWorkSide opens what is behind the door with the password of the demo.
func TestSignedInTheOwnerSeesTheWorkSide(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{Planted: true})
	h.Visitor().Get("/app/posts").Is(http.StatusSeeOther)
	h.SignIn().Get("/app/posts").OK()
}
