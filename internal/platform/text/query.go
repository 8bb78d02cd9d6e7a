package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Term is one thing that a query looks for. A text has it that holds one of Forms or of Whole, or all of Parts, or the tokens of Order
// one after another; Tokens made all of them. Terms are shared: nobody changes one.
type Term struct {
	Forms  []string // tokens, or beginnings of them when Open
	Whole  []string // tokens, never beginnings
	Parts  []Term   // what hyphens and the like bind: rendez-vous
	Order  []string // a phrase in quotation marks
	Common bool     // it stands in every text: le, du, of
	Open   bool     // it may be unfinished: the last word of a query
}

// Stems returns every token that makes a text have the term.
func (t Term) Stems() []string {
	all := slices.Concat(t.Forms, t.Whole, t.Order)
	for _, p := range t.Parts {
		all = append(all, p.Stems()...)
	}
	return all
}

// Readings returns the ways in which a query may be meant, the plainest first, each the terms that a text must have. What is
// common is left out when there is something else to look for. Two words that stand side by side may be one that others
// write whole (week end), and a number in groups one number. What stands in quotation marks is a phrase.
func Readings(lang, query string) [][]Term {
	q := reader{en: isEnglish(lang)}
	query = norm.NFC.String(query)
	first := q.read(query)
	if len(first) == 0 {
		return nil
	}
	all := [][]Term{unfinished(rare(first), q.en)}
	if number := ungrouped(query); number != query {
		all = append(all, unfinished(rare(q.read(number)), q.en))
	}
	if len(first) > 6 {
		return all
	}
	for i := range len(first) - 1 {
		if joined, ok := first[i].joined(first[i+1], q.en); ok {
			pair := slices.Concat(first[:i], []read{joined}, first[i+2:])
			all = append(all, unfinished(rare(pair), q.en))
		}
	}
	return all
}

// read is a term as it stands in the query.
type read struct {
	Term
	word string // as it was typed, in lower case; "" for a phrase and for words that are bound
}

// reader reads a query in one language.
type reader struct{ en bool }

func (q reader) read(query string) (all []read) {
	for _, s := range quoted(query) {
		if s.quoted {
			all = append(all, q.phrase(s.text)...)
			continue
		}
		eachChunk(s.text, func(c *chunk) {
			if r, ok := q.term(c); ok {
				all = append(all, r)
			}
		})
	}
	return all
}

// term makes one of a chunk.
func (q reader) term(c *chunk) (read, bool) {
	var parts []Term
	common := true
	for i := range c.ends {
		if t := known.term(c.word(i), q.en); len(t.Forms) > 0 {
			parts, common = append(parts, t), common && t.Common
		}
	}
	if len(parts) == 0 {
		return read{}, false
	}
	if len(c.ends) > 1 {
		return read{Term: Term{Forms: c.also(q.en), Parts: parts, Common: common}}, true
	}
	one := read{Term: parts[0], word: string(c.word(0))}
	if also := c.also(q.en); len(also) > 0 {
		one.Forms = slices.Concat(one.Forms, also)
	}
	return one, true
}

// phrase makes one term of the words between quotation marks, without those that Tokens leaves out of its order.
func (q reader) phrase(s string) []read {
	var order []string
	var words []read
	eachChunk(s, func(c *chunk) {
		for i := range c.ends {
			t := known.term(c.word(i), q.en)
			if len(t.Forms) == 0 {
				continue
			}
			words = append(words, read{Term: Term{Whole: t.Forms, Common: t.Common}})
			if !t.Common {
				order = append(order, t.Forms[0])
			}
		}
	})
	if len(order) < 2 {
		return words
	}
	return []read{{Term: Term{Order: order}}}
}

// joined returns two words as the one that they may be. A common word in front binds nothing: du bois is not Dubois.
func (r read) joined(next read, en bool) (read, bool) {
	if r.word == "" || next.word == "" || r.Common || strings.ContainsRune(r.word+next.word, '\'') || strings.Trim(r.word+next.word, "0123456789") == "" {
		return read{}, false
	}
	forms := joinedForms(r.word+next.word, en)
	return read{Term: Term{Forms: forms}, word: r.word + next.word}, len(forms) > 0
}

// rare leaves out what is common when something is not.
func rare(all []read) []read {
	some := slices.DeleteFunc(slices.Clone(all), func(r read) bool { return r.Common })
	if len(some) > 0 {
		return some
	}
	return all
}

// unfinished says of the last term that it may be unfinished, unless it is a common word, a phrase, or the query a single letter.
func unfinished(all []read, en bool) []Term {
	terms := make([]Term, len(all))
	for i, r := range all {
		terms[i] = r.Term
	}
	last := len(terms) - 1
	t, word := terms[last], all[last].word
	switch {
	case t.Common || len(t.Forms)+len(t.Parts) == 0:
	case len(t.Parts) > 0:
		t.Parts, t.Open = slices.Clone(t.Parts), true
		if p := &t.Parts[len(t.Parts)-1]; !p.Common && len(p.Forms[0]) > 1 {
			p.Open = true
		}
	case last > 0 || utf8.RuneCountInString(word) > 1:
		t.Open, t.Whole = true, finished(word, en)
	}
	terms[last] = t
	return terms
}

// ungrouped writes the numbers of a query without their blanks.
func ungrouped(query string) string {
	var b strings.Builder
	done := 0
	eachGrouped(query, func(from, end int, number string) {
		b.WriteString(query[done:from])
		b.WriteString(number)
		done = end
	})
	return b.String() + query[done:]
}

// segment is a part of a query, in quotation marks or not.
type segment struct {
	text   string
	quoted bool
}

// closing are the quotation marks that end what another one began.
var closing = map[rune]string{'"': `"`, '«': "»", '“': "”", '„': "“”", '”': "”"}

// quoted parts a query at its quotation marks. One that stands behind a letter or a figure begins nothing (24"), nor does one
// that nothing ends.
func quoted(query string) (all []segment) {
	done := 0
	for i, r := range query {
		marks, ok := closing[r]
		before, _ := utf8.DecodeLastRuneInString(query[:i])
		if !ok || i < done || isWord(before) {
			continue
		}
		from := i + utf8.RuneLen(r)
		n := strings.IndexAny(query[from:], marks)
		if n < 0 || strings.IndexFunc(query[from:from+n], unicode.IsLetter) < 0 && strings.IndexFunc(query[from:from+n], unicode.IsDigit) < 0 {
			continue
		}
		_, wide := utf8.DecodeRuneInString(query[from+n:])
		all = append(all, segment{text: query[done:i]}, segment{text: query[from : from+n], quoted: true})
		done = from + n + wide
	}
	return append(all, segment{text: query[done:]})
}

// suffixes are those that a stemmer takes off, by what may be typed of them so far: who types "organisati" looks for what has the stem
// "organis", which does not begin so.
var suffixes = []string{"ation", "ition", "ateur", "atrice", "ement", "issement", "ique", "isme", "ence", "ance", "euse", "aux"}

// finished returns the stems of the words that a word may be the beginning of, where they do not begin as it does.
func finished(word string, en bool) (stems []string) {
	word = Fold(word)
	for _, ending := range suffixes {
		for n := len(ending) - 1; n >= 2; n-- {
			root, ok := strings.CutSuffix(word, ending[:n])
			if !ok || len(root) < 4 {
				continue
			}
			for _, stem := range known.term([]byte(root+ending), en).Forms {
				if !strings.HasPrefix(stem, word) && !slices.Contains(stems, stem) {
					stems = append(stems, stem)
				}
			}
			break
		}
	}
	return stems
}
