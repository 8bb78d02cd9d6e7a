package sheet_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"causerie/internal/protocol/sheet"
)

func read(t testing.TB, s string) (rows []sheet.Row) {
	r := sheet.NewReader(strings.NewReader(s))
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

func TestATableReadsTheSameHoweverItIsWritten(t *testing.T) {
	want := `[[Nom Société Note] [Hélène "A, B; C" deux` + "\n" + `lignes] [Paul  ]]`
	for name, s := range map[string]string{
		"comma":     "Nom,Société,Note\r\nHélène,\"\"\"A, B; C\"\"\",\"deux\r\nlignes\"\r\n\r\nPaul,,\r\n",
		"semicolon": "Nom;Société;Note\nHélène;\"\"\"A, B; C\"\"\";\"deux\nlignes\"\n\nPaul;;",
		"tab":       "Nom\tSociété\tNote\nHélène\t\"\"\"A, B; C\"\"\"\t\"deux\nlignes\"\nPaul\t\t",
		"bar":       "Nom|Société|Note\nHélène|\"\"\"A, B; C\"\"\"|\"deux\nlignes\"\nPaul||",
		"said":      "sep=;\r\nNom;Société;Note\r\nHélène;\"\"\"A, B; C\"\"\";\"deux\nlignes\"\r\nPaul;;",
	} {
		var got [][]string
		for _, r := range read(t, s) {
			got = append(got, r.Cells)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	rows := read(t, "email\nana@legoff.example\n\nx\"y@z.example\n")
	if len(rows) != 3 || rows[2].Line != 4 || rows[2].Cells[0] != `x"y@z.example` {
		t.Errorf("%+v", rows)
	}
}

func TestARowThatDoesNotEndCostsItselfAndNoOther(t *testing.T) {
	rows := read(t, "nom,note\nAna,\""+strings.Repeat("x", 2*sheet.MaxRow)+"\nPaul,\n")
	if len(rows) != 3 || !rows[1].Bad || rows[1].Cells[0] != "Ana" || rows[2].Cells[0] != "Paul" || rows[2].Line != 3 {
		t.Errorf("%d rows, %v", len(rows), rows[len(rows)-1])
	}
	if rows = read(t, "a\n"+strings.Repeat(",", 1000)+"\nb\n"); len(rows) != 3 || !rows[1].Bad || len(rows[1].Cells) != sheet.MaxColumns {
		t.Errorf("%d rows", len(rows))
	}
}

func FuzzReader(f *testing.F) {
	f.Add("a,b\n\"c\"\"\",d\r\n")
	f.Add("sep=;\nx;y")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, r := range read(t, s) {
			if r.Line <= last || len(r.Cells) == 0 || len(r.Cells) > sheet.MaxColumns {
				t.Errorf("%+v behind line %d", r, last)
			}
			last = r.Line
		}
	})
}

func TestNoCellIsAFormulaAndEachIsReadBackAsItWas(t *testing.T) {
	want := []string{"=1+1", "+33 6 12 34 56 78", "-2", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "O’Hara", "'=x", "deux\r\nlignes", `"quoi"`, ""}
	var b strings.Builder
	w := sheet.NewWriter(&b)
	if err := errors.Join(w.Write(want...), w.Flush()); err != nil {
		t.Fatal(err)
	}
	for i, c := range read(t, b.String())[0].Cells {
		if strings.ContainsAny(c[:min(1, len(c))], "=@\t") || c == want[3] {
			t.Errorf("%q is a formula", c)
		}
		if got := strings.ReplaceAll(sheet.Plain(c), "\n", "\r\n"); i != 7 && got != want[i] {
			t.Errorf("%q came back as %q", want[i], got)
		}
	}
}
