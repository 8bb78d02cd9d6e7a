package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func catalogOf(t *testing.T, files map[string]string) *Catalog {
	t.Helper()
	c := New()
	if err := c.Add(folder(files)); err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

var inbox = map[string]string{
	"fr.json": `{"inbox.waiting": {"one": "{0} personne attend", "many": "{0} de personnes attendent", "other": "{0} personnes attendent"},
		"inbox.empty": "Rien n'attend : quelle journée !", "to": "À {0}, de {1}", "mail": "Écrivez-nous par courriel"}`,
	"fr-CA.json": `{"mail": "Écrivez-nous un courriel"}`,
	"en.json": `{"inbox.waiting": {"one": "{0} person is waiting", "other": "{0} people are waiting"},
		"inbox.empty": "Nothing's waiting: what a day!", "to": "To {0}, from {1}", "mail": "E-mail us"}`,
}

func TestTextsSpeakEachLanguage(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, inbox)
	for _, tt := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{FrFR, "inbox.waiting", []any{0}, "0 personne attend"},
		{FrFR, "inbox.waiting", []any{1}, "1 personne attend"},
		{FrFR, "inbox.waiting", []any{2}, "2 personnes attendent"},
		{FrFR, "inbox.waiting", []any{1_000_000}, "1\u202F000\u202F000 de personnes attendent"},
		{FrFR, "inbox.waiting", []any{int64(3_000_000_000_000)}, "3\u202F000\u202F000\u202F000\u202F000 de personnes attendent"},
		{FrFR, "inbox.waiting", []any{1.5}, "1,5 personne attend"},
		{FrCA, "inbox.waiting", []any{uint(12400)}, "12\u00A0400 personnes attendent"},
		{En, "inbox.waiting", []any{1}, "1 person is waiting"},
		{En, "inbox.waiting", []any{0}, "0 people are waiting"},
		{FrFR, "inbox.empty", nil, "Rien n’attend\u00A0: quelle journée\u202F!"},
		{FrCA, "inbox.empty", nil, "Rien n’attend\u00A0: quelle journée!"},
		{En, "inbox.empty", nil, "Nothing’s waiting: what a day!"},
		{FrCA, "mail", nil, "Écrivez\u2011nous un courriel"},
		{FrFR, "mail", nil, "Écrivez\u2011nous par courriel"},
		{En, "to", []any{"Léa", "Paul"}, "To Léa, from Paul"},
	} {
		if got := c.T(tt.lang, tt.key, tt.args...); got != tt.want {
			t.Errorf("%s %s %v: got %q, want %q", tt.lang, tt.key, tt.args, got, tt.want)
		}
	}
	if errs := c.Check(); len(errs) > 0 {
		t.Error(errs)
	}
	if m := c.Missing(); len(m) > 0 {
		t.Error(m)
	}
}

func TestUnknownKeysAndUnusableArgumentsAreRemembered(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, inbox)
	if got := c.T(En, "nobody.wrote"); got != "nobody.wrote" {
		t.Errorf("got %q", got)
	}
	c.T(En, "to", time.Now(), "x")
	c.T(En, "to", "x")
	want := []string{"nobody.wrote", "to {0}: a time.Time", "to {1}: no argument"}
	if got := c.Missing(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}

func TestOneKeyHasOneText(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, map[string]string{"fr.json": `{"a": "un"}`})
	if err := c.Add(folder(map[string]string{"fr.json": `{"a": "un"}`})); err != nil {
		t.Errorf("the same text again: %v", err)
	}
	if err := c.Add(folder(map[string]string{"fr.json": `{"a": "deux"}`})); err == nil {
		t.Error("another text for the same key was accepted")
	}
	for _, bad := range []string{`{"b": 3}`, `{"b": {"few": "x", "other": "y"}}`, `{"b": {"one": "x"}}`, `[1]`, `{`} {
		if err := New().Add(folder(map[string]string{"fr.json": bad})); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestCheckFindsWhatALanguageLacks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ fr, ca, en, want string }{
		"only French":      {`{"a": "x"}`, `{}`, `{}`, "not in en.json"},
		"only English":     {`{}`, `{}`, `{"a": "x"}`, "not in fr.json"},
		"stray override":   {`{}`, `{"a": "x"}`, `{}`, "fr-CA.json is not in fr.json"},
		"arguments":        {`{"a": "{0}"}`, `{}`, `{"a": "{1}"}`, "takes"},
		"no many":          {`{"a": {"one": "x", "other": "y"}}`, `{}`, `{"a": {"one": "x", "other": "y"}}`, "lacks the form many"},
		"empty":            {`{"a": " "}`, `{}`, `{"a": "x"}`, "empty"},
		"tag":              {`{"a": "<script>"}`, `{}`, `{"a": "x"}`, "tag <script>"},
		"unclosed":         {`{"a": "<b>x"}`, `{}`, `{"a": "x"}`, "unequally"},
		"override differs": {`{"a": "{0}"}`, `{"a": "x"}`, `{"a": "{0}"}`, "fr-CA"},
	} {
		c := catalogOf(t, map[string]string{"fr.json": tt.fr, "fr-CA.json": tt.ca, "en.json": tt.en})
		found := false
		for _, err := range c.Check() {
			found = found || strings.Contains(err.Error(), tt.want)
		}
		if !found {
			t.Errorf("%s: got %v", name, c.Check())
		}
	}
}

