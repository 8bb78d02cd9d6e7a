package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxToken is the longest token, in bytes; longer runs of letters are nobody's word and are dropped.
const maxToken = 64

// Tokens returns the words of s as full-text search keeps them of a text: lower case, elided articles taken off
// (l'entreprise is entreprise, aujourd'hui stays whole), each word stemmed and folded. First come the words in the order in
// which they stand, one token each, so that a phrase is found by tokens that follow each other; le, du, of, which stand in
// every text, are not among them. Then comes what each may be looked for as well:
//
//   - what stands in every text, once, so that a name like Du is found too;
//   - the stem of a word with its accents, where without them it has another: musée is "muse" and "mus";
//   - the singular of a plural that no stemmer knows: travaux is "travail" too;
//   - what hyphens and the like bind, as one word: rendez-vous is "rendezvous", R&D "rd", node.js "nodejs", L'Oréal "loreal";
//   - a name with its particle: Le Goff is "legoff";
//   - a number without its blanks: 12 400 is "12400", and a telephone number one token.
//
// C++, C# and T.V.A. are words, .NET is "dotnet" too. en and en-* are English; every other lang is French.
func Tokens(lang, s string) []string {
	en := isEnglish(lang)
	var out, more []string
	var common map[string]bool
	var before particle
	eachChunk(norm.NFC.String(s), func(c *chunk) {
		for i := range c.ends {
			t := known.term(c.word(i), en)
			switch {
			case len(t.Forms) == 0:
			case !t.Common:
				out, more = append(out, t.Forms[0]), append(more, t.Forms[1:]...)
			case !common[t.Forms[0]]:
				if common == nil {
					common = map[string]bool{}
				}
				common[t.Forms[0]] = true
				more = append(more, t.Forms[0])
			}
		}
		more = append(more, c.also(en)...)
		more = append(more, before.with(c, en)...)
	})
	eachGrouped(s, func(_, _ int, number string) { more = append(more, number) })
	return append(out, more...)
}

func isEnglish(lang string) bool {
	return lang == "en" || strings.HasPrefix(lang, "en-") || strings.HasPrefix(lang, "en_")
}

// also returns the forms of what a chunk is as one word.
func (c *chunk) also(en bool) []string {
	if len(c.ends) == 1 && !c.named && !c.dotted {
		return nil
	}
	var joined strings.Builder
	for i := range c.ends {
		joined.WriteString(bareWord(string(c.word(i)), en))
	}
	var all []string
	if len(c.ends) > 1 {
		all = append(all, joinedForms(joined.String(), en)...)
	}
	if c.named {
		all = append(all, joinedForms(strings.TrimSuffix(strings.ReplaceAll(string(c.word(0)), "'", "")+joined.String()[min(joined.Len(), len(bareWord(string(c.word(0)), en))):], "'s"), en)...)
	}
	if c.dotted {
		all = append(all, joinedForms("dot"+joined.String(), en)...)
	}
	return all
}

// joinedForms returns the forms of words that were bound to one, none when nobody would look for it so: a few figures, as in 3.5,
// would be found for a number that they are not.
func joinedForms(w string, en bool) []string {
	const aNumber = 6 // figures from which on they are a reference or a telephone number
	if len(w) > maxToken || len(w) < aNumber && strings.Trim(w, "0123456789") == "" {
		return nil
	}
	t := known.term([]byte(w), en)
	if t.Common {
		return nil
	}
	return t.Forms
}

// particle gathers the particles of a name, written with capitals and parted by one blank: Le Goff, De La Tour.
type particle struct{ joined string }

// with reads the next chunk, and returns the forms of the name when it ends with it.
func (p *particle) with(c *chunk, en bool) []string {
	joined := ""
	if c.near {
		joined = p.joined
	}
	p.joined = ""
	if !c.capital {
		return nil
	}
	first := c.word(0)
	if len(c.ends) == 1 && particles[string(first)] {
		p.joined = joined + string(first)
		return nil
	}
	if joined == "" {
		return nil
	}
	return joinedForms(joined+bareWord(string(first), en), en)
}

// particles are what a family name begins with as a word of its own.
var particles = map[string]bool{
	"le": true, "la": true, "les": true, "de": true, "du": true, "des": true, "van": true, "von": true, "der": true, "den": true, "mac": true,
	"mc": true, "el": true, "al": true, "ben": true, "di": true, "da": true, "dos": true, "ter": true, "ten": true,
}

// eachGrouped calls f with every number of s that is written in groups of three figures, without its blanks, and where it stands: "12
// 400" is looked for as 12400 too. So is a telephone number in pairs, 02 98 00 00 00.
func eachGrouped(s string, f func(from, end int, number string)) {
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		from := i
		end, number := grouped(s, i, 2)
		if s[i] != '0' || figuresOf(s[i:]) != 2 || len(number) != 10 {
			if end, number = grouped(s, i, 3); number[0] == '0' {
				number = ""
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:from])
		if len(number) > 0 && end > from+len(number) && !isWord(before) && before != '+' {
			f(from, end, number)
		}
		i = end
	}
}

// grouped reads the number that begins at from and goes on in groups of so many figures, five at most, each behind one blank; it returns
// where it ends.
func grouped(s string, from, group int) (end int, number string) {
	end = from + figuresOf(s[from:])
	number = s[from:end]
	for n := 0; n < 5 && end-from <= maxToken && (n > 0 || len(number) <= group); n++ {
		r, wide := utf8.DecodeRuneInString(s[end:])
		if !isBlank(r) || figuresOf(s[end+wide:]) != group {
			break
		}
		number, end = number+s[end+wide:end+wide+group], end+wide+group
	}
	return end, number
}

// figuresOf counts the figures that s begins with.
func figuresOf(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// wordOf returns the letters and figures that s begins with, in lower case.
func wordOf(s string) string {
	for i, r := range s {
		if !isWord(r) || i > maxToken {
			return strings.ToLower(s[:i])
		}
	}
	return strings.ToLower(s)
}

// lower is the lower case of a letter, as strings.ToLower makes it.
func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}
