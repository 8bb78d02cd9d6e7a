package suppression

import (
	"regexp"
	"slices"
	"strings"

	"causerie/internal/core/delivery"
)

// Verdict is what a failure says, and about whom.
type Verdict int

// The verdicts.
const (
	Nothing Verdict = iota // it left, or nobody can tell
	Soft                   // it failed, perhaps not for ever
	Hard                   // the address is no good, says its own server
	Ours                   // we are refused, and not the reader
)

// Codes that say that an address is no good (RFC 5321, 4.2; RFC 7504 for 521 and 556; RFC 3463, 3).
var (
	hardCodes    = []string{"550", "551", "553", "521", "556"}
	hardEnhanced = []string{"1.1", "1.2", "1.3", "1.6", "2.1"}
)

var replyCodes = regexp.MustCompile(`^(\d{3})(?:[ -]([245]\.\d{1,3}\.\d{1,3})\b)?`)

// Judge tells what the end of an attempt says. At the final dot a bare 550 is mostly about what was written, so that there the enhanced
// code alone counts; before RCPT it is about us.
func Judge(o delivery.Outcome) Verdict {
	if o.State != delivery.Refused && o.State != delivery.Bounced {
		return Nothing
	}
	m := replyCodes.FindStringSubmatch(o.Reply)
	code, enhanced := "", ""
	if m != nil {
		code, enhanced = m[1], m[2]
	}
	_, detail, _ := strings.Cut(enhanced, ".")
	switch {
	case strings.HasPrefix(detail, "7."):
		return Ours
	case slices.Contains(hardEnhanced, detail) && enhanced[0] == '5':
		return Hard
	case o.Reason == delivery.GaveUp:
		return Soft
	case o.Reason == "mail":
		return Ours
	case o.Reason == "rcpt" && enhanced == "" && slices.Contains(hardCodes, code):
		return Hard
	case o.Reason == "rcpt", o.Reason == "data", o.Reason == "body":
		return Soft
	}
	return Nothing // a gate, a message that could not be written
}
