package i18n

import (
	"fmt"
	"strconv"
	"time"

	"causerie/internal/platform/clock"
)

var (
	frDays   = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	frMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	frShort  = [...]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."}
)

// dash stands for a day or an instant that nobody can say (clock.Sayable): a row may hold anything.
const dash = "–"

// English is spelt and dated as in Britain (CLDR's en-GB), one way for all: the day before the month, and hours up to 23.
var enShort = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"}

// Date writes the civil day of t in zone: "lundi 16 novembre 2026", "Monday 16 November 2026".
func Date(l Lang, t time.Time, zone *time.Location) string { return DayText(l, clock.DayOf(t, zone)) }

// DayText writes a civil day as Date does; no day is "".
func DayText(l Lang, d clock.Day) string {
	switch {
	case d.IsZero():
		return ""
	case !d.Sayable():
		return dash
	}
	return WeekdayText(l, d.Weekday()) + " " + dayMonth(l, d) + " " + strconv.Itoa(d.Year)
}

// ShortDate writes the civil day of t in zone: "16 nov. 2026", "16 Nov 2026".
func ShortDate(l Lang, t time.Time, zone *time.Location) string {
	return ShortDay(l, clock.DayOf(t, zone))
}

// ShortDay writes a civil day as ShortDate does; no day is "".
func ShortDay(l Lang, d clock.Day) string {
	switch {
	case d.IsZero():
		return ""
	case !d.Sayable():
		return dash
	}
	return shortDayMonth(l, d) + " " + strconv.Itoa(d.Year)
}

// MonthText writes a month: "novembre 2026", "November 2026".
func MonthText(l Lang, year int, m time.Month) string {
	if l.French() {
		return frMonths[m-1] + " " + strconv.Itoa(year)
	}
	return m.String() + " " + strconv.Itoa(year)
}

// WeekdayText writes a day of the week: "lundi", "Monday".
func WeekdayText(l Lang, w time.Weekday) string {
	if l.French() {
		return frDays[w]
	}
	return w.String()
}

func dayMonth(l Lang, d clock.Day) string {
	if l.French() {
		return ordinal(d.Day) + " " + frMonths[d.Month-1]
	}
	return strconv.Itoa(d.Day) + " " + d.Month.String()
}

func shortDayMonth(l Lang, d clock.Day) string {
	if l.French() {
		return ordinal(d.Day) + " " + frShort[d.Month-1]
	}
	return strconv.Itoa(d.Day) + " " + enShort[d.Month-1]
}

// ordinal: French counts only the first of a month.
func ordinal(day int) string {
	if day == 1 {
		return "1er"
	}
	return strconv.Itoa(day)
}

// Time writes what clocks in zone show at t: "8 h 12", "18 h", "08:12". The spaces do not break.
func Time(l Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if !clock.Sayable(t) {
		return dash
	}
	if !l.French() {
		return t.Format("15:04")
	}
	if t.Minute() == 0 {
		return strconv.Itoa(t.Hour()) + "\u00A0h"
	}
	return fmt.Sprintf("%d\u00A0h\u00A0%02d", t.Hour(), t.Minute())
}

// Ago says when t was as a newspaper would at now: "à l’instant", "il y a 12 min", "8 h 12" on the same day,
// "hier, 18 h", "lundi, 9 h 40" within six days, "3 mars", "3 mars 2025". What is to come reads "demain, 9 h",
// "lundi, 9 h 40", then the date.
func Ago(l Lang, t, now time.Time, zone *time.Location) string {
	past := now.Sub(t)
	day, today := clock.DayOf(t, zone), clock.DayOf(now, zone)
	switch {
	case !clock.Sayable(t):
		return dash
	case past > -time.Minute && past < time.Minute:
		return pick(l, "à l’instant", "just now")
	case past > 0 && past < time.Hour:
		n := strconv.Itoa(int(past / time.Minute))
		return pick(l, "il y a "+n+"\u00A0min", n+"\u00A0min ago")
	case day == today:
		return Time(l, t, zone)
	case day == today.Add(-1):
		return pick(l, "hier, ", "yesterday, ") + Time(l, t, zone)
	case day == today.Add(1):
		return pick(l, "demain, ", "tomorrow, ") + Time(l, t, zone)
	case today.Add(-7).Before(day) && day.Before(today.Add(7)):
		return WeekdayText(l, day.Weekday()) + ", " + Time(l, t, zone)
	case day.Year == today.Year:
		return dayMonth(l, day)
	}
	return dayMonth(l, day) + " " + strconv.Itoa(day.Year)
}

