package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Table is one table of the schema as an archive sees it.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // the columns of its primary key
	Secret  Secret   // which of its rows stay behind
}

// Secret names rows that are sealed with a key that is not in the database: those with one of Values in Column. The
// zero Secret names none.
type Secret struct {
	Column string
	Values []string
}

// Column is one column with the token that its migration gives as its type: "id", "int", "bool", "text" or "bytes".
type Column struct {
	Name string
	Type string
}

// left are the tables that do not travel with a house, and why.
var left = map[string]string{
	"search_documents":   "rebuilt from the rows",
	"search_stems":       "rebuilt from the rows",
	"site_version":       "counts the writes of one database",
	"topic_changes":      "tells the processes on one database what changed this hour",
	"certificates":       "secrets, made anew for the new address",
	"sessions":           "who is signed in here",
	"password_resets":    "secrets that live for an hour",
	"idempotent_answers": "what this server answered lately",
}

// secrets are the rows that stay behind in tables that travel.
var secrets = map[string]Secret{
	"house_settings": {"key", []string{"relay"}},
}

// Tables returns the tables that carry a house from one database to another, those that others refer to first. A table
// made by a migration is among them unless the list above says why not: a new one cannot be forgotten in a backup.
func Tables() []Table {
	all := tables()
	return slices.DeleteFunc(all, func(t Table) bool { return left[t.Name] != "" })
}

var (
	comment    = regexp.MustCompile(`--[^\n]*`)
	statement  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)|ALTER TABLE (\w+) ADD COLUMN (\w+)\s+\{(\w+)\}|ALTER TABLE (\w+) (?:DROP COLUMN|RENAME COLUMN) (\w+)(?: TO (\w+))?`)
	onlyOne    = regexp.MustCompile(`(?ms)^-- only (sqlite|postgres)\n.*?^-- end\n`)
	column     = regexp.MustCompile(`(?m)^\t(\w+)\s+\{(\w+)\}([^\n]*)$`)
	primaryKey = regexp.MustCompile(`(?m)^\tPRIMARY KEY \(([^)]*)\)`)
)

// tables reads every table out of the migrations. They are written in one manner, one column a line; a test compares
// the outcome with what both engines made of them.
func tables() []Table {
	var all []Table
	for _, step := range All() {
		text := comment.ReplaceAllString(onlyOne.ReplaceAllString(step.SQL, ""), "")
		for _, m := range statement.FindAllStringSubmatch(text, -1) {
			if m[1] != "" {
				all = append(all, read(m[1], m[2]))
				continue
			}
			i := slices.IndexFunc(all, func(t Table) bool { return t.Name == m[3]+m[6] })
			if i < 0 {
				panic(fmt.Sprintf("schema: migration %d changes %s, which is not there", step.Number, m[3]+m[6]))
			}
			switch {
			case m[3] != "":
				all[i].Columns = append(all[i].Columns, Column{m[4], m[5]})
			case m[8] == "":
				all[i].Columns = slices.DeleteFunc(all[i].Columns, func(c Column) bool { return c.Name == m[7] })
			default:
				for k, c := range all[i].Columns {
					if c.Name == m[7] {
						all[i].Columns[k].Name = m[8]
					}
				}
			}
		}
	}
	return all
}

func read(name, body string) Table {
	t := Table{Name: name, Secret: secrets[name]}
	for _, m := range column.FindAllStringSubmatch(body, -1) {
		t.Columns = append(t.Columns, Column{m[1], m[2]})
		if strings.Contains(m[3], "PRIMARY KEY") {
			t.Key = []string{m[1]}
		}
	}
	if m := primaryKey.FindStringSubmatch(body); m != nil {
		t.Key = strings.Split(strings.ReplaceAll(m[1], " ", ""), ",")
	}
	return t
}
