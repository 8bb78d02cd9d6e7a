package browser

import (
	"testing"

	"causerie/internal/harness"
)

// TestLettersTwiceAsLargeNeedNoScrollingSideways looks at every page of the work side as somebody who chose letters of twice the
// size, on the smallest telephone and on a tablet (WCAG 1.4.4, 1.4.10).
func TestLettersTwiceAsLargeNeedNoScrollingSideways(t *testing.T) {
	wanted(t)
	h := harness.Start(t, harness.Options{Planted: true})
	paths := workPaths(t, h)
	b := openWithLetters(t, h, 32)
	b.visit("/app/sign-in")
	if px := eval[string](b, `getComputedStyle(document.documentElement).fontSize`); px != "32px" {
		t.Fatalf("the letters of the browser are %s, not 32px: nothing is measured", px)
	}
	b.signIn()
	for _, px := range []int64{320, 820} {
		b.width(px)
		for _, path := range paths {
			b.visit(path)
			if wide := eval[string](b, tooWide); wide != "" {
				t.Errorf("%s at %d px is too wide: %s", path, px, wide)
			}
		}
	}
}