// When says at which hour of which day something comes: "lundi 30 novembre à 8 h", "Monday 30 November at 08:00". The year is said when it
// is not that of now.
func When(l Lang, t, now time.Time, zone *time.Location) string {
	d := clock.DayOf(t, zone)
	return WeekdayText(l, d.Weekday()) + " " + dayMonth(l, d) + yearUnless(d, now, zone) + pick(l, " à ", " at ") + Time(l, t, zone)
}

// ShortWhen is When where there is little room: "lundi 30 nov., 8 h", "Mon 30 Nov, 08:00".
func ShortWhen(l Lang, t, now time.Time, zone *time.Location) string {
	d := clock.DayOf(t, zone)
	day := pick(l, frDays[d.Weekday()], d.Weekday().String()[:3])
	return day + " " + shortDayMonth(l, d) + yearUnless(d, now, zone) + ", " + Time(l, t, zone)
}

// yearUnless is the year of d with the space before it, nothing when it is that of now.
func yearUnless(d clock.Day, now time.Time, zone *time.Location) string {
	if d.Year == clock.DayOf(now, zone).Year {
		return ""
	}
	return " " + strconv.Itoa(d.Year)
}

// Soon is When without the day on the same day: "à 9 h 05", "at 09:05".
func Soon(l Lang, t, now time.Time, zone *time.Location) string {
	if clock.DayOf(t, zone) == clock.DayOf(now, zone) {
		return pick(l, "à ", "at ") + Time(l, t, zone)
	}
	return When(l, t, now, zone)
}

// Since says for how long somebody has waited at now: "depuis 1 h 20", "waiting 1 h 20 min", then days, months, years.
func Since(l Lang, t, now time.Time) string {
	if !clock.Sayable(t) {
		return dash
	}
	return pick(l, "depuis ", "waiting ") + Duration(l, now.Sub(t))
}

// Duration writes a length of time, coarsely: "12 min", "1 h 20" (in English "1 h 20 min"), "3 jours", "4 mois", "2 ans".
func Duration(l Lang, d time.Duration) string {
	minutes := max(int(d/time.Minute), 1)
	days := minutes / (24 * 60)
	switch {
	case minutes < 60:
		return strconv.Itoa(minutes) + "\u00A0min"
	case days < 1 && minutes%60 == 0:
		return strconv.Itoa(minutes/60) + "\u00A0h"
	case days < 1:
		return fmt.Sprintf("%d\u00A0h\u00A0", minutes/60) + pick(l, fmt.Sprintf("%02d", minutes%60), strconv.Itoa(minutes%60)+"\u00A0min")
	case days < 60:
		return counted(l, days, "jour", "jours", "day", "days")
	case days < 730:
		return counted(l, days/30, "mois", "mois", "month", "months")
	}
	return counted(l, days/365, "an", "ans", "year", "years")
}

func counted(l Lang, n int, frOne, frOther, enOne, enOther string) string {
	word := pick(l, frOther, enOther)
	if n == 1 {
		word = pick(l, frOne, enOne)
	}
	return strconv.Itoa(n) + "\u00A0" + word
}

func pick(l Lang, fr, en string) string {
	if l.French() {
		return fr
	}
	return en
}
