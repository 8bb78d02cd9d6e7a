package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pairQuotes finds the straight quotes that really quote, and the apostrophes, and says what each becomes. A mark
// without its partner, the inches of 6' 10" and the seconds of 2"44' are not in the answer: they stay as they are.
func pairQuotes(rs []rune, keep []bool, french bool) map[int]rune {
	var out map[int]rune
	put := func(i int, r rune) {
		if out == nil {
			out = make(map[int]rune)
		}
		out[i] = r
	}
	line := aside{rs: rs}
	type open struct{ double, single []int }
	var pending open
	var pairs [][2]int // double quotes, by position
	for i, r := range rs {
		if keep[i] {
			continue
		}
		switch r {
		case '"':
			n := len(pending.double)
			switch {
			case n > 0 && line.canClose(i) && line.holds(pending.double[n-1], i):
				if !line.isData(pending.double[n-1], i) {
					pairs = append(pairs, [2]int{pending.double[n-1], i})
				}
				pending.double = pending.double[:n-1]
			case line.canOpen(i) || french && line.afterElision(i):
				pending.double = append(pending.double, i)
			}
		case '\'':
			n := len(pending.single)
			switch {
			case n > 0 && line.canClose(i) && line.holds(pending.single[n-1], i):
				o := pending.single[n-1]
				pending.single = pending.single[:n-1]
				put(o, '‘')
				put(i, '’')
			case isApostrophe(rs, i) || isElision(rs, i) && headless(rs, i):
				put(i, '’')
			case line.canOpen(i):
				pending.single = append(pending.single, i)
			}
		}
	}
	for _, i := range pending.single {
		if isElision(rs, i) {
			put(i, '’')
		}
	}
	if len(pairs) > 0 {
		levelQuotes(rs, pairs, french, put)
	}
	return out
}

// levelQuotes chooses the marks of each pair: in French the outer level has guillemets, the levels within curly quotes.
func levelQuotes(rs []rune, pairs [][2]int, french bool, put func(int, rune)) {
	if !french {
		for _, p := range pairs {
			put(p[0], '“')
			put(p[1], '”')
		}
		return
	}
	partner := make(map[int]int, len(pairs))
	for _, p := range pairs {
		partner[p[0]] = p[1]
	}
	depth, outer := 0, map[int]bool{}
	for i, r := range rs {
		switch {
		case r == '«':
			depth++
		case r == '»' && depth > 0:
			depth--
		case r == '"':
			if j, ok := partner[i]; ok {
				if depth == 0 {
					put(i, '«')
					put(j, '»')
					outer[j] = true
					depth++
				} else {
					put(i, '“')
					put(j, '”')
				}
			} else if outer[i] {
				depth--
			}
		}
	}
}

// aside looks past the straight quotes beside a mark. It remembers the run of them that it looked past last, so that a run of
// any length is walked once.
type aside struct {
	rs       []rune
	from, to int // of the run
}

// run finds the run of straight quotes that i stands in.
func (a *aside) run(i int) {
	if a.from <= i && i < a.to {
		return
	}
	isQuote := func(i int) bool { return i >= 0 && i < len(a.rs) && (a.rs[i] == '"' || a.rs[i] == '\'') }
	for a.from = i; isQuote(a.from - 1); a.from-- {
	}
	for a.to = i + 1; isQuote(a.to); a.to++ {
	}
}

// beside returns the nearest runes before and after i that are not themselves straight quotes; 0 at the ends.
func (a *aside) beside(i int) (before, after rune) {
	a.run(i)
	if a.from > 0 {
		before = a.rs[a.from-1]
	}
	if a.to < len(a.rs) {
		after = a.rs[a.to]
	}
	return before, after
}

// holds tells whether there is anything but quotes between the marks at i and j.
func (a *aside) holds(i, j int) bool {
	a.run(j)
	return i < a.from
}

func (a *aside) canOpen(i int) bool {
	p, n := a.beside(i)
	return (p == 0 || unicode.IsSpace(p) || strings.ContainsRune("([{«“‘—–-/¡¿", p)) && n != 0 && !unicode.IsSpace(n)
}

// afterElision tells whether the mark at i stands right behind an elided word: l'"essai", qu’"Albert".
func (a *aside) afterElision(i int) bool {
	rs := a.rs
	if i < 2 || rs[i-1] != '\'' && rs[i-1] != '’' || i+1 >= len(rs) || !isWord(rs[i+1]) {
		return false
	}
	from := i - 1
	for from > 0 && i-from < 9 && unicode.IsLetter(rs[from-1]) {
		from--
	}
	return elided[strings.ToLower(string(rs[from:i-1]))]
}

// isData tells the marks at i and j of what a program wrote: {"a":"b"}, ["c"], f("d").
func (a *aside) isData(i, j int) bool {
	at := func(k int) rune {
		if k < 0 || k >= len(a.rs) {
			return 0
		}
		return a.rs[k]
	}
	switch before, after := at(i-1), at(j+1); {
	case before == '{' || after == '}' || before == ':' || after == ':' && at(j+2) != 0 && !unicode.IsSpace(at(j+2)):
		return true
	case before == '[' && after == ']' || before == '(' && after == ')':
		return isWord(at(i-2)) && at(i-2) < utf8.RuneSelf
	}
	return false
}

func (a *aside) canClose(i int) bool {
	p, n := a.beside(i)
	return p != 0 && !unicode.IsSpace(p) && !strings.ContainsRune("([{«“‘", p) &&
		(n == 0 || unicode.IsSpace(n) || strings.ContainsRune(".,;:!?…)]}»”’—–-/", n) || n == opaque)
}

