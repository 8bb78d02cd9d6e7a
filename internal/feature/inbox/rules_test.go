package inbox

import (
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
)

func TestACommentIsHeldForWhatItLooksLike(t *testing.T) {
	t.Parallel()
	known := signals{approved: true, verified: true, proved: true}
	for _, c := range []struct {
		name   string
		change func(*signals)
		want   string
	}{
		{"approved and confirmed", func(*signals) {}, ""},
		{"a first time", func(s *signals) { s.approved, s.verified = false, false }, ReasonFirst},
		{"confirmed but never approved", func(s *signals) { s.approved = false }, ReasonFirst},
		{"approved but not confirmed", func(s *signals) { s.verified, s.proved = false, false }, ReasonUnconfirmed},
		{"confirmed for another name", func(s *signals) { s.proved = false }, ReasonOtherName},
		{"signed like the house", func(s *signals) { s.ours = true }, ReasonHouseName},
		{"signed like the house, for the first time", func(s *signals) { s.ours, s.approved = true, false }, ReasonHouseName},
		{"the tenth in an hour", func(s *signals) { s.hour = 9 }, ""},
		{"the eleventh in an hour", func(s *signals) { s.hour = 10 }, ReasonMany},
		{"two links", func(s *signals) { s.links = 2 }, ""},
		{"three links", func(s *signals) { s.links = 3 }, ReasonLinks},
		{"a filled trap", func(s *signals) { s.honeypot, s.links = true, 9 }, ReasonHoneypot},
		{"the third in a minute", func(s *signals) { s.recent = 2 }, ""},
		{"the fourth in a minute", func(s *signals) { s.recent = 3 }, ReasonPace},
	} {
		s := known
		c.change(&s)
		if got := s.judgeComment(); got != c.want {
			t.Errorf("%s: held for %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCommentsOpenAsThePostSaysElseAsTheHouse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		post, kind string
		house      bool
		days, age  int
		want       bool
	}{
		{"", "", true, 0, 4000, true},
		{"", "", false, 0, 0, false},
		{"", "", true, 30, 29, true},
		{"", "", true, 30, 30, false},
		{"open", "", false, 30, 400, true},
		{"closed", "", true, 0, 0, false},
		{"", "closed", true, 0, 0, false},
		{"open", "closed", true, 0, 0, true},
		{"", "open", false, 0, 0, true},
		{"closed", "open", true, 0, 0, false},
	} {
		if got := openFor(c.post, c.kind, Policy{c.house, c.days}, now.AddDate(0, 0, -c.age), now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestEveryProblemOfAFormIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := written{name: " ", email: "no", body: "", lang: "de"}
	got := map[string]bool{}
	for _, p := range fault.ProblemsOf(w.check("fr-CA")) {
		got[p.Field] = true
	}
	if !got["name"] || !got["email"] || !got["body"] || w.lang != "fr-CA" {
		t.Errorf("%v, %+v", got, w)
	}
}

func TestAnswersNestUnderWhatTheyAnswerAndNothingIsLost(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	m := func(id, parent int64) Message {
		return Message{ID: fact.MessageID(id), Parent: fact.MessageID(parent), At: at.Add(time.Duration(id) * time.Second)}
	}
	// 3 answers itself, 4 and 5 each other, 6 somebody who is not there; 10 to 17 are one long chain.
	all := []Message{m(1, 0), m(2, 1), m(3, 3), m(4, 5), m(5, 4), m(6, 99)}
	for i := int64(10); i < 18; i++ {
		all = append(all, m(i, i-1))
	}
	var count func(cs []Comment, depth int) int
	count = func(cs []Comment, depth int) int {
		if len(cs) > 0 && depth > maxDepth {
			t.Errorf("nested %d deep", depth)
		}
		n := 0
		for _, c := range cs {
			n += 1 + count(c.Children, depth+1)
		}
		return n
	}
	top := nest(all)
	if got := count(top, 1); got != len(all) {
		t.Errorf("%d of %d are in the tree", got, len(all))
	}
	if len(top[0].Children) != 1 || top[0].Children[0].ID != 2 {
		t.Errorf("the answer does not stand under what it answers: %+v", top[0])
	}
}
