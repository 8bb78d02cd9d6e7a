package app_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/api"

	"causerie/internal/app"
	"causerie/internal/channel/notice"
	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/roster"
	"causerie/internal/feature/silence"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/platform/formkey"
	"causerie/internal/platform/live"
	"causerie/internal/platform/queue"
)

// kept is what docs/retention.md must say of each constant.
var kept = map[string]string{
	"delivery.KeepNames": span(delivery.KeepNames), "fact.KeepRecord": span(fact.KeepRecord), "fact.KeepTrace": span(fact.KeepTrace),
	"queue.KeepKey": span(queue.KeepKey), "account.SessionLife": span(account.SessionLife), "account.SessionEnd": span(account.SessionEnd), "account.DeviceLife": span(account.DeviceLife), "account.ResetLife": span(account.ResetLife),
	"account.InviteLife": span(account.InviteLife), "api.KeepAnswers": span(api.KeepAnswers), "post.RestoreFor": span(post.RestoreFor), "post.KeepRevisions": span(post.KeepRevisions), "post.HourlyRevisions": span(post.HourlyRevisions),
	"media.KeepUnused": span(media.KeepUnused), "inbox.KeepSpam": span(inbox.KeepSpam), "live.KeepChanges": span(live.KeepChanges),
	"mandate.RestoreFor": span(mandate.RestoreFor), "formkey.Keep": span(formkey.Keep), "notice.KeepTold": span(notice.KeepTold), "subscription.KeepAsks": span(subscription.KeepAsks), "roster.KeepUploads": span(roster.KeepUploads),
	"silence.Months":   fmt.Sprintf("%d months", silence.Months),
	"db.KeptSnapshots": fmt.Sprintf("the last %d", db.KeptSnapshots),
}

// span writes a duration as the table does.
func span(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d > year && d%year == 0:
		return fmt.Sprintf("%d years", d/year)
	case d == day:
		return "1 day"
	case d >= day:
		return fmt.Sprintf("%d days", d/day)
	}
	return fmt.Sprintf("%d hour", d/time.Hour)
}

var (
	retentionRow = regexp.MustCompile("(?m)^\\| [^|]+ \\| ([^|]+) \\| `([a-zA-Z.]+)` \\| `([A-Za-z]+)` \\|$")
	testName     = regexp.MustCompile(`(?m)^func (Test[A-Za-z]+)\(`)
)

// TestTheTableOfRetentionTellsTheTruth compares docs/retention.md with the constants, and finds the tests that it names.
func TestTheTableOfRetentionTellsTheTruth(t *testing.T) {
	table, err := os.ReadFile("../../docs/retention.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests []string
	err = filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testName.FindAllStringSubmatch(string(text), -1) {
			tests = append(tests, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, m := range retentionRow.FindAllStringSubmatch(string(table), -1) {
		long, constant, test := m[1], m[2], m[3]
		said[constant] = true
		if kept[constant] != long {
			t.Errorf("docs/retention.md says %q of %s, which is %q", long, constant, kept[constant])
		}
		if !slices.Contains(tests, test) {
			t.Errorf("docs/retention.md names %s, which is no test", test)
		}
	}
	for constant := range kept {
		if !said[constant] {
			t.Errorf("docs/retention.md has no line for %s", constant)
		}
	}
}

// TestEveryFactIsKeptAsItWasDecided lists the facts that are kept as records: a new kind is decided here.
func TestEveryFactIsKeptAsItWasDecided(t *testing.T) {
	records := map[string]bool{
		"house.set_up": true, "house.changed": true, "house.opened": true, "house.closed": true,
		"account.created": true, "account.granted": true, "account.password_changed": true,
		"voice.created": true, "voice.changed": true, "voice.moved": true, "voice.removed": true,
		"post.published": true, "post.scheduled": true, "post.unpublished": true, "post.deleted": true, "post.restored": true,
		"contact.merged": true, "contact.parted": true, "contact.erased": true, "contact.handle_verified": true, "contact.handle_removed": true, "contact.handle_changed": true,
		"mandate.opened": true, "mandate.moved": true, "mandate.deleted": true, "mandate.restored": true,
	}
	for _, f := range app.Facts() {
		want := fact.KeepTrace
		if records[f.Kind()] {
			want = fact.KeepRecord
		}
		if got := fact.Keep(f.Kind()); got != want {
			t.Errorf("%s is kept for %v, want %v", f.Kind(), got, want)
		}
		delete(records, f.Kind())
	}
	if len(records) > 0 {
		t.Errorf("no fact is named %v", records)
	}
	if fact.Keep("of.another_program") != fact.KeepRecord {
		t.Error("what is not known is not kept")
	}
}
