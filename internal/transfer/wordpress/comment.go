package wordpress

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/text"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// comment is a comment as it will be written.
type comment struct {
	external string
	parent   string // external name of what it answers, "" at the top
	message  inbox.Import
}

// Channel is that of the comments that an export brings: who wrote them can be answered by mail.
var Channel = inbox.Channel{Name: "wordpress", Label: "inbox.channel.wordpress", Icon: "upload", Way: "mail"}

// comments makes messages of the comments of an item, each after the one that it answers. A stranger's under one of our names waits, as
// it would if it came today.
func (im *importer) comments(it wxr.Item, lang string, ours map[string]bool) []comment {
	var planned []comment
	for _, c := range inOrder(it.Comments) {
		md := c.Content
		if r, err := htmlmd.Convert(paragraphs(c.Content), htmlmd.Options{}); err == nil {
			md = strings.TrimSpace(r.Markdown)
			for _, n := range r.Notes {
				im.report.AddN(n.Kind, n.Name, label(it), n.Count)
			}
		}
		m := inbox.Import{Incoming: inbox.Incoming{Voice: im.Voice, Subject: plain(it.Title), Channel: Channel.Name, Kind: inbox.KindComment,
			External: im.ledger.Source + "#" + commentName(it, c), Name: plain(c.Author), From: contact.Address(c.Email), URL: c.URL, Body: md,
			Lang: lang, At: c.Date}}
		switch c.Type {
		case "pingback":
			m.Kind, m.From = inbox.KindPingback, contact.NewHandle{}
		case "trackback":
			m.Kind, m.From = inbox.KindTrackback, contact.NewHandle{}
		case "", "comment":
		default:
			im.report.Add("comment_type", c.Type, label(it))
		}
		switch c.Approved {
		case "1", "approve", "approved":
			m.Moderation = inbox.Visible
		case "spam":
			m.Moderation = inbox.Spam
		case "trash", "post-trashed":
			m.Moderation = inbox.Removed
		default:
			m.Moderation, m.Attention = inbox.Held, inbox.Open
		}
		if im.site.emails[strings.ToLower(c.Email)] {
			m.From = contact.NewHandle{} // who wrote for the site is no stranger
		}
		if m.Moderation == inbox.Visible && !m.From.IsZero() && ours[m.Name] {
			m.Moderation, m.Attention, m.Reason = inbox.Held, inbox.Open, inbox.ReasonHouseName
			im.report.Add("house_name", m.Name, label(it))
		}
		if m.At.IsZero() {
			m.At, _ = it.Published()
		}
		if m.At.IsZero() {
			m.At = im.now
		}
		parent := ""
		if c.Parent != 0 && c.Parent != c.ID {
			parent = strconv.FormatInt(c.Parent, 10)
		}
		planned = append(planned, comment{external: commentName(it, c), parent: parent, message: m})
	}
	return planned
}

// countComments adds what is planned to the report.
func (im *importer) countComments(all []comment) {
	for _, c := range all {
		im.report.Comments++
		transfer.Count(&im.report.States, c.message.Moderation, 1)
		if c.message.Moderation == inbox.Spam || c.message.Moderation == inbox.Removed {
			continue // makes nobody known
		}
		if email, err := text.ParseEmail(c.message.From.Value); err == nil && im.seen.first("person", text.FoldEmail(email)) {
			im.report.People++
		}
	}
}

// inOrder sorts comments by date, then puts each after the one that it answers. What answers nothing that is there, or
// goes round in a circle, stands by itself.
func inOrder(all []wxr.Comment) []wxr.Comment {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b wxr.Comment) int { return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.ID, b.ID)) })
	at := make(map[int64]int, len(all))
	for i, c := range all {
		if c.ID != 0 {
			at[c.ID] = i
		}
	}
	placed := make([]bool, len(all))
	sorted := make([]wxr.Comment, 0, len(all))
	for i := range all {
		var chain []int // from i up to what is placed, or the top
		for j, ok := i, true; ok && !placed[j] && !slices.Contains(chain, j) && len(chain) < 1000; j, ok = at[all[j].Parent] {
			chain = append(chain, j)
		}
		for _, j := range slices.Backward(chain) {
			placed[j] = true
			sorted = append(sorted, all[j])
		}
	}
	return sorted
}

// commentName is the name of a comment in the ledger.
func commentName(it wxr.Item, c wxr.Comment) string {
	if c.ID != 0 {
		return strconv.FormatInt(c.ID, 10)
	}
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%s\n%d\n%s", c.Author, c.Email, c.Date.Unix(), c.Content)
	return fmt.Sprintf("%s#%x", external(it), sum.Sum64())
}

// paragraphs is what WordPress does with the line ends of a comment when it shows it.
func paragraphs(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if strings.Contains(s, "<p>") || strings.Contains(s, "<p ") {
		return s
	}
	var b strings.Builder
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(p, "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}
