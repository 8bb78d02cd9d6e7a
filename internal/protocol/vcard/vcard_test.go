package vcard_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causerie/internal/protocol/vcard"
)

func read(t testing.TB, r io.Reader) (all []vcard.Card) {
	cards := vcard.NewReader(r)
	for {
		c, err := cards.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
}

func TestCardsOfEveryVersionSayTheSame(t *testing.T) {
	for name, s := range map[string]string{
		"2.1": "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Le Goff;H=C3=A9l=\n=C3=A8ne;;;\nTEL;CELL:06 12 34 56 78\nTEL;HOME;PREF:02 98 00 00 00\n" +
			"EMAIL;INTERNET:helene@legoff.example\nORG:Caf\u00e9 du Port;Salle\nTITLE:G\u00e9rante\nPHOTO;JPEG;ENCODING=BASE64:" + strings.Repeat("AAAA", 50) + "\n\nEND:VCARD\n",
		"3.0": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Hélène Le Goff\r\nN:Le Goff;Hélène;;;\r\nitem1.EMAIL;TYPE=INTERNET:helene@legoff.ex\r\n ample\r\n" +
			"TEL;TYPE=CELL:06 12 34 56 78\r\nTEL;TYPE=HOME,PREF:02 98 00 00 00\r\nORG:Café du Port;Salle\r\nTITLE:Gérante\r\nEND:VCARD\r\n",
		"4.0": "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Le Goff;Hélène;;;\r\nEMAIL:mailto:helene@legoff.example\r\nTEL;VALUE=uri;PREF=1;TYPE=\"home,voice\":tel:02 98 00 00 00\r\n" +
			"TEL;TYPE=cell:06 12 34 56 78\r\nORG:Café du Port\r\nTITLE:Gérante\r\nEND:VCARD\r\n",
	} {
		all := read(t, strings.NewReader(s))
		if len(all) != 1 {
			t.Fatalf("%s: %+v", name, all)
		}
		c := all[0]
		if got := fmt.Sprint(c.Name, c.Company, c.Role, c.Emails, c.Phones, c.Bad, c.Line); got != "Hélène Le GoffCafé du PortGérante[helene@legoff.example] [02 98 00 00 00 06 12 34 56 78] false 1" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestACardSaysTheTownAndWhatAHouseNoted(t *testing.T) {
	c := read(t, strings.NewReader("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nADR;TYPE=HOME:;;;;;;\r\nADR;TYPE=WORK:;;1\\, quai;Brest;;29200;France\r\nX-CAUSERIE-BUDGET:12\r\nX-OTHER:x\r\nEND:VCARD\r\n"))[0]
	if c.Town != "Brest" || fmt.Sprint(c.Own) != "map[budget:12]" {
		t.Errorf("%+v", c)
	}
}

func TestACardThatDoesNotEndIsToldAndCostsNoOther(t *testing.T) {
	all := read(t, strings.NewReader("BEGIN:VCARD\nFN:Ana\nNOTE:"+strings.Repeat("x\n ", 2*vcard.MaxCard)+"\nEND:VCARD\nBEGIN:VCARD\nFN:Paul\nEND:VCARD\nBEGIN:VCARD\nFN:Nobody\n"))
	if len(all) != 3 || all[1].Name != "Paul" || !all[2].Bad {
		t.Errorf("%d cards, %+v", len(all), all[len(all)-1])
	}
}

// The cards of real programs, where they lie beside the project.
func TestRealCards(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/testdata/vcards/*.vcf")
	if len(files) == 0 {
		t.Skip("no real cards here")
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		all := read(t, f)
		f.Close()
		if len(all) == 0 {
			t.Errorf("%s: no card", file)
		}
		for _, c := range all {
			if c.Bad || c.Name == "" && c.Company == "" && len(c.Emails) == 0 || strings.Contains(c.Name, "=C3") || strings.Contains(c.Name, `\`) {
				t.Errorf("%s: %+v", file, c)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("BEGIN:VCARD\nFN:Ana\nTEL;HOME;X=\"a:b\":12\nEND:VCARD\n")
	f.Add("BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=C3=\n=A9\nEND:VCARD")
	f.Fuzz(func(t *testing.T, s string) { read(t, strings.NewReader(s)) })
}
