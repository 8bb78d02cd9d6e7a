package charset_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"causerie/internal/protocol/charset"
)

const said = "Prénom;Société\r\nHélène;Cœur d’or\r\n"

func TestAFileOfAnyEncodingReadsTheSame(t *testing.T) {
	long := strings.Repeat("é", 200_000) // a line longer than any buffer
	for name, e := range map[string]encoding.Encoding{"utf-8": encoding.Nop, "utf-8 with its mark": unicode.UTF8BOM, "windows-1252": charmap.Windows1252,
		"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"utf-16le without a mark": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)} {
		for _, want := range []string{said, said + long} {
			b, err := e.NewEncoder().String(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(charset.UTF8(strings.NewReader(b)))
			if err != nil || string(got) != want {
				t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(want), err)
			}
		}
	}
	mixed, _ := charmap.Windows1252.NewEncoder().String("Hélène\n")
	if got, _ := io.ReadAll(charset.UTF8(strings.NewReader("Zoé\n" + mixed))); string(got) != "Zoé\nHélène\n" {
		t.Errorf("%q", got)
	}
}

func FuzzUTF8(f *testing.F) {
	f.Add([]byte(said))
	f.Add([]byte{0xFF, 0xFE, 'a', 0, 0xD8})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := io.ReadAll(charset.UTF8(bytes.NewReader(b)))
		if err != nil || !utf8.Valid(got) || bytes.ContainsRune(got, 0) || len(got) > 3*len(b) {
			t.Errorf("%q, %v", got, err)
		}
	})
}
