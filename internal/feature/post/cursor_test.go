package post

import "testing"

func FuzzParseCursor(f *testing.F) {
	f.Add(cursor(1_700_000_000_000, 1<<50))
	f.Add("")
	f.Add("zz.0000000000001")
	f.Fuzz(func(t *testing.T, s string) {
		at, id, err := parseCursor(s)
		if err == nil && s != "" && id <= 0 {
			t.Errorf("%q gives %d, %d", s, at, id)
		}
	})
}
