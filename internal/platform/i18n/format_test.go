package i18n

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/money"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDatesReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	paris, montreal := zone(t, "Europe/Paris"), zone(t, "America/Montreal")
	at := time.Date(2026, 11, 16, 3, 5, 0, 0, time.UTC) // Monday 4:05 in Paris, Sunday 22:05 in Montréal
	for _, tt := range []struct{ got, want string }{
		{Date(FrFR, at, paris), "lundi 16 novembre 2026"},
		{Date(FrCA, at, montreal), "dimanche 15 novembre 2026"},
		{Date(En, at, paris), "Monday 16 November 2026"},
		{Date(FrFR, time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), paris), "dimanche 1er novembre 2026"},
		{ShortDate(FrFR, at, paris), "16 nov. 2026"},
		{ShortDate(En, at, paris), "16 Nov 2026"},
		{DayText(FrFR, clock.Day{Year: 2026, Month: 7, Day: 14}), "mardi 14 juillet 2026"},
		{DayText(FrFR, clock.Day{}), ""},
		{Time(FrFR, at, paris), "4\u00A0h\u00A005"},
		{Time(FrCA, at, montreal), "22\u00A0h\u00A005"},
		{Time(En, at, montreal), "22:05"},
		{Time(FrFR, time.Date(2026, 7, 1, 16, 0, 0, 0, time.UTC), paris), "18\u00A0h"},
		{MonthText(FrFR, 2026, 11), "novembre 2026"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestAgoReadsLikeANewspaper(t *testing.T) {
	t.Parallel()
	paris := zone(t, "Europe/Paris")
	now := time.Date(2026, 10, 28, 11, 0, 0, 0, paris) // a Wednesday, three days after summer time ended
	for _, tt := range []struct {
		at     time.Time
		fr, en string
	}{
		{now.Add(-30 * time.Second), "à l’instant", "just now"},
		{now.Add(-12 * time.Minute), "il y a 12\u00A0min", "12\u00A0min ago"},
		{time.Date(2026, 10, 28, 8, 12, 0, 0, paris), "8\u00A0h\u00A012", "08:12"},
		{time.Date(2026, 10, 28, 18, 0, 0, 0, paris), "18\u00A0h", "18:00"},
		{time.Date(2026, 10, 27, 18, 0, 0, 0, paris), "hier, 18\u00A0h", "yesterday, 18:00"},
		{time.Date(2026, 10, 29, 9, 0, 0, 0, paris), "demain, 9\u00A0h", "tomorrow, 09:00"},
		{time.Date(2026, 10, 24, 9, 40, 0, 0, paris), "samedi, 9\u00A0h\u00A040", "Saturday, 09:40"},
		{time.Date(2026, 10, 22, 9, 40, 0, 0, paris), "jeudi, 9\u00A0h\u00A040", "Thursday, 09:40"},
		{time.Date(2026, 10, 21, 9, 40, 0, 0, paris), "21 octobre", "21 October"},
		{time.Date(2026, 3, 3, 9, 0, 0, 0, paris), "3 mars", "3 March"},
		{time.Date(2025, 3, 3, 9, 0, 0, 0, paris), "3 mars 2025", "3 March 2025"},
	} {
		if got := Ago(FrFR, tt.at, now, paris); got != tt.fr {
			t.Errorf("%v: got %q, want %q", tt.at, got, tt.fr)
		}
		if got := Ago(En, tt.at, now, paris); got != tt.en {
			t.Errorf("%v: got %q, want %q", tt.at, got, tt.en)
		}
	}
	for d, want := range map[time.Duration]string{
		10 * time.Second: "depuis 1\u00A0min", 80 * time.Minute: "depuis 1\u00A0h\u00A020", 3 * time.Hour: "depuis 3\u00A0h",
		26 * time.Hour: "depuis 1\u00A0jour", 72 * time.Hour: "depuis 3\u00A0jours", 100 * 24 * time.Hour: "depuis 3\u00A0mois", 800 * 24 * time.Hour: "depuis 2\u00A0ans",
	} {
		if got := Since(FrFR, now.Add(-d), now); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
	if got := Since(En, now.Add(-80*time.Minute), now); got != "waiting 1\u00A0h\u00A020\u00A0min" {
		t.Errorf("got %q", got)
	}
}

func TestNumbersAndMoneyFollowTheCountry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want string }{
		{Number(FrFR, 1234567), "1\u202F234\u202F567"},
		{Number(FrCA, -1234), "-1\u00A0234"},
		{Number(En, 999), "999"},
		{Decimal(FrFR, 1234.5), "1\u202F234,5"},
		{Decimal(En, -0.126), "-0.13"},
		{Figures(FrFR, "-1234.5678"), "-1\u202F234,5678"},
		{Figures(FrCA, "12000"), "12\u00A0000"},
		{Figures(En, "1234.5"), "1,234.5"},
		{Figures(FrFR, "beaucoup"), "beaucoup"},
		{Figures(FrFR, "-"), "-"},
		{Money(FrFR, 1240000, "EUR"), "12\u202F400\u00A0€"},
		{Money(FrCA, 1240000, "CAD"), "12\u00A0400\u00A0$"},
		{Money(En, 1240000, "EUR"), "€12,400"},
		{Money(En, 1240000, "CAD"), "CA$12,400"},
		{Money(FrFR, 125005, "CHF"), "1\u202F250,05\u00A0CHF"},
		{Money(En, -125050, "CHF"), "-CHF\u00A01,250.50"},
		{Money(FrFR, -5, "EUR"), "-0,05\u00A0€"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestNamesSortAsInADictionary(t *testing.T) {
	t.Parallel()
	names := []string{"Zoé", "Eloi", "éclair", "Bob", "Élodie"}
	slices.SortFunc(names, Collate(FrFR))
	if want := []string{"Bob", "éclair", "Élodie", "Eloi", "Zoé"}; !slices.Equal(names, want) {
		t.Errorf("got %v", names)
	}
}

func TestWhatComesSaysItsDayAndItsHour(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		at                time.Time
		fr, short, en, so string
	}{
		{time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC), "lundi 30 novembre à 8\u00A0h", "lundi 30 nov., 8\u00A0h", "Mon 30 Nov, 08:00", "lundi 30 novembre à 8\u00A0h"},
		{time.Date(2027, 1, 1, 7, 5, 0, 0, time.UTC), "vendredi 1er janvier 2027 à 8\u00A0h\u00A005", "vendredi 1er janv. 2027, 8\u00A0h\u00A005", "Fri 1 Jan 2027, 08:05", "vendredi 1er janvier 2027 à 8\u00A0h\u00A005"},
		{now.Add(5 * time.Minute), "jeudi 26 novembre à 9\u00A0h\u00A005", "jeudi 26 nov., 9\u00A0h\u00A005", "Thu 26 Nov, 09:05", "à 9\u00A0h\u00A005"},
	} {
		if got := When(FrFR, c.at, now, paris); got != c.fr {
			t.Errorf("%q", got)
		}
		if got := ShortWhen(FrFR, c.at, now, paris); got != c.short {
			t.Errorf("%q", got)
		}
		if got := ShortWhen(En, c.at, now, paris); got != c.en {
			t.Errorf("%q", got)
		}
		if got := Soon(FrFR, c.at, now, paris); got != c.so {
			t.Errorf("%q", got)
		}
	}
	if got := When(En, now, now, paris); got != "Thursday 26 November at 09:00" {
		t.Errorf("%q", got)
	}
}

func TestASumNamesEachCurrencyAndTheHousesFirst(t *testing.T) {
	t.Parallel()
	all := money.Sum{{Currency: "CAD", Cents: 5900000}, {Currency: "EUR", Cents: 4740000}}
	three := append(all, money.Amount{Currency: "CHF", Cents: 10000})
	for _, tt := range []struct {
		lang Lang
		home string
		sum  money.Sum
		want string
	}{
		{FrFR, "EUR", all, "47\u202F400\u00A0€ et 59\u202F000\u00A0$\u00A0CA"},
		{FrCA, "CAD", all, "59\u00A0000\u00A0$ et 47\u00A0400\u00A0€"},
		{En, "EUR", all, "€47,400 and CA$59,000"},
		{En, "EUR", three, "€47,400, CA$59,000 and CHF\u00A0100"},
		{En, "", all[:1], "CA$59,000"},
		{En, "EUR", nil, ""},
	} {
		if got := Amounts(tt.lang, tt.home, tt.sum); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.lang, got, tt.want)
		}
	}
}
