package assets

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestAMonogramIsOneOrTwoLettersOnTheColour(t *testing.T) {
	t.Parallel()
	for _, letters := range []string{"S", "SL", "ÉÀ", "漢"} {
		svg, err := Monogram("#8a2f2a", letters)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", svg, err)
			}
		}
		if !strings.Contains(string(svg), `fill="#8a2f2a"`) || !strings.Contains(string(svg), letters) {
			t.Errorf("%s", svg)
		}
	}
	if pale, err := Monogram("#ffee88", "S"); err != nil || strings.Contains(string(pale), "#ffee88") {
		t.Errorf("letters are not read on %s, %v", pale, err)
	}
	for _, bad := range [][2]string{{"red", "S"}, {"#8a2f2a", ""}, {"#8a2f2a", "SLX"}, {"#8a2f2a", "<&"}} {
		if _, err := Monogram(bad[0], bad[1]); err == nil {
			t.Errorf("%q is drawn", bad)
		}
	}
}
