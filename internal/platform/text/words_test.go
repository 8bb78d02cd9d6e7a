package text

import (
	"encoding/xml"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/fault"
)

func TestSlugIsAShortASCIIName(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"L’œuvre à 100 %":          "l-oeuvre-a-100",
		"Straße & Été":             "strasse-ete",
		"  --Déjà--vu!  ":          "deja-vu",
		"日本語":                      "",
		"":                         "",
		"🎉":                        "",
		"Ça coûte 5 €":             "ca-coute-5-euros",
		"ﬁn №7":                    "fin-no7",
		"e\u0301te\u0301":          "ete",
		strings.Repeat("a", 90):    strings.Repeat("a", 80),
		strings.Repeat("mot ", 40): strings.Repeat("mot-", 19) + "mot",
	}
	for in, want := range tests {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldMeetsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"Œuvre", "oeuvre"}, {"ÉTÉ", "ete"}, {"l’an", "l'an"}, {"STRASSE", "Straße"}, {"e\u0301", "é"}, {"Ｗide", "wide"}, {"a\u00a0b", "a b"}, {"est\u2011elle", "est-elle"}, {"İ", "i"}} {
		if a, b := Fold(pair[0]), Fold(pair[1]); a != b {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", pair[0], a, pair[1], b)
		}
	}
	if got := FoldEmail(" René@Émile.FR "); got != "rené@xn--mile-9oa.fr" {
		t.Errorf("FoldEmail: %q", got)
	}
	if got := FoldEmail("nobody"); got != "nobody" {
		t.Errorf("FoldEmail: %q", got)
	}
}

func TestTokensMeetTheirQuery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lang, in string
		want     []string
	}{
		{"fr", "L’entreprise d'aujourd’hui", []string{"entrepris", "aujourdhui"}},
		{"fr-CA", "jusqu'à l'économie, d'accord ?", []string{"econom", "daccord", "a"}},
		{"fr", "Les rendez-vous de quelqu’un", []string{"rend", "quelquun", "les", "vous", "rendezvous", "de"}},
		{"fr", "R&D 2024, R & D", []string{"r", "d", "2024", "r", "d", "rd", "rd"}},
		{"en", "The leaders' O'Reilly book isn't L'Oréal's", []string{"leader", "o", "reilli", "book", "oreal", "the", "oreilli", "not", "loreal"}},
		{"fr", "Monsieur O’Brien et L’Oréal, l’or", []string{"monsieur", "o", "brien", "oreal", "or", "obrien", "et", "loreal"}},
		{"", "le la le les la", []string{"le", "la", "les"}}, // once: they stand in every text
		{"fr", "T.V.A. et S.N.C.F, M.Dupont et p. 3.5", []string{"tva", "sncf", "m", "dupont", "p", "3", "5", "et", "mdupont"}},
		{"fr", "C, C++, C#, F# et .NET ; a+b", []string{"c", "cplusplus", "csharp", "fsharp", "net", "b", "et", "dotnet", "a"}},
		{"fr", "node.js, v2.0.1", []string{"nod", "js", "v2", "0", "1", "nodej", "v201"}},
		{"fr", "l'U.E. et d'I.B.M", []string{"ue", "ibm", "lu", "et", "dibm"}},
		{"fr", "12 400 et 1\u202f234\u00a0567, 2026 300, 02 981 234", []string{"12", "400", "1", "234", "567", "2026", "300", "02", "981", "234", "et", "12400", "1234567"}},
		{"fr", "02 98 55 12 34 et 02.98.55.12.34, 2026-1043, 12-13 mai", []string{"02", "98", "55", "12", "34", "02", "98", "55", "12", "34", "2026", "1043", "12", "13", "mai", "et", "0298551234", "20261043", "0298551234"}},
		{"fr", "Mme Le Gall-Martin, De La Tour. Le prix", []string{"mme", "gall", "martin", "tour", "prix", "le", "gallmartin", "legall", "de", "la", "delatour"}},
		{"fr", "Le musée, des travaux", []string{"muse", "traval", "le", "mus", "des", "travail"}},
		{"fr", strings.Repeat("x", 200), nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Tokens(tt.lang, tt.in)); diff != "" {
			t.Errorf("Tokens(%s, %q):\n%s", tt.lang, tt.in, diff)
		}
	}
	for _, same := range [][2]string{{"développement", "developpements"}, {"société", "Sociétés"}, {"économie", "ECONOMIE"}, {"œuvres", "oeuvre"}} {
		if !meet("fr", same[0], same[1]) || !meet("fr", same[1], same[0]) {
			t.Errorf("%s and %s do not meet", same[0], same[1])
		}
	}
}

