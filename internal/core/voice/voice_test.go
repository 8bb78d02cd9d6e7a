package voice

import "testing"

// Answers leave in the name of a voice: an address that no mail could carry is refused where somebody can still mend it.
func TestAVoiceHasAnAddressThatMailCanCarry(t *testing.T) {
	t.Parallel()
	fine := Voice{Slug: "jeanne", Name: "Jeanne", Kind: Personal, Lang: "fr-FR", Accent: "#123456"}
	for _, e := range []string{"", "jeanne@maison.example", "jeanne.le-du@été.example"} {
		v := fine
		if v.Email = e; v.check() != nil {
			t.Errorf("%q: %v", e, v.check())
		}
	}
	for _, e := range []string{"jeanne@[192.0.2.1]", "é@maison.example", "Jeanne <jeanne@maison.example>", "jeanne", "a\r\nBcc: x@maison.example"} {
		v := fine
		if v.Email = e; v.check() == nil {
			t.Errorf("%q is taken", e)
		}
	}
}
