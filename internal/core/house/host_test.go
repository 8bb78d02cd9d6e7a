package house

import "testing"

func TestANumberHasDigitsAndNoWords(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]bool{"02 41 00 00 00": true, "+33 (0)2.41.00.00.00": true, "1007": true, "Abc": false, "12": false, "115": false, "3949": true, "": false,
		"demander Sylvie au 02 41 00 00 00": false, "x@y.fr": false} {
		if callable(number) != want {
			t.Errorf("%q: %v", number, !want)
		}
	}
	for _, h := range Hosts() {
		if !callable(h.Phone) || h.Name == "" || h.Address == "" {
			t.Errorf("%+v", h)
		}
	}
}
