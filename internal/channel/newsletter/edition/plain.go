package edition

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// columns is how long a line of the text part is at most, in characters; a word or an address that is longer stays whole.
const columns = 72

// plain writes a text as plain text, as somebody would type it into a mail.
type plain struct{ s *sheet }

// block returns what stands on lines of its own, in at most so many columns.
func (p plain) block(n *nethtml.Node, wide int) string {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3:
		return underlined(fill(p.inline(n), wide), "-")
	case atom.Ul, atom.Ol:
		return p.list(n, wide)
	case atom.Dl:
		return p.definitions(n, wide)
	case atom.Blockquote:
		return prefixed(p.within(n, wide-2), "> ", "> ")
	case atom.Pre:
		return prefixed(strings.Trim(words(n), "\n"), "    ", "    ")
	case atom.Table:
		return p.table(n, wide)
	case atom.Figure:
		return strings.ReplaceAll(p.within(n, wide), "\n\n", "\n")
	case atom.Hr:
		return "* * *"
	case atom.Section:
		return "* * *\n\n" + p.notes(n, wide)
	case atom.Audio, atom.Video:
		return fill(p.media(n), wide)
	case atom.P, atom.H4, atom.H5, atom.H6, atom.Dt, atom.Summary, atom.Figcaption:
		return fill(p.inline(n), wide)
	}
	return p.within(n, wide)
}

// within returns the blocks of n, a blank line between.
func (p plain) within(n *nethtml.Node, wide int) string {
	var all []string
	for _, c := range parts(n) {
		if t := p.block(c, wide); t != "" {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n\n")
}

// item returns what an item of a list holds: a line, or blocks.
func (p plain) item(n *nethtml.Node, wide int) string {
	if hasBlock(n) {
		return p.within(n, wide)
	}
	return fill(p.inline(n), wide)
}

func (p plain) list(n *nethtml.Node, wide int) string {
	number, _ := strconv.Atoi(attr(n, "start"))
	number = max(number, 1)
	var all []string
	long := false
	for li := range n.ChildNodes() {
		if li.DataAtom != atom.Li {
			continue
		}
		mark := "–\u00a0"
		if n.DataAtom == atom.Ol {
			mark = strconv.Itoa(number) + ".\u00a0"
			number++
		}
		indent := strings.Repeat(" ", utf8.RuneCountInString(mark))
		t := prefixed(p.item(li, wide-len(indent)), mark, indent)
		long = long || strings.Contains(t, "\n\n")
		all = append(all, t)
	}
	if long {
		return strings.Join(all, "\n\n")
	}
	return strings.Join(all, "\n")
}

func (p plain) definitions(n *nethtml.Node, wide int) string {
	var all []string
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case atom.Dt:
			all = append(all, fill(p.inline(c), wide))
		case atom.Dd:
			all = append(all, prefixed(p.item(c, wide-4), "    ", "    "))
		}
	}
	return strings.Join(all, "\n")
}

// notes returns the notes of a text, each behind its number.
func (p plain) notes(n *nethtml.Node, wide int) string {
	var all []string
	for li := range n.Descendants() {
		if li.DataAtom == atom.Li {
			mark := superscript(strconv.Itoa(len(all)+1)) + "\u00a0"
			all = append(all, prefixed(p.item(li, wide-2), mark, "  "))
		}
	}
	return strings.Join(all, "\n")
}

// table returns rows in columns where they find room, else one cell under the other.
func (p plain) table(n *nethtml.Node, wide int) string {
	var rows [][]string
	var widths []int
	for tr := range n.Descendants() {
		if tr.DataAtom != atom.Tr {
			continue
		}
		var row []string
		for c := range tr.ChildNodes() {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			t := strings.Join(strings.FieldsFunc(p.item(c, 1<<20), func(r rune) bool { return r == '\n' }), " ")
			if row = append(row, t); len(widths) < len(row) {
				widths = append(widths, 0)
			}
			widths[len(row)-1] = max(widths[len(row)-1], utf8.RuneCountInString(t))
		}
		rows = append(rows, row)
	}
	total := -2
	for _, w := range widths {
		total += w + 2
	}
	var all []string
	for i, row := range rows {
		var line strings.Builder
		for k, cell := range row {
			switch {
			case total > wide && i > 0 && k < len(rows[0]) && rows[0][k] != "":
				line.WriteString(fill(rows[0][k]+"\u00a0: "+cell, wide) + "\n")
			case total > wide:
				line.WriteString(fill(cell, wide) + "\n")
			default:
				line.WriteString(cell + strings.Repeat(" ", widths[k]-utf8.RuneCountInString(cell)+2))
			}
		}
		all = append(all, strings.TrimRight(line.String(), " \n"))
	}
	if total > wide {
		if len(all) > 1 {
			all = all[1:] // the heads stand before each cell
		}
		return strings.Join(all, "\n\n")
	}
	return strings.Join(all, "\n")
}

