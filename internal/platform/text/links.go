package text

import (
	"regexp"

	"github.com/yuin/goldmark/extension"
)

// addressTail is what an address that was simply typed goes on with: everything up to a blank, an angle bracket or a
// quotation mark, accents too, since browsers copy them (GFM, 6.9). A mark at its end is the sentence's; the extension
// takes the points, commas and unpaired brackets off.
const addressTail = `[^\s\p{Z}<>"«»“”\x{FFFC}]*[^\s\p{Z}<>"«»“”‘’';…\x{FFFC}]`

// linkify makes links of addresses that stand bare in a text.
var linkify = extension.NewLinkifyParser(
	extension.WithLinkifyURLRegexp(regexp.MustCompile(`^(?:https?|ftp)://`+addressTail)),
	extension.WithLinkifyWWWRegexp(regexp.MustCompile(`^www\.[\p{L}\p{N}-]+\.`+addressTail)),
)
