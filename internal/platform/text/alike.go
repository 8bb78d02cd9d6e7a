package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// PassesFor reports whether a reader may take name for known: it is known, or looks like it (accents, case, spaces, punctuation,
// letters of other scripts that are drawn alike, doubled letters), or says it among other words: « Jeanne Essai, directrice »,
// « Essai Jeanne ». A known name of one word must stand alone between punctuation, since it may be a first name.
func PassesFor(name, known string) bool {
	k, n := lookOf(known), lookOf(name)
	switch {
	case k.whole == "":
		return false
	case k.whole == n.whole:
		return true
	case utf8.RuneCountInString(k.whole) >= longName && strings.Contains(n.whole, k.whole):
		return true
	case len(k.words) == 1:
		return slices.Contains(n.parts, k.whole)
	}
	return n.says(k.words) || len(k.words) == 2 && n.says([]string{string([]rune(k.words[0])[:1]), k.words[1]})
}

// longName is from how many characters on a name is not part of another by chance.
const longName = 8

// look is a name as the eye takes it.
type look struct {
	words []string // each folded to what it looks like
	whole string   // all of them as one
	parts []string // the same for what stands between commas, brackets and the like
}

func (l look) says(words []string) bool {
	left := slices.Clone(l.words)
	for _, w := range words {
		i := slices.Index(left, w)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

func lookOf(s string) look {
	var l look
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(Name(s), " - ", "|"), parts) {
		words := strings.FieldsFunc(skeleton(part), func(r rune) bool { return r == ' ' })
		for i, w := range words {
			words[i] = squeezed(w)
		}
		l.words = append(l.words, words...)
		l.parts = append(l.parts, squeezed(strings.Join(words, "")))
	}
	l.whole = squeezed(strings.Join(l.words, ""))
	return l
}

// parts parts a name from what is said of who bears it.
func parts(r rune) bool { return strings.ContainsRune(",;:|/\\()[]{}<>–—·•*=~\"«»“”", r) }

// skeleton folds s to letters that look the same, after the idea of Unicode Technical Standard 39, and makes a space of all else.
func skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsMark(r) || unseen(r) {
			continue
		}
		if to, ok := drawnAs[r]; ok {
			b.WriteRune(to)
			continue
		}
		r = unicode.ToLower(r)
		if to, ok := drawnAs[r]; ok {
			b.WriteRune(to)
		} else if o, ok := opened[r]; ok && o != "'" {
			b.WriteString(o)
		} else if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteByte(' ')
		} else {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("rn", "m", "vv", "w").Replace(b.String())
}

// squeezed makes one letter of each run of the same.
func squeezed(s string) string {
	return string(slices.Compact([]rune(s)))
}

// drawnAs leads from a character to the Latin letter that it is drawn like. Accents are gone before, and so is every width,
// weight and circle that Unicode itself decomposes. l, i and 1 are one.
var drawnAs = func() map[rune]rune {
	all := map[rune]rune{}
	for _, line := range [...]string{
		"a@4аАαΑɑᴀᎪⱥаꓮ∀", "b8ЬьВвβΒᏏʙɓƀƃƅᏼꓐ", "cсСϲϹᴄᏟƈ¢©ꓚⲥᴐ", "dԁԀᴅᎠɗɖꓓ", "e3еЕεΕєЄэЭҽᴇᎬəɛɘɇ€ꓰⲉ", "fϝϜғҒꜰƒꓝſ",
		"gɡɢᏀցԌԍǥɠꓖ", "hһҺНнΗʜᎻհꓧⱨ", "i1lL|!іІιΙɩɪӀӏƖǀɨᎥʟᏞꓡꓲլⱡƚɫ¡∣", "jјЈϳͿᴊᎫʝɟȷꓙ", "kкКκΚᴋᏦƙĸқҚҝҜꓗⲕ", "mмМΜᴍᎷɱꓟⅿ",
		"nпПηΝոɴƞɲꓠᥒИи", "o0оОοΟᴏօՕσѲѳөӨɵסꓳ○●◦", "pрРρΡᴘᏢƿꓑⲣ", "qԛԚգʠ", "rгГᴦʀᎡɾɽꓣ", "s5ѕЅꜱᏚʂ$ꓢՏ", "t7тТτΤᴛᎢƭŧꓔ†",
		"uυսՍᴜʋꓴμ∪", "vѵѴνᴠᏙꓦ∨", "wԝԜѡѠωᴡᎳꓪա", "xхХχΧꓫ×ҳҲ", "yуУγΥүҮұҰʏᎩყꓬƴ¥", "zΖζᴢᏃꓜʐƶ",
	} {
		letters := []rune(line)
		for _, r := range letters {
			all[r] = letters[0]
		}
	}
	for i := range rune(26) { // letters in black circles and squares, and those of flags
		to := 'a' + i
		if to == 'l' {
			to = 'i'
		}
		all[0x1F150+i], all[0x1F170+i], all[0x1F1E6+i] = to, to, to
	}
	return all
}()
