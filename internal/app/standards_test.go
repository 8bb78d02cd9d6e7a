package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The numbers of OWASP ASVS 5.0.0 at levels 1 and 2: section, point, the lines of it.
const asvsLines = `
	1.1.1,2 1.2.1,2,3,4,5,6,7,8,9 1.3.1,2,3,4,5,6,7,8,9,10,11 1.4.1,2,3 1.5.1,2 2.1.1,2,3 2.2.1,2,3 2.3.1,2,3,4 2.4.1 3.2.1,2 3.3.1,2,3,4
	3.4.1,2,3,4,5,6 3.5.1,2,3,4,5 3.7.1,2 4.1.1,2,3 4.2.1 4.3.1,2 4.4.1,2,3,4 5.1.1 5.2.1,2,3 5.3.1,2 5.4.1,2,3 6.1.1,2,3
	6.2.1,2,3,4,5,6,7,8,9,10,11,12 6.3.1,2,3,4 6.4.1,2,3,4 6.5.1,2,3,4,5 6.6.1,2,3 6.8.1,2,3,4 7.1.1,2,3 7.2.1,2,3,4 7.3.1,2 7.4.1,2,3,4,5
	7.5.1,2 7.6.1,2 8.1.1,2 8.2.1,2,3 8.3.1 8.4.1 9.1.1,2,3 9.2.1,2,3,4 10.1.1,2 10.2.1,2 10.3.1,2,3,4 10.4.1,2,3,4,5,6,7,8,9,10,11
	10.5.1,2,3,4,5 10.6.1,2 10.7.1,2,3 11.1.1,2 11.2.1,2,3 11.3.1,2,3 11.4.1,2,3,4 11.5.1 11.6.1 12.1.1,2,3 12.2.1,2 12.3.1,2,3,4 13.1.1
	13.2.1,2,3,4,5 13.3.1,2 13.4.1,2,3,4,5 14.1.1,2 14.2.1,2,3,4 14.3.1,2,3 15.1.1,2,3 15.2.1,2,3 15.3.1,2,3,4,5,6,7 16.1.1 16.2.1,2,3,4,5
	16.3.1,2,3,4 16.4.1,2,3 16.5.1,2,3 17.1.1 17.2.1,2,3,4 17.3.1,2`

func TestStandardsWalkEveryLineOfASVS(t *testing.T) {
	page, err := os.ReadFile("../../docs/standards.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, section := range strings.Fields(asvsLines) {
		at := strings.LastIndex(section, ".")
		for _, n := range strings.Split(section[at+1:], ",") {
			want = append(want, section[:at]+"."+n)
		}
	}
	var got []string
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+) \| (met|\*\*not met\*\*|not ours) \| (.{2,}) \|$`).FindAllStringSubmatch(string(page), -1) {
		got = append(got, row[1])
	}
	if !slices.Equal(got, want) {
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("line %s has no row", w)
			}
		}
		t.Errorf("%d rows in their order for %d lines", len(got), len(want))
	}
}

// What standards.md, security.md and retention.md call a test is one.
func TestThePagesNameTestsThatExist(t *testing.T) {
	known := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, f := range declared.FindAllStringSubmatch(string(text), -1) {
			known[f[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"standards", "security", "retention"} {
		text, err := os.ReadFile("../../docs/" + page + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1) {
			if !known[name[1]] {
				t.Errorf("docs/%s.md names %s, which is no test", page, name[1])
			}
		}
	}
}
