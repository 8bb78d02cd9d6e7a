package edition

import (
	"fmt"
	"strings"
)

// text returns the plain part: the whole letter, not a hint to open the other one. What stands under "-- " is left out by
// programs that quote it in an answer (RFC 3676, 4.3), so that nobody's way out is sent on with a reply.
func (s *sheet) text() string {
	var b strings.Builder
	say := func(paragraphs ...string) {
		for _, p := range paragraphs {
			if p = fill(p, columns); p != "" {
				b.WriteString(p + "\n\n")
			}
		}
	}
	head := s.Voice.Name
	if day := s.Day(); day != "" {
		head += " · " + day
	}
	say(head, s.Kicker)
	if s.Title != "" {
		title := fill(s.Title, columns)
		_, line, _ := strings.Cut(underlined(fill(s.bare(s.Title), columns), "="), "\n=") // as long as it is without a name
		b.WriteString(title + "\n=" + line + "\n\n")
	}
	say(s.Lede, s.Byline())
	if s.URL != "" {
		say(s.T("letter.read_online") + s.colon() + s.URL)
	}
	say(s.Greeting)
	if s.BodyText != "" {
		b.WriteString(s.BodyText + "\n\n")
	}
	if s.Short {
		say(s.CutWords(), s.URL)
	}
	if s.Question != "" {
		say("* * *", s.Question)
	}
	say(s.Answer())
	for i, address := range s.links {
		fmt.Fprintf(&b, "[%d] %s\n", i+1, address)
	}
	if len(s.links) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("-- \n")
	say(s.Because())
	say(s.T("letter.leave") + s.colon() + s.Unsubscribe)
	say(s.T("letter.preferences") + s.colon() + s.Preferences)
	if s.Subscribe != "" {
		say(s.T("letter.forwarded_ask") + " " + s.T("letter.forwarded_act") + s.colon() + s.Subscribe)
	}
	say(strings.Join(append(s.Identity(), s.House.Phone, s.House.Email), "\n"))
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// colon parts what a link is from its address, on a line of its own.
func (s *sheet) colon() string {
	if s.lang.French() {
		return "\u00a0:\n"
	}
	return ":\n"
}

// CutWords say that the letter goes on elsewhere.
func (s *sheet) CutWords() string {
	switch {
	case s.Cut && s.Digest:
		return s.T("letter.cut_digest")
	case s.Cut:
		return s.T("letter.cut")
	}
	return s.T("letter.more")
}
