package sample

import (
	"bytes"
	"image/jpeg"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func world(t *testing.T) *Data {
	t.Helper()
	d, err := World()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheHouseIsPeopledEnough(t *testing.T) {
	t.Parallel()
	d := world(t)
	count := map[string]int{}
	for _, p := range d.Posts {
		count[p.Voice+" "+p.Kind]++
		count[p.Status]++
	}
	stages, states := map[string]int{}, map[string]int{}
	for _, m := range d.Mandates {
		stages[m.Stage]++
		stages[m.Currency]++
	}
	for _, c := range d.Comments {
		states[c.Moderation]++
		if c.Voice == "" {
			states[c.Attention]++
		}
	}
	for _, want := range []struct {
		what string
		have int
		min  int
	}{
		{"articles by Claire", count["claire article"], 26},
		{"notes", count["claire note"], 12},
		{"pages", count["claire page"], 2},
		{"corporate posts", count["ateliers article"] + count["ateliers event"], 8},
		{"English posts", count["aubin article"], 8},
		{"events", count["ateliers event"], 1},
		{"contacts", len(d.Contacts), 70},
		{"comments", len(d.Comments), 90},
		{"requests", len(d.Requests), 20},
		{"mandates", len(d.Mandates), 14},
		{"mandates in dollars", stages["CAD"], 2},
		{"pictures", len(d.Pictures), 13},
	} {
		if want.have < want.min {
			t.Errorf("%s: %d, want at least %d", want.what, want.have, want.min)
		}
	}
	for _, s := range strings.Fields("idea planned writing review ready scheduled published unpublished") {
		if count[s] == 0 {
			t.Errorf("no post is %s", s)
		}
	}
	for _, s := range strings.Fields("interest request talk proposal won lost postponed") {
		if stages[s] == 0 {
			t.Errorf("no mandate is at %s", s)
		}
	}
	for _, s := range strings.Fields("held visible spam removed open answered closed") {
		if states[s] == 0 {
			t.Errorf("no comment is %s", s)
		}
	}
}

func TestFinishedPiecesAreWhole(t *testing.T) {
	t.Parallel()
	finished := []string{"published", "scheduled", "ready", "unpublished"}
	for _, p := range world(t).Posts {
		words := len(strings.Fields(p.Body))
		if !slices.Contains(finished, p.Status) {
			continue
		}
		switch p.Kind {
		case "article", "event":
			if words < 200 {
				t.Errorf("%s: %d words", p.Key, words)
			}
			if p.Title == "" || p.Dek == "" || p.Section == "" || len(p.Tags) == 0 {
				t.Errorf("%s lacks a title, a summary, a section or tags", p.Key)
			}
			if !strings.HasSuffix(p.Question, "?") {
				t.Errorf("%s does not close with a question", p.Key)
			}
		case "note":
			if n := len([]rune(p.Body)); n > 300 {
				t.Errorf("%s: %d characters", p.Key, n)
			}
		}
	}
}

func TestTheMondayColumnFallsOnMondaysInOrder(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	d := world(t)
	start := time.Date(2026, 2, 26, 6, 0, 0, 0, zone)
	for day := range 9 {
		now := start.AddDate(0, 0, day)
		at := map[int]time.Time{}
		for _, p := range d.Posts {
			if p.Number == 0 || !p.At.Monday {
				continue
			}
			at[p.Number] = p.At.At(now, zone)
			if wd := at[p.Number].In(zone).Weekday(); wd != time.Monday {
				t.Errorf("number %d falls on a %v", p.Number, wd)
			}
			if (p.Status == "published") == at[p.Number].After(now) {
				t.Errorf("on %v number %d is %s at %v", now, p.Number, p.Status, at[p.Number])
			}
		}
		for n := range at {
			if before, ok := at[n-1]; ok && !before.Before(at[n]) {
				t.Errorf("number %d comes before number %d", n, n-1)
			}
		}
	}
}

func TestTheTalkFollowsThePostAndPrecedesNow(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	d := world(t)
	for _, now := range []time.Time{
		time.Date(2026, 11, 23, 8, 1, 0, 0, zone), // a minute after the column
		time.Date(2026, 11, 26, 15, 0, 0, 0, zone),
		time.Date(2027, 3, 28, 3, 30, 0, 0, zone), // the short night
	} {
		posted := map[string]time.Time{}
		for _, p := range d.Posts {
			posted[p.Key] = p.At.At(now, zone)
		}
		at := d.CommentAt(now, zone)
		for _, c := range d.Comments {
			if !at[c.Key].After(posted[c.Post]) || at[c.Key].After(now) {
				t.Errorf("now %v: comment %s on %s is at %v", now, c.Key, c.Post, at[c.Key])
			}
			if c.Parent != "" && !at[c.Key].After(at[c.Parent]) {
				t.Errorf("now %v: comment %s answers before it is spoken to", now, c.Key)
			}
		}
	}
}

func TestNobodyRealCanBeReached(t *testing.T) {
	t.Parallel()
	d := world(t)
	mails := []string{d.House.OwnerEmail, d.House.Identity.ContactEmail}
	phones := []string{d.House.Identity.Phone, d.House.Identity.HostPhone}
	for _, v := range d.Voices {
		mails = append(mails, v.Email)
	}
	for _, c := range d.Contacts {
		mails = append(mails, c.Email)
		if c.Phone != "" {
			phones = append(phones, c.Phone)
		}
	}
	for _, c := range d.Comments {
		mails = append(mails, c.Email)
	}
	for _, m := range mails {
		if !strings.Contains(m, "@") || !strings.HasSuffix(m, ".example") {
			t.Errorf("%q is not an address of .example", m)
		}
	}
	fiction := regexp.MustCompile(`^01 99 00 \d\d \d\d$`)
	for _, p := range phones {
		if !fiction.MatchString(p) {
			t.Errorf("%q is not a number of fiction", p)
		}
	}
	host := regexp.MustCompile(`(https?://|@)[a-z0-9.-]+\.[a-z]+`)
	for _, text := range texts(d) {
		for _, found := range host.FindAllString(text, -1) {
			if !strings.HasSuffix(found, ".example") {
				t.Errorf("%q leads out of fiction", found)
			}
		}
	}
}

func TestTheTextsAreSetAsTheHouseSetsThem(t *testing.T) {
	t.Parallel()
	glued := regexp.MustCompile(`[\pL\pN»][;!?](\s|$)|«[^ ]|[^ ]»`)
	for name, text := range texts(world(t)) {
		for _, bad := range []string{"'", "lorem", "Lorem", "TODO", "\u00a0", "\u202f", "..."} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
		if french := strings.HasPrefix(name, "fr"); french {
			if at := glued.FindStringIndex(text); at != nil {
				t.Errorf("%s lacks a plain space near %q", name, text[max(0, at[0]-20):min(len(text), at[1]+5)])
			}
		}
	}
}

// texts returns every sentence of the house that people read, under a name that begins with its language.
func texts(d *Data) map[string]string {
	all := map[string]string{}
	lang := map[string]string{}
	for _, v := range d.Voices {
		lang[v.Key] = v.Lang
		all[v.Lang+" voice "+v.Key] = v.Tagline + "\n" + v.About + "\n" + v.Byline
	}
	for _, p := range d.Posts {
		lang[p.Key] = p.Lang
		all[p.Lang+" post "+p.Key] = strings.Join([]string{p.Title, p.Dek, p.Question, p.Body}, "\n")
	}
	for _, c := range d.Contacts {
		lang[c.Key] = c.Lang
		all["-- contact "+c.Key] = strings.Join([]string{c.Name, c.Role, c.Met, c.Note}, "\n")
	}
	for _, c := range d.Comments {
		if c.Moderation == "visible" {
			all[lang[c.Post]+" comment "+c.Key] = c.Body
		}
	}
	for _, r := range d.Requests {
		body := r.Body + "\n" + r.How
		if r.Answer != nil {
			body += "\n" + r.Answer.Body
		}
		all[lang[r.Contact]+" request "+r.Key] = body
	}
	for _, m := range d.Mandates {
		all["-- mandate "+m.Key] = strings.Join([]string{m.Title, m.NextAct, m.LostReason, m.Declared}, "\n")
	}
	for _, p := range d.Pictures {
		all["fr picture "+p.Key] = p.Alt.FR + "\n" + p.Caption.FR
		all["en picture "+p.Key] = p.Alt.EN + "\n" + p.Caption.EN
	}
	return all
}

func TestLinksBetweenPostsLead(t *testing.T) {
	t.Parallel()
	d := world(t)
	public := map[string]bool{"contact": true}
	for _, p := range d.Posts {
		if p.Voice == "claire" && p.Status == "published" {
			public[p.Key] = true
		}
	}
	link := regexp.MustCompile(`\]\(/([^)]+)\)`)
	for _, p := range d.Posts {
		for _, m := range link.FindAllStringSubmatch(p.Body, -1) {
			if !public[m[1]] {
				t.Errorf("%s links to /%s, which is not there", p.Key, m[1])
			}
		}
	}
}

func TestReadingBroughtWorkAndOtherThingsDidToo(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, zone)
	d := world(t)
	at := d.CommentAt(now, zone)
	first := map[string]time.Time{}
	for _, c := range d.Comments {
		if f, ok := first[c.Contact]; c.Contact != "" && (!ok || at[c.Key].Before(f)) {
			first[c.Contact] = at[c.Key]
		}
	}
	var commented, otherwise int
	for _, m := range d.Mandates {
		if m.Staged.Day(now, zone).Before(m.Opened.Day(now, zone)) {
			t.Errorf("%s came to its stage before it began", m.Key)
		}
		if open := m.Stage != "won" && m.Stage != "lost"; open != (m.NextAct != "") {
			t.Errorf("%s at %s: next act %q", m.Key, m.Stage, m.NextAct)
		}
		if (m.Stage == "lost") != (m.LostReason != "") || (m.Stage == "postponed") == m.PostponedUntil.IsZero() {
			t.Errorf("%s: its stage and its reasons disagree", m.Key)
		}
		if m.Stage != "won" {
			continue
		}
		if f, ok := first[m.Contact]; ok && f.Before(m.Opened.At(now, zone)) {
			commented++
		} else if m.Declared != "" {
			otherwise++
		}
	}
	if commented < 4 || otherwise < 3 {
		t.Errorf("%d won after a comment, %d for other reasons; want 4 and 3", commented, otherwise)
	}
	for _, r := range d.Requests {
		if (r.Attention == "answered") && r.Answer == nil {
			t.Errorf("request %s is answered by nothing", r.Key)
		}
		if r.Answer != nil && !r.At.At(now, zone).Before(r.Answer.At.At(now, zone)) {
			t.Errorf("request %s is answered before it came", r.Key)
		}
	}
}

func TestPicturesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	for _, p := range world(t).Pictures {
		c, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
		if err != nil {
			t.Errorf("%s: %v", p.Key, err)
			continue
		}
		if c.Width != p.Width || c.Height != p.Height || len(p.JPEG) > 90<<10 {
			t.Errorf("%s: %d by %d in %d bytes", p.Key, c.Width, c.Height, len(p.JPEG))
		}
		if p.Alt.FR == "" || p.Alt.EN == "" {
			t.Errorf("%s has no words for those who do not see it", p.Key)
		}
	}
}

func TestNobodySpeaksBeforeWeMet(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, zone)
	d := world(t)
	met := map[string]time.Time{}
	for _, c := range d.Contacts {
		met[c.Key] = c.Since.At(now, zone)
	}
	at := d.CommentAt(now, zone)
	for _, c := range d.Comments {
		if at[c.Key].Before(met[c.Contact]) {
			t.Errorf("%s comments on %s %.0f days before we met", c.Contact, c.Post, met[c.Contact].Sub(at[c.Key]).Hours()/24)
		}
	}
	for _, r := range d.Requests {
		if r.At.At(now, zone).Before(met[r.Contact]) {
			t.Errorf("%s asks before we met", r.Contact)
		}
	}
	for _, m := range d.Mandates {
		if m.Opened.At(now, zone).Before(met[m.Contact]) {
			t.Errorf("%s begins before we met", m.Key)
		}
	}
}