func TestExcerptEndsWhereAReaderWould(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		max  int
		want string
	}{
		{"Court.", 20, "Court."},
		{"Une phrase entière. Puis une autre qui dépasse.", 30, "Une phrase entière."},
		{"Une très longue phrase qui ne finit pas", 20, "Une très longue…"},
		{"M. Dupont est venu hier soir avec elle", 20, "M. Dupont est venu…"},
		{"anticonstitutionnellement", 10, "anticonst…"},
		{"deux\n\nblocs", 50, "deux blocs"},
		{"Vraiment\u00a0? Oui, vraiment.", 14, "Vraiment\u00a0?"},
		{"abc", 1, ""},
	}
	for _, tt := range tests {
		if got := Excerpt(tt.in, tt.max); got != tt.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestWordsAndMinutes(t *testing.T) {
	t.Parallel()
	if n := Words("L’entreprise — c'est nous ! 12 345 ?"); n != 5 {
		t.Errorf("Words = %d", n)
	}
	for words, want := range map[int]int{0: 1, 230: 1, 231: 2, 2000: 9} {
		if got := Minutes(words); got != want {
			t.Errorf("Minutes(%d) = %d", words, got)
		}
	}
}

func TestLinkScoreCountsEveryWayToLink(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"rien ici": 0, "[a](http://b.c)": 1, "voir http://a.b et www.c.d": 2, "<a href=\"https://www.x.y\">a</a>": 1,
		"[url=http://g]h[/url] [url]http://i[/url]": 2, "![i](j.png)": 1, "`http://code`": 1, "<http://a.b>": 1,
	}
	for in, want := range tests {
		if got := LinkScore(in); got != want {
			t.Errorf("LinkScore(%q) = %d, want %d", in, got, want)
		}
	}
}

// refused are the published verdicts that a form does not follow: the addresses are valid mail syntax.
var refused = map[string]string{
	"ISEMAIL_RFC5321_QUOTEDSTRING":   "quoted local parts are nobody's address and everybody's attack",
	"ISEMAIL_RFC5321_ADDRESSLITERAL": "IP literals are no address of a person",
	"ISEMAIL_RFC5321_IPV6DEPRECATED": "IP literals are no address of a person",
	"ISEMAIL_RFC5321_TLDNUMERIC":     "no numeric top domain exists",
	"ISEMAIL_RFC5321_TLD":            "a bare top domain is a slip of the keyboard",
	"ISEMAIL_CFWS_COMMENT":           "comments belong in headers",
	"ISEMAIL_CFWS_FWS":               "folded lines belong in headers; plain blanks around an address are trimmed",
	"ISEMAIL_VALID (without dot)":    "test@io: a bare top domain is a slip of the keyboard",
	"ISEMAIL_ERR (line end trimmed)": "a pasted address may carry a line end; it is trimmed",
}

