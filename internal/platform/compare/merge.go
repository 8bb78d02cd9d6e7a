package compare

import "strings"

// Piece is a part of a merged text. In a conflict both sides changed the same place: Mine and Theirs are what they made of Base.
type Piece struct {
	Text               string
	Conflict           bool
	Base, Mine, Theirs string
}

// Merge joins mine and theirs, which were both made from base, by paragraphs. Changes in other paragraphs are both taken; the same
// change made twice is taken once. Two texts put in at the same place are a conflict: nobody knows which comes first.
func Merge(base, mine, theirs string) []Piece {
	b := Paragraphs(base)
	m, t := editsOf(b, Paragraphs(mine)), editsOf(b, Paragraphs(theirs))
	var out merged
	at := 0
	for len(m) > 0 || len(t) > 0 {
		from, to := first(m, t)
		nm, nt := 0, 0
		for grown := true; grown; { // what meets is one place, which grows while a change of either side reaches into it
			grown = false
			for nm < len(m) && m[nm].reaches(from, to) {
				to, nm, grown = max(to, m[nm].to), nm+1, true
			}
			for nt < len(t) && t[nt].reaches(from, to) {
				to, nt, grown = max(to, t[nt].to), nt+1, true
			}
		}
		out.text(strings.Join(b[at:from], ""))
		out.place(strings.Join(b[from:to], ""), applied(b, m[:nm], from, to), applied(b, t[:nt], from, to), nm > 0, nt > 0)
		at, m, t = to, m[nm:], t[nt:]
	}
	out.text(strings.Join(b[at:], ""))
	return out.pieces
}

// edit puts words in the place of base[from:to].
type edit struct {
	from, to int
	words    []string
}

// first is where the first change stands; what only puts something in stands before what takes the place of the next paragraph.
func first(m, t []edit) (from, to int) {
	switch {
	case len(t) == 0:
		return m[0].from, m[0].to
	case len(m) == 0, t[0].from < m[0].from, t[0].from == m[0].from && t[0].to < m[0].to:
		return t[0].from, t[0].to
	}
	return m[0].from, m[0].to
}

// reaches reports whether e belongs to the place base[from:to].
func (e edit) reaches(from, to int) bool {
	return e.from < to || e.from == from && e.to == from && to == from
}

// editsOf is what makes of base the other text.
func editsOf(base, other []string) (edits []edit) {
	nb, no := numbered(base, other, strings.TrimSpace)
	i, j := 0, 0
	for _, p := range append(align(nb, no), pair{len(base), len(other)}) {
		if p.i > i || p.j > j {
			edits = append(edits, edit{i, p.i, other[j:p.j]})
		}
		i, j = p.i+1, p.j+1
	}
	return edits
}

// applied is base[from:to] after edits.
func applied(base []string, edits []edit, from, to int) string {
	var out []string
	for _, e := range edits {
		out = append(append(out, base[from:e.from]...), e.words...)
		from = e.to
	}
	return strings.Join(append(out, base[from:to]...), "")
}

// merged collects pieces; what is no conflict runs together.
type merged struct{ pieces []Piece }

func (out *merged) text(s string) {
	if s == "" {
		return
	}
	if n := len(out.pieces); n > 0 && !out.pieces[n-1].Conflict {
		out.pieces[n-1].Text = joined(out.pieces[n-1].Text, s)
		return
	}
	out.pieces = append(out.pieces, Piece{Text: s})
}

func (out *merged) place(base, mine, theirs string, byMe, byThem bool) {
	switch {
	case !byThem || strings.TrimSpace(mine) == strings.TrimSpace(theirs):
		out.text(mine)
	case !byMe:
		out.text(theirs)
	default:
		out.pieces = append(out.pieces, Piece{Conflict: true, Base: base, Mine: mine, Theirs: theirs})
	}
}

// Join makes one text of pieces. choose says what a conflict becomes.
func Join(pieces []Piece, choose func(n int, p Piece) string) string {
	s, n := "", 0
	for _, p := range pieces {
		if p.Conflict {
			s = joined(s, choose(n, p))
			n++
			continue
		}
		s = joined(s, p.Text)
	}
	return strings.TrimRight(s, "\n")
}

// Both is what is left when neither side gives way: theirs, then mine.
func (p Piece) Both() string { return joined(p.Theirs, p.Mine) }

// joined puts one paragraph after another: between two there is an empty line.
func joined(a, b string) string {
	if a == "" || b == "" || strings.HasSuffix(a, "\n\n") || strings.HasPrefix(b, "\n") {
		return a + b
	}
	return strings.TrimRight(a, "\n") + "\n\n" + b
}

// Paragraphs cuts the source of a text behind its empty lines; joined again they are that text. What stands in a fence is not cut.
func Paragraphs(s string) (out []string) {
	fence, from, empty := "", 0, false
	for at := 0; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := strings.TrimSpace(s[at:end])
		if fence == "" && line != "" && empty {
			out, from = append(out, s[from:at]), at
		}
		empty = fence == "" && line == ""
		switch {
		case fence != "":
			if strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]) == "" {
				fence = ""
			}
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fence = line[:len(line)-len(strings.TrimLeft(line, line[:1]))]
		}
		at = end
	}
	if from < len(s) {
		out = append(out, s[from:])
	}
	return out
}

// Common is what two texts have in common, paragraph by paragraph: it stands for what both were made from where nobody knows that.
func Common(a, b string) string {
	pa, pb := Paragraphs(a), Paragraphs(b)
	na, nb := numbered(pa, pb, strings.TrimSpace)
	s := ""
	for _, p := range align(na, nb) {
		s = joined(s, pa[p.i])
	}
	return s
}
