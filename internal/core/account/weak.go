package account

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// The bounds of a password in characters: long rather than contorted (NIST SP 800-63B, 3.1.1.2).
const (
	minPassword = 10
	maxPassword = 200
)

// What of a password must be new, in characters, once what a program counts by itself is left out.
const minSteps = 7

// checkPassword refuses what is guessed first: too short, one of the most common ones with whatever is usually put behind it, a
// walk over the keyboard, a short thing repeated, and what is known of the person: about holds the names of the house and
// of the person, and their address.
func checkPassword(password string, about ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return fault.Invalid("password", "too_short", minPassword)
	case n > maxPassword:
		return fault.Invalid("password", "too_long", maxPassword)
	}
	folded := text.Fold(password)
	switch {
	case isCommon(folded):
		return fault.Invalid("password", "common")
	case isPersonal(solid(folded), about):
		return fault.Invalid("password", "personal")
	case steps(folded) < minSteps || steps(solid(folded)) < minSteps || period(folded) < minPassword:
		return fault.Invalid("password", "too_simple")
	}
	return nil
}

// common.txt is the most common passwords of the world and of France, folded, sorted; docs/decisions says where they come from.
//
//go:embed common.txt
var commonList string

var commonWords = sync.OnceValue(func() []string { return strings.Split(strings.TrimSpace(commonList), "\n") })

func listed(s string) bool {
	_, found := slices.BinarySearch(commonWords(), s)
	return found
}

// isCommon reports whether a folded password is on the list: as it is, without what is usually put before or behind it, written with
// digits for letters, or with spaces and marks between its letters.
func isCommon(p string) bool {
	for _, s := range []string{p, solid(p), letters(p)} {
		for _, t := range []string{s, strings.TrimLeftFunc(s, isPadding)} {
			if cutListed(t) {
				return true
			}
		}
	}
	return false
}

// cutListed reports whether s, or s without some of the digits and marks at its end, is on the list, as it is or undisguised.
func cutListed(s string) bool {
	for s != "" {
		if listed(s) || listed(plainSpelling.Replace(s)) {
			return true
		}
		last, size := utf8.DecodeLastRuneInString(s)
		if !isPadding(last) {
			return false
		}
		s = s[:len(s)-size]
	}
	return false
}

func isPadding(r rune) bool { return !unicode.IsLetter(r) }

// plainSpelling undoes the usual disguises.
var plainSpelling = strings.NewReplacer("@", "a", "4", "a", "0", "o", "1", "i", "!", "i", "3", "e", "$", "s", "5", "s", "7", "t", "8", "b")

// solid returns the letters and digits of s.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// letters returns the letters of s.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// isPersonal reports whether a password, folded and solid, holds a whole name of about, of two words or the local part of an
// address, or is long enough by one word of a name only.
func isPersonal(p string, about []string) bool {
	rest := p
	for _, name := range about {
		local, _, isAddress := strings.Cut(text.Fold(name), "@")
		whole := solid(local)
		words := strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if (len(words) > 1 || isAddress) && utf8.RuneCountInString(whole) >= 6 && strings.Contains(p, whole) {
			return true
		}
		if isAddress {
			words = append(words, whole)
		}
		for _, word := range words {
			if utf8.RuneCountInString(word) >= 3 {
				rest = strings.ReplaceAll(rest, word, "")
			}
		}
	}
	return rest != p && utf8.RuneCountInString(rest) < minPassword
}

// rows are what fingers run along: the rows and columns of French, English and German keyboards, the alphabet, and counting.
var rows = []string{
	"azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "abcdefghijklmnopqrstuvwxyz",
	"01234567890", "&e\"'(-e_ca", "1aqw", "2zsx", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.",
}

// walks are the runs of three along rows, both ways.
var walks = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, row := range rows {
		for i := range len(row) - 2 {
			a, b, c := row[i:i+1], row[i+1:i+2], row[i+2:i+3]
			all[a+b+c], all[c+b+a] = true, true
		}
	}
	return all
})

// steps counts the characters of s but those that only go on with what the two before them began: a walk, or the same again.
func steps(s string) int {
	runes := []rune(s)
	n := len(runes)
	for i := 2; i < len(runes); i++ {
		if three := runes[i-2 : i+1]; walks()[string(three)] || three[0] == three[1] && three[1] == three[2] {
			n--
		}
	}
	return n
}

// period returns after how many characters s only repeats itself: all of them when it does not.
func period(s string) int {
	runes := []rune(s)
	for d := 1; d <= len(runes)/2; d++ {
		if slices.Equal(runes[d:], runes[:len(runes)-d]) {
			return d
		}
	}
	return len(runes)
}
