package text

import "testing"

func TestANameIsWhatCanBeSeenOfIt(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                 "",
		"   \t ":                           "",
		"\u00a0\u2003\u3000":               "",
		"\u200b":                           "",
		"\u200b\u200c\u200d\u2060":         "",
		"\u202e\u202d\u2066\u2069":         "",
		"\u00ad\ufeff\u180e":               "",
		"\u3164":                           "", // Hangul filler
		"\u115f\u1160\uffa0":               "",
		"\u2800\u2800":                     "", // Braille blank
		"\u0301\u0302":                     "",
		" \u0301":                          "",
		"\u20dd":                           "",
		"\ufe0f":                           "",
		"\U000E0041\U000E0042":             "", // tags
		"\ue000":                           "",
		"\u17b4\u17b5\u034f":               "",
		"Jeanne":                           "Jeanne",
		"  Jeanne \u2003 Essai\n":          "Jeanne Essai",
		"Jea\u200bnne\u202e Essai":         "Jeanne Essai",
		"Re\u0301my":                       "Rémy",
		"Q\u0301\u0302\u0303\u0304\u0305a": "Q\u0301\u0302\u0303a",
		"می\u200cخواهم":                    "می\u200cخواهم",
		"👩\u200d🔬":                         "👩\u200d🔬",
		"李小龍":                              "李小龍",
		"Ann\u200d":                        "Ann",
		".":                                ".",
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWhoMayBeTakenForWhom(t *testing.T) {
	t.Parallel()
	for known, names := range map[string][]string{
		"Jeanne Essai": {"Jeanne Essai", "jeanne essai", "JEANNE  ESSAI", "Jeanne Essaï", "Jéanné Essai", "Jeanne Essai, directrice", "Essai Jeanne",
			"Jeanne-Essai", "JeanneEssai", "jeanne.essai", "J e a n n e   E s s a i", "Jeanne\u200bEssai", "\u202eJeanne Essai", "Jeanne\u00a0Essai", "Jeanne Essai \u2014 équipe",
			"Мme Jeanne Essai", "Jеаnnе Еssаi", "Jeanne Εssaι", "Ｊｅａｎｎｅ Ｅｓｓａｉ", "𝐉𝐞𝐚𝐧𝐧𝐞 𝐄𝐬𝐬𝐚𝐢", "Ⓙⓔⓐⓝⓝⓔ Ⓔⓢⓢⓐⓘ", "🅹🅴🅰🅽🅽🅴 🅴🆂🆂🅰🅸", "Jeanne Essal", "Jeanne Essa1", "J3anne Ess@i",
			"Jeane Essai", "Jeanne Essaii", "J. Essai", "J.Essai", "Jeanne E\u0301ssai", "L’équipe de Jeanne Essai", "«Jeanne Essai»", "ᴊᴇᴀɴɴᴇ ᴇssᴀɪ", "Jeanne_Essai", "★ Jeanne Essai ★"},
		"Maison Essai":  {"Maison Essai", "La Maison Essai", "maison-essai", "Maison Essai (équipe)", "Rnaison Essai", "Essai, maison"},
		"Claire":        {"Claire", "CLAIRE", "Сlaire", "Claire, directrice", "Équipe / Claire", "Clàire", "Claire - atelier", "(Claire)"},
		"L’Œuvre noire": {"L'oeuvre noire", "L'Œuvre Noire", "loeuvre noire"},
		"東京工房":          {"東京工房", "東京 工房"},
		"Вера Павлова":  {"Вера Павлова", "вера павлова"},
	} {
		for _, name := range names {
			if !PassesFor(name, known) {
				t.Errorf("%q is not taken for %q: %+v, %+v", name, known, lookOf(name), lookOf(known))
			}
		}
	}
	for known, names := range map[string][]string{
		"Jeanne Essai": {"Jeanne", "Essai", "Jeanne Martin", "Paul Essai", "Jean Essayeur", "Anne Essarts", "", "Béa", "Jeanne E.", "\u200b"},
		"Claire":       {"Claire Aubin", "Anne-Claire", "Clairette", "Marie Claire", "Éclair"},
		"Maison Essai": {"Maison", "Maison Martin", "Paul Lecteur"},
		"":             {"", "Paul", "\u200b"},
		"東京工房":         {"大阪工房", "Paul"},
	} {
		for _, name := range names {
			if PassesFor(name, known) {
				t.Errorf("%q is taken for %q", name, known)
			}
		}
	}
}