func TestEmailVerdicts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(testdata(t, "testdata", "email-addresses", "tests.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var suite struct {
		Tests []struct {
			Address   string `xml:"address"`
			Category  string `xml:"category"`
			Diagnosis string `xml:"diagnosis"`
		} `xml:"test"`
	}
	if err := xml.Unmarshal(b, &suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Tests) < 150 {
		t.Fatalf("only %d addresses", len(suite.Tests))
	}
	for _, tt := range suite.Tests {
		addr := strings.Map(func(r rune) rune {
			if r >= '\u2400' && r <= '\u241F' {
				return r - '\u2400'
			}
			return r
		}, tt.Address)
		if pasted(addr) != strings.TrimSpace(addr) { // what is around an address is the test's below
			continue
		}
		_, err := ParseEmail(addr)
		valid := tt.Category == "ISEMAIL_VALID_CATEGORY" || tt.Category == "ISEMAIL_DNSWARN"
		switch {
		case err == nil && valid, err != nil && !valid && refused[tt.Diagnosis] == "":
		case err != nil && valid && (!strings.Contains(addr, ".") || !isTop(addr[strings.LastIndexAny(addr, ".@")+1:])): // refused on purpose, see above
		case err != nil && refused[tt.Diagnosis] != "":
		case err == nil && strings.TrimSpace(addr) != addr && !strings.ContainsAny(strings.TrimSpace(addr), " \r\n()"):
		default:
			t.Errorf("%q (%s): %v", addr, tt.Diagnosis, err)
		}
	}
}

func TestParseEmailKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Jean.Dupont+causerie@Exemple.FR ": "Jean.Dupont+causerie@exemple.fr",
		"rene@émile.fr":                     "rene@émile.fr",
		"a@xn--mile-9oa.fr":                 "a@xn--mile-9oa.fr",
		"\ufeffa@b.fr\u200b":                "a@b.fr",
		"a@b。fr":                            "a@b.fr",
		"o'brien+a@b.fr":                    "o'brien+a@b.fr",
		"o’brien@b.fr":                      "o'brien@b.fr",
		"mailto:a@b.fr":                     "a@b.fr",
		"MAILTO:A@B.FR?subject=Bonjour":     "A@b.fr",
		"mailto:a%2Bb%40c.fr":               "a+b@c.fr",
		"Jean <a@b.fr>":                     "a@b.fr",
		"\"Dupont, Jean\" <a@b.fr>,":        "a@b.fr",
		"a@b.fr <a@b.fr>":                   "a@b.fr",
		"Jean <mailto:a@b.fr>":              "a@b.fr",
		"<a@b.fr>":                          "a@b.fr",
		"a@b.fr (Jean Dupont)":              "a@b.fr",
		"« a@b.fr »":                        "a@b.fr",
		"'a@b.fr'":                          "a@b.fr",
		"a@b.fr.":                           "a@b.fr",
		"a@b.fr ;":                          "a@b.fr",
		"\u00a0a@b.fr\u202f":                "a@b.fr",
		"a\u200b@b\u00ad.fr":                "a@b.fr",
		"ａ＠b.fr":                            "a@b.fr",
		"a\u2011b@c\u2011d.fr":              "a-b@c-d.fr",
		"Courriel : a@b.fr":                 "a@b.fr",
	} {
		if got, err := ParseEmail(in); err != nil || got != want {
			t.Errorf("ParseEmail(%q) = %q, %v", in, got, err)
		}
	}
	for in, code := range map[string]string{
		"rené@exemple.fr": "accent", "漢@例え.jp": "accent", "e\u0301lise@exemple.fr": "accent",
		"": "required", "a@localhost": "malformed", "a@b.localhost": "malformed", "a@b@c.fr": "malformed", "a b@c.fr": "malformed", "a@b.fr, c@d.fr": "several",
		"mailto:a@b.fr,c@d.fr": "several", "a@b.fr;c@d.fr": "several", "a@b.fr / c@d.fr": "several", "a@b.fr <c@d.fr>": "several", "a @ b.fr": "malformed", "\"a b\" @c.fr": "malformed",
		"a@b": "malformed", "mailto:": "required", "<>": "required", "a@b.fr%0ABcc:x@y.fr": "malformed", "mailto:a@b.fr%0ABcc:x@y.fr": "several", "a..b@c.fr": "malformed", ".a@b.fr": "malformed", "a.@b.fr": "malformed", "a@b.f": "malformed", "a@b.c0m": "malformed", "a@b.local": "malformed", "a@b.onion": "malformed",
		"a@xn--zz.fr": "malformed", "a@[192.0.2.1]": "malformed", "a@192.0.2.1": "malformed", "\"a b\"@c.fr": "malformed",
		"a@b.fr\r\nBcc: x@y.z": "malformed", strings.Repeat("a", 300): "too_long", "a\u202e@b.fr": "malformed", "a@b\u0000.fr": "malformed",
	} {
		_, err := ParseEmail(in)
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Code != code || p[0].Field != "email" {
			t.Errorf("ParseEmail(%q): %v, want %s", in, err, code)
		}
	}
}

