package post

import (
	"regexp"
	"strings"

	"causerie/internal/core/voice"
	"causerie/internal/platform/text"
)

// Speaker is the voice under which a post goes out.
type Speaker struct{ Kind, Name string }

// pronouns are the words by which a language says I and we. Elisions count; capitals do not matter but in the English I.
type pronouns struct{ i, we *regexp.Regexp }

const before, behind = `(?:^|[^\p{L}\p{N}’'-])`, `(?:[^\p{L}\p{N}]|$)`

var (
	french = pronouns{
		i:  regexp.MustCompile(before + `(?i:je|me|moi|mon|ma|mes|mien|mienne|miens|miennes|[jm]['’]\p{L}+)` + behind),
		we: regexp.MustCompile(before + `(?i:nous|notre|nos|nôtre|nôtres)` + behind),
	}
	english = pronouns{
		i:  regexp.MustCompile(before + `(?:I|I['’](?:m|ve|d|ll)|(?i:me|my|myself))` + behind),
		we: regexp.MustCompile(before + `(?i:we|we['’](?:re|ve|d|ll)|us|our|ours|ourselves)` + behind),
	}
	// quoted is what somebody else says: between the marks of a language, at most a long paragraph.
	quoted = regexp.MustCompile(`«[^»]{0,1000}»|“[^”]{0,1000}”|"[^"\n]{0,500}"`)
)

// count finds words that may share the blank between them.
func count(r *regexp.Regexp, s string) (n int) {
	for {
		at := r.FindStringIndex(s)
		if at == nil {
			return n
		}
		n++
		s = s[max(at[1]-1, at[0]+1):]
	}
}

// guard tells when a text does not fit who says it: a company that says I, a person who only says we, or who speaks of themselves by name. What
// is quoted counts for nobody, and a word or two are no habit. An internal voice is of many authors, who say I as they like.
func guard(said, lang string, by Speaker) (all []Advice) {
	said = quoted.ReplaceAllString(said, " ")
	words := french
	if strings.HasPrefix(lang, "en") {
		words = english
	}
	i, we := count(words.i, said), count(words.we, said)
	switch {
	case by.Kind == voice.Corporate && i >= 2 && 2*i > we:
		all = append(all, Advice{Code: "voice_i", Count: i, Place: "body"})
	case by.Kind == voice.Personal && i == 0 && we >= 3:
		all = append(all, Advice{Code: "voice_we", Count: we, Place: "body"})
	}
	if by.Kind == voice.Personal && i == 0 && by.Name != "" && strings.Count(text.Fold(said), text.Fold(by.Name)) >= 2 {
		all = append(all, Advice{Code: "voice_name", Words: by.Name, Place: "body"})
	}
	return all
}