// inline returns what runs in lines; a line end that was meant is "\n".
func (p plain) inline(n *nethtml.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if c.Type == nethtml.TextNode {
			b.WriteString(spaces(c.Data))
			continue
		}
		switch c.DataAtom {
		case atom.Br:
			b.WriteString("\n")
		case atom.Img:
			if alt := attr(c, "alt"); alt != "" {
				b.WriteString("[" + alt + "]")
			}
		case atom.A:
			b.WriteString(p.link(c))
		case atom.Audio, atom.Video:
			b.WriteString(p.media(c))
		case atom.Strong, atom.B:
			b.WriteString(p.marked(c, "*"))
		case atom.Em, atom.I:
			b.WriteString(p.marked(c, "_"))
		default:
			b.WriteString(p.inline(c))
		}
	}
	return b.String()
}

// link returns the words of a link with the number of its address, or the address alone where it stands for itself.
func (p plain) link(n *nethtml.Node) string {
	label, address := p.inline(n), p.s.address(attr(n, "href"))
	switch {
	case attr(n, "role") == "doc-backlink":
		return ""
	case attr(n, "role") == "doc-noteref":
		return superscript(label)
	case address == "":
		return label
	case bare(label) == bare(address):
		return strings.TrimPrefix(strings.TrimPrefix(address, "mailto:"), "tel:")
	}
	return label + "\u00a0[" + strconv.Itoa(p.s.number(address)) + "]"
}

// bare is an address as one says it.
func bare(address string) string {
	for _, scheme := range [...]string{"https://", "http://", "mailto:", "tel:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return strings.TrimSuffix(address, "/")
}

func (p plain) media(n *nethtml.Node) string {
	if address := p.s.mediaOf(n); address != "" {
		return p.s.mediaLabel(n) + "\u00a0[" + strconv.Itoa(p.s.number(address)) + "]"
	}
	return ""
}

// number returns that of an address among the links of the letter.
func (s *sheet) number(address string) int {
	if n, ok := s.numbers[address]; ok {
		return n
	}
	s.links = append(s.links, address)
	s.numbers[address] = len(s.links)
	return len(s.links)
}

// marked puts a sign around the words of n as one types it, within the spaces around them; around none that may be missing.
func (p plain) marked(n *nethtml.Node, sign string) string {
	words := p.inline(n)
	core := strings.Trim(words, " \n")
	if core == "" || strings.ContainsAny(core, "\n"+sign) || slices.ContainsFunc(p.s.all, func(s Slot) bool { return string(s.Word) == core }) {
		return words
	}
	at := strings.Index(words, core)
	return words[:at] + sign + core + sign + words[at+len(core):]
}

// superscript returns figures as they stand above a line.
func superscript(figures string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0']
		}
		return r
	}, figures)
}

// spaces makes each run of breaking spaces one. Those that do not break stay.
func spaces(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			continue
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

// fill breaks lines at spaces, never at one that does not break, so that no line begins with the colon of French.
func fill(s string, wide int) string {
	wide = max(wide, 20)
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		n := 0
		for word := range strings.SplitSeq(line, " ") {
			if word == "" {
				continue
			}
			w := utf8.RuneCountInString(word)
			switch {
			case n == 0:
			case n+1+w > wide:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(word)
			n += w
		}
	}
	return strings.Trim(b.String(), "\n\u00a0")
}

// prefixed puts something before the first line and before the others; a blank line has no space at its end.
func prefixed(s, first, others string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		with := others
		if i == 0 {
			with = first
		}
		if line == "" {
			with = strings.TrimRight(with, " ")
		}
		lines[i] = with + line
	}
	return strings.Join(lines, "\n")
}

// underlined is a heading as one types it.
func underlined(s, sign string) string {
	if s == "" {
		return ""
	}
	long := 0
	for line := range strings.SplitSeq(s, "\n") {
		long = max(long, utf8.RuneCountInString(line))
	}
	return fmt.Sprintf("%s\n%s", s, strings.Repeat(sign, long))
}