// plainest is the first reading of a query.
func plainest(lang, query string) []Term {
	if all := Readings(lang, query); len(all) > 0 {
		return all[0]
	}
	return nil
}

// meet reports whether a text is found by a query: it has every term of one of its readings.
func meet(lang, text, query string) bool {
	held := Tokens(lang, text)
	return slices.ContainsFunc(Readings(lang, query), func(terms []Term) bool {
		return !slices.ContainsFunc(terms, func(t Term) bool { return !has(held, t) })
	})
}

// has does what an engine does, but for beginnings.
func has(held []string, t Term) bool {
	if slices.ContainsFunc(append(slices.Clone(t.Forms), t.Whole...), func(f string) bool { return slices.Contains(held, f) }) {
		return true
	}
	if len(t.Order) > 0 && strings.Contains(" "+strings.Join(held, " ")+" ", " "+strings.Join(t.Order, " ")+" ") {
		return true
	}
	return len(t.Parts) > 0 && !slices.ContainsFunc(t.Parts, func(p Term) bool { return !has(held, p) })
}

func TestAWordIsFoundWithoutItsAccents(t *testing.T) {
	t.Parallel()
	for _, w := range strings.Fields(`musée musées lycée soirée journée arrivée employés employée rénovée première dernière matière manière lumière carrière
		délai qualité accès décembre entrée idée année fenêtre château noël hôtel reçu garçon maïs cœur œuvre œufs forêts élèves intéressé
		égalité créée crêperie pâtissière chaînes goût mûr août bientôt répondre préférées pièce pièces siège très déjà été avions son`) {
		bare := Fold(w)
		if !meet("fr-FR", "Voici "+w+" ici.", w) || !meet("fr-FR", "Voici "+w+" ici.", bare) || !meet("fr-FR", "Voici "+bare+" ici.", w) {
			t.Errorf("%s: %v, with its accents %v, without %v", w, Tokens("fr", w), plainest("fr", w), plainest("fr", bare))
		}
	}
	for text, query := range map[string]string{"Le résumé": "resume", "A café": "cafe", "naïve people": "naive"} {
		if !meet("en", text, query) {
			t.Errorf("%q does not find %q in English", query, text)
		}
	}
}

func TestWhatIsCommonIsLookedForAlone(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{"le prix du chêne": 2, "du": 1, "Du": 1, "été": 1, "l'été de la Saint-Martin": 2, "c": 1, "plan C": 2, "T.V.A.": 1, "...": 0, "son": 1} {
		if got := plainest("fr-FR", query); len(got) != want {
			t.Errorf("%q: %v, want %d", query, got, want)
		}
	}
	for text, query := range map[string]string{
		"Monsieur Du": "du", "Le C++ moderne": "c++", "La T.V.A. à 20 %": "tva", "La TVA à 20 %": "T.V.A.", "Un été chaud": "ete", "Des avions": "avions", "Le son juste": "son",
	} {
		if !meet("fr-FR", text, query) {
			t.Errorf("%q does not find %q", query, text)
		}
	}
	for text, query := range map[string]string{"Le C++ moderne": "c#", "Du C# partout": "c++", "Le langage C": "c++"} {
		if meet("fr-FR", text, query) {
			t.Errorf("%q finds %q", query, text)
		}
	}
}

