package roster

import (
	"cmp"
	"slices"
)

// Report is what an import did or, of a dry run, would do.
type Report struct {
	File      string   `json:"file"`
	Program   string   `json:"program"` // that wrote the file, "" for one that is not known
	DryRun    bool     `json:"dry_run"`
	Rows      int      `json:"rows"`      // read
	Created   int      `json:"created"`   // people who are new
	Completed int      `json:"completed"` // who were known, and of whom something is known besides
	Already   int      `json:"already"`   // who were known, with all that the row says
	Twice     int      `json:"twice"`     // rows about somebody of a row before
	Refused   int      `json:"refused"`   // rows
	Consents  int      `json:"consents"`  // rows of the ledger by which one may write
	Withdrawn int      `json:"withdrawn"` // and those by which one may not
	Notes     []Remark `json:"notes"`
	Reasons   []Remark `json:"reasons"` // why rows were refused; Code is <field>.<code>
}

// Remark is something to know, with the first lines of the file that it is about.
type Remark struct {
	Code  string `json:"code"` // "namesake": roster.note.<code>
	Count int    `json:"count"`
	Lines []int  `json:"lines"`
}

// fewLines is how many lines a note names.
const fewLines = 20

func note(to *[]Remark, code string, n int, lines ...int) {
	i := slices.IndexFunc(*to, func(x Remark) bool { return x.Code == code })
	if i < 0 {
		i, *to = len(*to), append(*to, Remark{Code: code, Lines: []int{}})
	}
	at := &(*to)[i]
	at.Count += n
	at.Lines = append(at.Lines, lines[:max(0, min(len(lines), fewLines-len(at.Lines)))]...)
}

func (r *Report) note(code string, line int) { note(&r.Notes, code, 1, line) }

func (r *Report) refuse(x Refusal) {
	r.Refused++
	note(&r.Reasons, cmp.Or(x.Field, "row")+"."+x.Code, 1, x.Line)
}

// add adds what a slice did.
func (r *Report) add(s Report) {
	r.Created, r.Completed, r.Already, r.Twice = r.Created+s.Created, r.Completed+s.Completed, r.Already+s.Already, r.Twice+s.Twice
	r.Consents, r.Withdrawn = r.Consents+s.Consents, r.Withdrawn+s.Withdrawn
	for _, n := range s.Notes {
		note(&r.Notes, n.Code, n.Count, n.Lines...)
	}
}

// origin is where people came from when nobody says it.
func (r *Report) origin() string {
	if r.Program == "" || r.File == "" {
		return cmp.Or(r.Program, r.File)
	}
	return r.Program + ", " + r.File
}
