package compare

import (
	"html"
	"html/template"
	"slices"
	"strings"
)

// Labels are what a screen reader says around a change, in the language of the page.
type Labels struct{ Added, Removed, End string }

// Shown is what changed from one text to another.
type Shown struct {
	HTML           template.HTML
	Added, Removed int // words
}

// Same reports that nothing changed that one sees.
func (s Shown) Same() bool {
	return s.Added == 0 && s.Removed == 0 && !strings.Contains(string(s.HTML), "<ins") && !strings.Contains(string(s.HTML), "<del")
}

// op says where a token stands.
type op int

const (
	kept op = iota
	removed
	added
)

type change struct {
	token
	op op
}

// HTML compares two cleaned texts, word by word, as they look.
func HTML(was, is string, say Labels) Shown {
	a, b := read(was), read(is)
	na, nb := numbered(a, b, token.key)
	var all []change
	i, j := 0, 0
	for _, p := range append(align(na, nb), pair{len(a), len(b)}) {
		for ; i < p.i; i++ {
			all = append(all, change{a[i], removed})
		}
		for ; j < p.j; j++ {
			all = append(all, change{b[j], added})
		}
		if i < len(a) && j < len(b) {
			all = append(all, change{b[j], kept})
			i, j = i+1, j+1
		}
	}
	w := writer{say: say}
	for _, block := range blocksOf(calm(all)) {
		w.block(block)
	}
	w.unwind(0)
	return Shown{template.HTML(w.b.String()), w.added, w.removed}
}

// calm has a lone word between two changes change with them: what is read then is a phrase and not a hail of words.
func calm(all []change) []change {
	out := make([]change, 0, len(all))
	for i := 0; i < len(all); {
		if all[i].kind == end && all[i].op == kept {
			out, i = append(out, all[i]), i+1
			continue
		}
		// A run of changes with single kept words inside, up to the end of the block.
		n, changes := i, 0
		for n < len(all) && all[n].kind != end {
			if all[n].op != kept {
				changes++
			} else if changes == 0 || n+1 >= len(all) || all[n+1].op == kept || all[n+1].kind == end || all[n-1].op == kept {
				break
			}
			n++
		}
		if changes == 0 {
			out, i = append(out, all[i]), i+1
			continue
		}
		for _, put := range []op{removed, added} {
			for _, c := range all[i:n] {
				if c.op == put || c.op == kept {
					c.op = put
					out = append(out, c)
				}
			}
		}
		i = n
	}
	return out
}

// block is a part of the text that begins on a line of its own.
type block struct {
	chain   []string
	changes []change
	ends    op // whether its end was there before, and is there now
}

// blocksOf cuts at the ends of blocks. An end that was replaced by another is one end, in the new look.
func blocksOf(all []change) (out []block) {
	var open []change
	for i := 0; i < len(all); i++ {
		c := all[i]
		if c.kind != end {
			open = append(open, c)
			continue
		}
		ends := c.op
		if i+1 < len(all) && all[i+1].kind == end && c.op != kept && all[i+1].op != kept && c.op != all[i+1].op {
			if all[i+1].op == added {
				c = all[i+1]
			}
			ends, i = kept, i+1
		}
		out = append(out, block{c.chain, open, ends})
		open = nil
	}
	if len(open) > 0 {
		out = append(out, block{[]string{"p"}, open, kept})
	}
	return out
}

// whole reports whether all of a block was put in, or taken out, with its end.
func (b block) whole() bool {
	return !slices.ContainsFunc(b.changes, func(c change) bool { return c.op != b.ends })
}

type writer struct {
	b              strings.Builder
	open           []string
	say            Labels
	added, removed int
}

func (w *writer) unwind(to int) {
	for len(w.open) > to {
		last := len(w.open) - 1
		w.b.WriteString("</" + w.open[last] + ">")
		w.open = w.open[:last]
	}
}

func (w *writer) block(b block) {
	if len(b.changes) == 0 && b.ends != kept && b.chain[len(b.chain)-1] != "hr" {
		return
	}
	same := 0
	for same < len(w.open) && same < len(b.chain) && w.open[same] == b.chain[same] && b.chain[same] != "p" {
		same++
	}
	if same == len(b.chain) {
		same-- // the next item of the same list, or the next block of the same look
	}
	if same > 0 && !isBox(b.chain[same-1]) {
		same-- // nothing stands inside a paragraph
	}
	w.unwind(same)
	for _, name := range b.chain[same:] {
		if name == "hr" {
			w.b.WriteString("<hr>")
			continue
		}
		w.b.WriteString("<" + name + ">")
		w.open = append(w.open, name)
	}
	pre := slices.Contains(b.chain, "pre")
	for i := 0; i < len(b.changes); {
		n := i
		for n < len(b.changes) && b.changes[n].op == b.changes[i].op {
			n++
		}
		w.run(b.changes[i:n], pre, i > 0 && !b.changes[i].glue)
		i = n
	}
	if b.ends != kept && !b.whole() {
		w.run([]change{{token{kind: word, text: "¶"}, b.ends}}, pre, true)
	}
}

func isBox(name string) bool {
	return name == "blockquote" || name == "ul" || name == "ol" || name == "li"
}

// run writes words of one op.
func (w *writer) run(run []change, pre, apart bool) {
	if apart && !pre {
		w.b.WriteByte(' ')
	}
	element, label := "", ""
	switch run[0].op {
	case added:
		element, label = "ins", w.say.Added
	case removed:
		element, label = "del", w.say.Removed
	}
	if element != "" {
		w.b.WriteString("<" + element + ">")
		w.hush(label)
	}
	for i, c := range run {
		if i > 0 && !c.glue && !pre {
			w.b.WriteByte(' ')
		}
		w.token(c)
	}
	if element != "" {
		w.hush(w.say.End)
		w.b.WriteString("</" + element + ">")
	}
}

// hush writes what is heard and not seen.
func (w *writer) hush(s string) {
	if s != "" {
		w.b.WriteString(`<span class="hush"> ` + html.EscapeString(s) + ` </span>`)
	}
}

func (w *writer) token(c change) {
	switch c.op {
	case added:
		w.added += count(c)
	case removed:
		w.removed += count(c)
	}
	if c.kind == lineEnd {
		w.b.WriteString("<br>")
		return
	}
	if c.kind == target {
		if c.op != kept {
			w.b.WriteString(" (" + html.EscapeString(c.text) + ")")
		}
		return
	}
	marks := strings.Fields(c.marks)
	for _, m := range marks {
		w.b.WriteString("<" + m + ">")
	}
	if c.kind == picture {
		w.b.WriteString(`<span class="diff-picture">` + html.EscapeString(c.text) + `</span>`)
	} else {
		w.b.WriteString(html.EscapeString(c.text))
	}
	for _, m := range slices.Backward(marks) {
		w.b.WriteString("</" + m + ">")
	}
}

func count(c change) int {
	if c.kind == word && c.text != "¶" {
		return 1
	}
	return 0
}