func TestWordsMeetHoweverTheyAreBound(t *testing.T) {
	t.Parallel()
	for text, queries := range map[string]string{
		"L’Oréal ouvre":               "loreal|oreal|l'oréal|L'Oréal|l’oreal|LOREAL",
		"Monsieur O'Brien":            "brien|obrien|O'Brien|o’brien|o brien",
		"Un e-mail arrive":            "email|e-mail|e mail|mail|E‑MAIL",
		"Un email arrive":             "email|e-mail|e mail",
		"Mme Le Goff":                 "legoff|le goff|goff|Le Goff",
		"La R & D":                    "R & D|R&D|RD|r et d",
		"La R&D":                      "R & D|R&D|RD|r et d",
		"La RD, dit-on":               "R & D|R&D|RD",
		"Aujourd’hui encore":          "aujourdhui|aujourd'hui|aujourd hui",
		"Prendre rendez-vous":         "rendez vous|rendez-vous|rendezvous",
		"Prendre rendezvous":          "rendez vous|rendez-vous|rendezvous",
		"Prendre rendez vous":         "rendez vous|rendez-vous",
		"Un arc-en-ciel":              "arc en ciel|arc-en-ciel|arcenciel|ciel",
		"Un travail":                  "travail|travaux",
		"Des travaux":                 "travail|travaux",
		"Un cheval et des chevaux":    "cheval|chevaux",
		"Une œuvre":                   "œuvre|oeuvre|œuvres|OEUVRE",
		"Hauptstraße":                 "hauptstrasse|Hauptstraße",
		"En C#":                       "c#|C#|csharp",
		"Avec .NET":                   ".NET|net|dotnet",
		"Avec Node.js":                "node.js|node|nodejs|node js",
		"La somme de 1\u202f043 €":    "1 043|1043|1\u00a0043|1 043 €",
		"La somme de 1043 €":          "1 043|1043",
		"Facture 2026-1043":           "2026-1043|1043|2026 1043|facture 2026-1043",
		"Tél. 02 98 55 12 34":         "0298551234|02 98 55 12 34|02.98.55.12.34",
		"Un week-end":                 "weekend|week end|week-end",
		"Le weekend":                  "weekend|week end|week-end",
		"Le wifi":                     "wi-fi|wi fi|WiFi",
		"Jean-Paul d’Ormesson":        "jeanpaul|jean paul|jean-paul dormesson|ormesson",
		"Le prix du bois sec":         `"prix du bois"|« prix du bois »|“bois sec”|"prix" bois|"le prix"`,
		"Une planche de 24\" x 36\"":  `24" x 36"`,
		"Le musée d’été, en dentelle": `"musee d'ete"|"musée d’été"`,
	} {
		for query := range strings.SplitSeq(queries, "|") {
			if !meet("fr-FR", text, query) {
				t.Errorf("%q does not find %q: %v, %v", query, text, Readings("fr-FR", query), Tokens("fr-FR", text))
			}
		}
	}
	for text, queries := range map[string]string{
		"Le bois du prix sec": `"prix du bois"|"sec prix"`, "L’âme et l’avoir": "lame|lavoir", "Monsieur Dubois": "du bois", "Du bois": "dubois d'ivoire",
		"Un taux de 3,5": "35", "Le 12-13 mai": "1213", "Rendez service": "rendez-vous|rendezvous",
	} {
		for query := range strings.SplitSeq(queries, "|") {
			if meet("fr-FR", text, query) {
				t.Errorf("%q finds %q", query, text)
			}
		}
	}
}

func TestAWordIsFoundWhileItIsTyped(t *testing.T) {
	t.Parallel()
	for _, word := range strings.Fields("organisation travaux chevaux rapidement développement politique formation rénovation menuiserie musée première entreprises") {
		held := Tokens("fr-FR", word)
		letters := []rune(word)
		for n := 2; n <= len(letters); n++ {
			typed := string(letters[:n])
			open := plainest("fr-FR", typed)[0]
			if !has(held, open) && !slices.ContainsFunc(open.Forms, func(f string) bool {
				return slices.ContainsFunc(held, func(h string) bool { return strings.HasPrefix(h, f) })
			}) {
				t.Errorf("%s is not found by %s: %v, %+v", word, typed, held, open)
			}
		}
	}
}

func TestAWordOfNothingButMarksIsNotLookedFor(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for _, query := range []string{"\u0301\u0302", "bar \u0300\u0301\u0302 zalgo", "\u0301", "l'\u0301"} {
			for _, term := range plainest(lang, query) {
				if slices.Contains(term.Stems(), "") {
					t.Errorf("%s %q: %q", lang, query, term.Stems())
				}
			}
		}
	}
}
