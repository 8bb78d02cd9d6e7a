package mailcheck

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// judgement is what mailauth says of a mail.
type judgement struct {
	Name  string
	DKIM  []struct{ Result, Aligned, Algorithm, Signed string }
	SPF   string
	DMARC string
}

// TestOthersBelieveWhoSends has mailauth look at what the relay was given, by the records of DNS that the house asks for.
func TestOthersBelieveWhoSends(t *testing.T) {
	wanted(t)
	h := everything(t)
	var ask struct {
		Records map[string][]string `json:"records"`
		Mails   []map[string]string `json:"mails"`
	}
	ask.Records = h.records
	for _, s := range h.longest() {
		ask.Mails = append(ask.Mails, map[string]string{"name": s.name(), "raw": encoded(s.Data), "sender": s.From, "ip": "192.0.2.25", "helo": "mail." + domain})
	}
	in, err := json.Marshal(ask)
	must(t, err)
	var judged []judgement
	must(t, json.Unmarshal(node(t, "auth.js", in), &judged))
	if len(judged) != len(ask.Mails) {
		t.Fatalf("%d of %d were judged", len(judged), len(ask.Mails))
	}
	for _, j := range judged {
		if len(j.DKIM) != 2 || j.SPF != "pass" || j.DMARC != "pass" {
			t.Errorf("%s: %+v", j.Name, j)
		}
		for _, d := range j.DKIM {
			signed := strings.Split(strings.ReplaceAll(d.Signed, " ", ""), ":")
			fields := []string{"from", "to", "subject", "date", "message-id", "reply-to"}
			if strings.HasPrefix(j.Name, "letter ") {
				fields = append(fields, "list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id")
			}
			for _, field := range fields {
				if !slices.Contains(signed, field) {
					t.Errorf("%s: %s is not signed (%s)", j.Name, field, d.Signed)
				}
			}
			if d.Result != "pass" {
				t.Errorf("%s: %+v", j.Name, d)
			}
		}
	}
}

// lacking are the features that a program does not have at all, with what its reader sees instead.
var lacking = map[string]string{
	"border-radius":   "corners are square",
	"@media":          "the program darkens mails itself, or its windows are wide",
	"overflow":        "mso-hide hides the preheader",
	"white-space":     "code runs on in lines",
	"role attribute":  "a screen reader hears of a table",
	"<style> element": "every style that counts is in its element",
	"<body> element":  "the ground is the outer table's too",
	"display:none":    "the preheader is read twice",
	"width property":  "the attribute says it too",
}

// TestEveryProgramDrawsTheLetter has caniemail look at what the letters are made of.
func TestEveryProgramDrawsTheLetter(t *testing.T) {
	wanted(t)
	pages := map[string]string{}
	for i, s := range letters(t) {
		pages[s.name()+strings.Repeat("'", i)] = s.Letter(t).HTML
	}
	in, err := json.Marshal(pages)
	must(t, err)
	var found []struct{ Name, Client, Feature string }
	must(t, json.Unmarshal(node(t, "clients.mjs", in), &found))
	for _, f := range found {
		if lacking[f.Feature] == "" {
			t.Errorf("%s: %s has no %s", f.Name, f.Client, f.Feature)
		}
	}
}