// isApostrophe tells whether the mark at i stands within or at the end of a word: l'an, leaders', 90's. After a lone
// figure it is a foot or a minute.
func isApostrophe(rs []rune, i int) bool {
	if i == 0 {
		return false
	}
	if unicode.IsLetter(rs[i-1]) {
		return true
	}
	return unicode.IsDigit(rs[i-1]) && i+1 < len(rs) && unicode.IsLetter(rs[i+1])
}

// isElision tells whether the mark at i opens a word that lost its head: 'tis, the '90s.
func isElision(rs []rune, i int) bool {
	return i+1 < len(rs) && isWord(rs[i+1]) && (i == 0 || unicode.IsSpace(rs[i-1]) || strings.ContainsRune("([{«“\"", rs[i-1]))
}

// headless tells the elisions that are known as such, so that they do not pass for an opening quote: '90s, 'tis.
func headless(rs []rune, i int) bool {
	j := i + 1
	for j < len(rs) && j-i < 8 && isWord(rs[j]) {
		j++
	}
	if i > 0 && !unicode.IsSpace(rs[i-1]) {
		return false
	}
	switch strings.ToLower(string(rs[i+1 : j])) {
	case "tis", "twas", "em", "til", "cause", "n":
		return true
	}
	if !unicode.IsDigit(rs[i+1]) || j >= len(rs) || rs[j] == '\'' {
		return unicode.IsDigit(rs[i+1]) && j-i == 4 && rs[j-1] == 's'
	}
	return j-i == 4 && rs[j-1] == 's' || j-i == 3 && unicode.IsDigit(rs[i+2])
}

// protect marks the runes that no rule may touch: addresses, e-mail addresses, names of files, entities, emoticons.
func protect(rs []rune) []bool {
	keep := make([]bool, len(rs))
	for i := 0; i < len(rs); {
		if unicode.IsSpace(rs[i]) {
			i++
			continue
		}
		j := i
		for j < len(rs) && !unicode.IsSpace(rs[j]) {
			j++
		}
		if n := emoticon(rs[i:j]); n > 0 {
			mark(keep, i, i+n)
		} else {
			l, r := i, j
			for l < r && strings.ContainsRune("«\"'([{“‘’", rs[l]) {
				l++
			}
			for r > l && strings.ContainsRune(".,;:!?…)]}\"'»”’", rs[r-1]) {
				r--
			}
			if isAddress(rs[l:r]) || isFileName(rs[l:r]) {
				mark(keep, l, r)
			}
			protectEntities(rs, keep, i, j)
		}
		i = j
	}
	return keep
}

func mark(keep []bool, i, j int) {
	for ; i < j; i++ {
		keep[i] = true
	}
}

// isAddress tells words that are meant for machines: https://..., www..., someone@somewhere, host.tld/path.
func isAddress(w []rune) bool {
	dotted := false // a dot between letters, two runes back or more
	for i, r := range w {
		if k := i - 2; k > 0 && w[k] == '.' && isWord(w[k-1]) && isWord(w[k+1]) {
			dotted = true
		}
		switch r {
		case '@':
			return true
		case ':':
			if i > 1 && i+2 < len(w) && w[i+1] == '/' && w[i+2] == '/' {
				return true
			}
		case '.':
			if i == 3 && w[0] == 'w' && w[1] == 'w' && w[2] == 'w' {
				return true
			}
		case '/':
			if dotted {
				return true
			}
		}
	}
	return false
}

// isFileName tells words that end as the name of a file does: notice-en.pdf, plan-2024-2025.dwg.
func isFileName(w []rune) bool {
	for n := 1; n <= 5 && n+1 < len(w); n++ {
		if k := len(w) - n - 1; w[k] == '.' {
			return isWord(w[k-1]) && endings[strings.ToLower(string(w[k+1:]))]
		}
	}
	return false
}

// endings are those of the files that people name in a text.
var endings = func() map[string]bool {
	m := map[string]bool{}
	for _, e := range strings.Fields(`pdf jpg jpeg png gif webp avif heic svg tif tiff bmp psd ai eps dwg dxf step stl
		doc docx xls xlsx ppt pptx odt ods odp rtf txt csv md epub html htm xml json yml yaml toml ini conf log sql
		zip gz tar rar 7z iso exe dmg bin mp3 mp4 m4a mov avi wav ogg flac webm ics vcf eml js ts css php py go rb rs sh java cpp`) {
		m[e] = true
	}
	return m
}()

// protectEntities marks &name; and &#123; in the word [i, j): a plain string may have been cut from HTML.
func protectEntities(rs []rune, keep []bool, i, j int) {
	for ; i < j; i++ {
		if rs[i] != '&' {
			continue
		}
		k := i + 1
		for k < j && k-i < 33 && (rs[k] < 128 && isWord(rs[k]) || rs[k] == '#') {
			k++
		}
		if k > i+1 && k < j && rs[k] == ';' {
			mark(keep, i, k+1)
			i = k
		}
	}
}

// emoticon returns the length of :-) ;) :'( =D and their like when they stand alone, perhaps with an end of sentence
// behind them; 0 for anything else.
func emoticon(w []rune) int {
	for len(w) > 2 && strings.ContainsRune(".,!?…", w[len(w)-1]) {
		w = w[:len(w)-1]
	}
	n := len(w)
	if n < 2 || n > 4 || !strings.ContainsRune(":;=8xX", w[0]) || !strings.ContainsRune(")(DPpOo3|/\\*][", w[n-1]) {
		return 0
	}
	for _, r := range w[1 : n-1] {
		if !strings.ContainsRune("-o^'’", r) {
			return 0
		}
	}
	if n == 2 && w[0] != ':' && w[0] != ';' && w[0] != '=' {
		return 0
	}
	return n
}
