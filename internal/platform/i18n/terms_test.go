package i18n

import "testing"

var trades = map[string]string{
	"fr.json": `{"won": {"one": "<b>{Un mandat}</b> {gagné}.", "many": "{0} {de mandats} {gagnés} !", "other": "{0} {mandats} {gagnés} !"}, "of": "Voici {le mandat} : {0}"}`,
	"en.json": `{"won": {"one": "<b>One {mandate}</b> won.", "other": "{0} {mandates} won!"}, "of": "Here is {a mandate}: {0}"}`,
	"terms.json": `{
		"fr": {"deal": {"un mandat": "une affaire", "le mandat": "l’affaire", "mandats": "affaires", "de mandats": "d’affaires", "gagné": "gagnée", "gagnés": "gagnées"},
			"job": {"un mandat": "un chantier", "le mandat": "le chantier", "mandats": "chantiers", "de mandats": "de chantiers"}},
		"en": {"order": {"mandate": "order", "mandates": "orders", "a mandate": "an order"}}}`,
}

func TestATradeHasItsOwnWordWithItsGenderAndArticle(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, trades)
	if errs := c.Check(); len(errs) > 0 {
		t.Fatal(errs)
	}
	now := ""
	c.Speak(func() string { return now })
	for _, tt := range []struct {
		term string
		lang Lang
		key  string
		arg  any
		want string
	}{
		{"", FrFR, "won", 1, "<b>Un mandat</b> gagné."},
		{"deal", FrFR, "won", 1, "<b>Une affaire</b> gagnée."},
		{"deal", FrCA, "won", 3, "3 affaires gagnées!"},
		{"deal", FrFR, "won", 3, "3 affaires gagnées\u202F!"},
		{"deal", FrFR, "won", 1_000_000, "1\u202F000\u202F000 d’affaires gagnées\u202F!"},
		{"job", FrFR, "won", 1, "<b>Un chantier</b> gagné."},
		{"deal", FrFR, "of", "Léa", "Voici l’affaire\u00A0: Léa"},
		{"order", En, "of", "Léa", "Here is an order: Léa"},
		{"order", En, "won", 2, "2 orders won!"},
		{"unheard of", En, "won", 2, "2 mandates won!"},
	} {
		now = tt.term
		if got := c.T(tt.lang, tt.key, tt.arg); got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.term, tt.lang, got, tt.want)
		}
	}
}

func TestAWordThatNoTermChangesIsAnError(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, map[string]string{
		"fr.json": `{"a": "{Le mandats}"}`, "en.json": `{"a": "The mandate"}`,
		"terms.json": `{"fr": {"deal": {"mandats": "affaires"}}}`,
	})
	if errs := c.Check(); len(errs) != 2 {
		t.Errorf("%v: want one word that nothing changes, one change that nothing asks for", errs)
	}
}