func TestArgumentsOfHTMLTextsAreEscaped(t *testing.T) {
	t.Parallel()
	c := catalogOf(t, map[string]string{"fr.json": `{"x": "Lire <a href=\"{0}\">{1}</a> : bien !"}`})
	for _, tt := range []struct{ href, name, want string }{
		{"/a?b=1&c", "<b>Léa</b>", `Lire <a href="/a?b=1&amp;c">&lt;b&gt;Léa&lt;/b&gt;</a>` + "\u00A0: bien\u202F!"},
		{"javascript:alert(1)", "x", `Lire <a href="#">x</a>` + "\u00A0: bien\u202F!"},
		{`https://a.example/"onclick="`, "x", `Lire <a href="https://a.example/&#34;onclick=&#34;">x</a>` + "\u00A0: bien\u202F!"},
	} {
		if got := string(c.THTML(FrFR, "x", tt.href, tt.name)); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
	if got := c.THTML(FrFR, "<nobody>"); got != "&lt;nobody&gt;" {
		t.Errorf("an unknown key came back as %s", got)
	}
}

func TestTypographyFollowsTheCountry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, fr, ca string }{
		{"Quoi ?", "Quoi\u202F?", "Quoi?"},
		{"Quoi?", "Quoi\u202F?", "Quoi?"},
		{"Quoi ?!", "Quoi\u202F?!", "Quoi?!"},
		{"a ; b", "a\u202F; b", "a; b"},
		{"« oui »", "«\u00A0oui\u00A0»", "«\u00A0oui\u00A0»"},
		{"Dire «oui» fort", "Dire «\u00A0oui\u00A0» fort", "Dire «\u00A0oui\u00A0» fort"},
		{"« Quoi ? »", "«\u00A0Quoi\u202F?\u00A0»", "«\u00A0Quoi?\u00A0»"},
		{"à 8:30, 12 % de 3 €", "à 8:30, 12\u00A0% de 3\u00A0€", "à 8:30, 12\u00A0% de 3\u00A0€"},
		{"voir https://a.example/x?y=1;z : bien", "voir https://a.example/x?y=1;z\u00A0: bien", "voir https://a.example/x?y=1;z\u00A0: bien"},
		{"Salut {0} !", "Salut {0}\u202F!", "Salut {0}!"},
		{"Salut {0}!", "Salut {0}\u202F!", "Salut {0}!"},
		{`<a href="/x ?y='1'">l'or</a> ?`, `<a href="/x ?y='1'">l’or</a>` + "\u202F?", `<a href="/x ?y='1'">l’or</a>?`},
		{"<code>a ? b : c</code> ; fin", "<code>a ? b : c</code>\u202F; fin", "<code>a ? b : c</code>; fin"},
		{"R&amp; D", "R&amp; D", "R&amp; D"},
		{"déjà\u202F? oui\u00A0!", "déjà\u202F? oui\u202F!", "déjà? oui!"},
		{"", "", ""},
	} {
		if got := typeset(FrFR, tt.in); got != tt.fr {
			t.Errorf("fr-FR %q: got %q, want %q", tt.in, got, tt.fr)
		}
		if got := typeset(FrCA, tt.in); got != tt.ca {
			t.Errorf("fr-CA %q: got %q, want %q", tt.in, got, tt.ca)
		}
		if again := typeset(FrFR, typeset(FrFR, tt.in)); again != tt.fr {
			t.Errorf("set twice, %q became %q", tt.in, again)
		}
	}
}

func TestReadersGetTheLanguageTheyAskFor(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Lang{
		"":                                FrFR,
		"de, it;q=0.5":                    FrFR,
		"en-GB,en;q=0.9,fr;q=0.8":         En,
		"de,fr-CA;q=0.9,en;q=0.8":         FrCA,
		"en;q=0.1, fr":                    FrFR,
		"en;q=0":                          FrFR,
		"fr;q=banana, en;q=0.2":           En,
		strings.Repeat("x,", 5000) + "en": FrFR,
	} {
		if got := Match(header); got != want {
			t.Errorf("%.40q: got %s, want %s", header, got, want)
		}
	}
	for in, want := range map[string]Lang{"fr": FrFR, "FR_ca": FrCA, "en-US": En, "fr-BE": FrFR, "de": "", "frr": ""} {
		if got, _ := Parse(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzTypeset(f *testing.F) {
	for _, s := range []string{"Quoi ?", "« a »", "<a href=\"x\">", "{0} !", "\xff ;", "http://x ?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range Langs() {
			once := typeset(l, s)
			if strings.Count(once, "{0}") != strings.Count(s, "{0}") && strings.ToValidUTF8(s, "") == s {
				t.Fatalf("%q lost a placeholder: %q", s, once)
			}
			compile(once)
		}
	})
}
