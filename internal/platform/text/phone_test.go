package text

import (
	"strings"
	"testing"
)

func TestAPhoneNumberIsOneHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for key, ways := range map[[2]string][]string{
		{"FR", "+33298000001"}:        {"02 98 00 00 01", "0298000001", "02.98.00.00.01", "+33 2 98 00 00 01", "0033 (0)2-98-00-00-01", "+33 (0) 298000001", "+33(0)298000001", "(02) 98 00 00 01"},
		{"CA", "+15145550100"}:        {"514 555-0100", "(514) 555-0100", "1-514-555-0100", "+1 514 555 0100", "001 514 555 0100", "514.555.0100"},
		{"BE", "+3225550100"}:         {"02 555 01 00", "+32 2 555 01 00", "0032 2 555 01 00"},
		{"CH", "+41225550100"}:        {"022 555 01 00", "+41 22 555 01 00", "+41 (0)22 555 01 00"},
		{"CA", "+33298000001"}:        {"+33 2 98 00 00 01", "011 33 2 98 00 00 01"},
		{"FR", "+15145550100;ext=12"}: {"+1 514 555 0100 poste 12", "+1 514 555-0100, ext. 12", "+1 (514) 555-0100 x12", "+15145550100;ext=12"},
		{"FR", "3949"}:                {"39 49", "3949"},
		{"", "0298000001"}:            {"02 98 00 00 01"},
		{"", "+33298000001"}:          {"+33 2 98 00 00 01"},
	} {
		for _, way := range ways {
			if got, ok := FoldPhone(way, key[0]); !ok || got != key[1] {
				t.Errorf("%q in %s is %q, %v; want %q", way, key[0], got, ok, key[1])
			}
		}
	}
	for _, s := range []string{"", "12", "1234567890123456", "33+298000000", "+33+298", "non", "Abc", strings.Repeat("0", 3000), "02 98 00 00 01 poste 12345678901"} {
		if got, ok := FoldPhone(s, "FR"); ok {
			t.Errorf("%q is %q", s, got)
		}
	}
}

func FuzzFoldPhone(f *testing.F) {
	f.Add("+33 (0)2 98 00 00 01", "FR")
	f.Add("1-514-555-0100 ext. 3", "CA")
	f.Fuzz(func(t *testing.T, s, country string) {
		key, ok := FoldPhone(s, country)
		if bare := strings.TrimPrefix(key, "+"); ok && (len(bare) < 4 || len(bare) > 30 || strings.Trim(bare, "0123456789;ext=") != "") {
			t.Fatalf("%q is %q", s, key)
		}
	})
}
