package maildoctor

import "time"

// Report is what was found.
type Report struct {
	At       time.Time `json:"at"` // zero when nobody has looked yet
	Findings []Finding `json:"findings"`
}

// Levels of a Finding.
const (
	Well  = "well"
	Note  = "note"
	Wrong = "wrong"
)

// Finding is one thing looked at, whose words are maildoctor.<What>.<Verdict> with Args.
type Finding struct {
	About   string   `json:"about"` // the domain, or the relay
	What    string   `json:"what"`  // "spf", "dkim"...
	Verdict string   `json:"verdict"`
	Level   string   `json:"level"`
	Args    []string `json:"args,omitempty"`
	Is      string   `json:"is,omitempty"`    // what is published, "" for nothing
	Paste   []Record `json:"paste,omitempty"` // what to publish
}

// Record is a record to publish.
type Record struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Key is the key of the words.
func (f Finding) Key() string { return "maildoctor." + f.What + "." + f.Verdict }

// Wrongs counts what is wrong.
func (r Report) Wrongs() (n int) {
	for _, f := range r.Findings {
		if f.Level == Wrong {
			n++
		}
	}
	return n
}

// Says is a finding in the words of t.
func Says(t func(key string, args ...any) string, f Finding) string {
	var args []any
	for _, a := range f.Args {
		if f.What == "relay" {
			a = t("delivery.reason." + a)
		}
		args = append(args, a)
	}
	return t(f.Key(), args...)
}
