package assets

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
)

// A Face stands for somebody: a picture, or initials on one of eight grounds. Partial "face" draws it.
type Face struct {
	Class    string // "f0" to "f7"
	Initials string // one or two letters
	Img      string // address of a picture, "" for none
	Size     string // "", "small", "big"
}

// FaceOf returns the face of somebody called name. key chooses the ground and should not change when the name does
// (an id, an address); the name is taken when key is "".
func FaceOf(key, name string) Face {
	if key == "" {
		key = name
	}
	h := fnv.New32a()
	h.Write([]byte(key))
	return Face{Class: "f" + strconv.Itoa(int(h.Sum32()%8)), Initials: initials(name)}
}

// initials takes the first letters of the first and the last word; of @nadia@example.org it is the N of nadia.
func initials(name string) string {
	if at := strings.LastIndex(name, "@"); at > 0 {
		name = name[:at]
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
	if len(words) == 0 {
		return "·"
	}
	first := firstLetter(words[0])
	if len(words) == 1 {
		return first
	}
	return first + firstLetter(words[len(words)-1])
}

func firstLetter(word string) string {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}
