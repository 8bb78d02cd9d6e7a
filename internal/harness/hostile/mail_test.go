package hostile

import (
	"bytes"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"causerie/internal/feature/inbox"
)

// fields are the header fields that a mail of ours may have.
var fields = []string{"Date", "From", "To", "Reply-To", "Subject", "Message-Id", "In-Reply-To", "References", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Mime-Version", "Content-Type",
	"Content-Language", "Content-Transfer-Encoding",
	"List-Id", "Precedence", "Feedback-Id"}

// ours are styles as our mails have them, since programs that show mail take no others. They call nothing, url() neither.
var ours = regexp.MustCompile(` style="[^"(<\\]*"`)

// sheet is the one style sheet of a letter, for narrow screens and dark rooms. It calls nothing either.
var sheet = regexp.MustCompile(`(?s)<style>\s*:root\{color-scheme:light dark;[^<\\]*</style>`)

// withoutOurs takes from a mail what only ours have.
func withoutOurs(markup string) string {
	markup = sheet.ReplaceAllStringFunc(markup, func(s string) string {
		if strings.Contains(s, "url(") || strings.Contains(s, "@import") {
			return s
		}
		return ""
	})
	return ours.ReplaceAllString(markup, "")
}

// mails lets remarks through and answers, so that mails go to whoever wrote, then reads all that left.
func (g *rig) mails() {
	g.t.Helper()
	ctx, me := g.t.Context(), g.Owner.Actor()
	for _, state := range []string{inbox.Held, inbox.Open} {
		found, _, err := g.Inbox.List(ctx, me, inbox.Filter{State: state, Limit: 60})
		if err != nil {
			g.t.Fatal(err)
		}
		for _, m := range found {
			if state == inbox.Held {
				if err := g.Inbox.Approve(ctx, me, m.ID); err != nil {
					g.errorf("approve: %v", err)
				}
			}
			if _, err := g.Inbox.Answer(ctx, me, m.ID, m.Body+" <script>alert(1)</script>"); err != nil {
				g.t.Logf("answer to %q <%s>: %v", m.Name, m.Body, err)
			}
		}
	}
	g.RunJobs()
	g.quiet("mails")
	all := g.Mail.All()
	for _, m := range all {
		raw, err := m.Compose()
		if err != nil {
			g.errorf("a mail to %q: %v", m.To.Email, err)
			continue
		}
		parsed, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			g.errorf("a mail to %q: %v\n%.800s", m.To.Email, err, raw)
			continue
		}
		for name, values := range parsed.Header {
			if !slices.Contains(fields, name) || len(values) > 1 {
				g.errorf("a mail to %q has %s: %q", m.To.Email, name, values)
			}
			if _, err := new(mime.WordDecoder).DecodeHeader(values[0]); err != nil {
				g.errorf("a mail to %q: %s: %v", m.To.Email, name, err)
			}
		}
		for _, name := range []string{"From", "To"} {
			if list, err := parsed.Header.AddressList(name); err != nil || len(list) != 1 {
				g.errorf("a mail: %s is %q (%v)", name, parsed.Header.Get(name), err)
			}
		}
		if bytes.ContainsRune(raw, 0) {
			g.errorf("a mail to %q holds NUL", m.To.Email)
		}
		for _, why := range harmFragment(withoutOurs(m.HTML)) {
			g.errorf("a mail to %q: %s", m.To.Email, why)
		}
	}
	if len(all) < 5 {
		g.errorf("%d mails left", len(all))
	}
	g.t.Logf("%d mails", len(all))
}
