package inbox

import (
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// Bounds, in characters.
const (
	MaxBody   = 5_000
	MaxName   = 80
	MaxHow    = 500
	MaxPhone  = 40
	MaxAnswer = 20_000
)

// Why a message is held.
const (
	ReasonHoneypot    = "honeypot"    // it filled a field that people do not see
	ReasonLinks       = "links"       // it links more than people do
	ReasonPace        = "pace"        // it is one of many in a minute
	ReasonFirst       = "first"       // nobody has yet said yes to anything from this person
	ReasonUnconfirmed = "unconfirmed" // they were approved before, but did not prove that the address is theirs
	ReasonOtherName   = "other_name"  // the address is proved, but not that its owner signs so
	ReasonHouseName   = "house_name"  // a reader may take the name for the house, a voice or one of its people
	ReasonMany        = "many"        // the owner of the address was told of many within an hour, and may not have looked
	ReasonDisowned    = "disowned"    // the owner of the address says that it was not them
)

const (
	maxLinks   = 2
	maxPace    = 3 // messages in a minute
	paceWindow = time.Minute
	maxTrusted = 10 // messages in an hour that appear by themselves
	longWindow = time.Hour
)

// signals are what a message is judged by.
type signals struct {
	honeypot bool
	links    int  // text.LinkScore of all that was typed
	recent   int  // messages of the same handle in the last minute
	hour     int  // and in the last hour
	ours     bool // the name may be taken for one of the house
	approved bool // a comment of the contact is visible
	verified bool // the handle is proved
	proved   bool // and so is that its owner signs with this name
}

// suspect returns why a message looks like spam, "" when it does not.
func (s signals) suspect() string {
	switch {
	case s.honeypot:
		return ReasonHoneypot
	case s.links > maxLinks:
		return ReasonLinks
	case s.recent >= maxPace:
		return ReasonPace
	}
	return ""
}

// looksLikeSpam reports whether a message that is held for a reason of suspect is more likely sent by a program.
func looksLikeSpam(reason string) bool {
	return reason == ReasonHoneypot || reason == ReasonLinks || reason == ReasonPace
}

// judgeComment returns why a comment is held, "" when it may appear at once.
func (s signals) judgeComment() string {
	if reason := s.suspect(); reason != "" {
		return reason
	}
	switch {
	case s.ours:
		return ReasonHouseName
	case !s.approved:
		return ReasonFirst
	case !s.verified:
		return ReasonUnconfirmed
	case !s.proved:
		return ReasonOtherName
	case s.hour >= maxTrusted:
		return ReasonMany
	}
	return ""
}

// judgeRequest returns why what is private is held, "" when it waits for an answer like any other.
func (s signals) judgeRequest() string {
	if reason := s.suspect(); reason != "" || !s.ours {
		return reason
	}
	return ReasonHouseName
}

// openFor reports whether readers may comment on a post: what the post says goes before what its kind says, and that
// before what the house says.
func openFor(post, kind string, house Policy, published, now time.Time) bool {
	switch {
	case post != "":
		return post == "open"
	case kind != "":
		return kind == "open"
	}
	return house.Open && (house.CloseAfterDays == 0 || now.Before(published.AddDate(0, 0, house.CloseAfterDays)))
}

// written is what somebody typed into a public form, cleaned and checked.
type written struct {
	name, email, body, how, lang string
}

func (w *written) check(lang string) error {
	var p fault.Problems
	w.name = text.Name(w.name)
	w.body, w.how = strings.TrimSpace(w.body), strings.TrimSpace(w.how)
	length := func(field, s string, max int, needed bool) {
		switch n := utf8.RuneCountInString(s); {
		case n == 0 && needed:
			p.Add(field, "required")
		case n > max:
			p.Add(field, "too_long", max)
		}
	}
	length("name", w.name, MaxName, true)
	email, err := text.ParseEmail(w.email)
	if err != nil {
		p = append(p, fault.ProblemsOf(err)...)
	}
	w.email = email
	length("body", w.body, MaxBody, true)
	length("how", w.how, MaxHow, false)
	if l, ok := i18n.Parse(w.lang); ok {
		lang = string(l)
	}
	w.lang = lang
	return p.Err()
}
