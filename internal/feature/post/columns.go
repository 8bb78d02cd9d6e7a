package post

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// column is one column of posts: where a row is scanned to, and what is written from there.
type column struct {
	name string
	dest func(p *Post) any
	arg  func(p *Post) any
}

func plain[T any](name string, at func(p *Post) *T) column {
	return column{name, func(p *Post) any { return at(p) }, func(p *Post) any { return *at(p) }}
}

func instant(name string, at func(p *Post) *time.Time) column {
	return column{name, func(p *Post) any { return db.Time(at(p)) }, func(p *Post) any { return db.At(*at(p)) }}
}

// columnSet makes the texts and the scans of what reads and writes posts. Its order is that of every statement made of it.
type columnSet []column

// postColumns is every column of posts, the texts of fields.go among them. The first is the key.
var postColumns = append(columnSet{
	plain("id", func(p *Post) *fact.PostID { return &p.ID }),
	plain("voice_id", func(p *Post) *fact.VoiceID { return &p.Voice }),
	plain("author_id", func(p *Post) *fact.AccountID { return &p.Author }),
	plain("author_name", func(p *Post) *string { return &p.AuthorName }),
	plain("guid", func(p *Post) *string { return &p.GUID }),
	plain("status", func(p *Post) *string { return &p.Status }),
	plain("html", func(p *Post) *string { return &p.HTML }),
	plain("plain", func(p *Post) *string { return &p.Plain }),
	plain("words", func(p *Post) *int { return &p.Words }),
	plain("section_id", func(p *Post) *fact.SectionID { return &p.SectionID }),
	plain("cover_id", func(p *Post) *fact.MediaID { return &p.Cover }),
	plain("schedule", func(p *Post) *string { return &p.Schedule }),
	instant("publish_at", func(p *Post) *time.Time { return &p.PublishAt }),
	plain("let_go", func(p *Post) *bool { return &p.LetGo }),
	instant("published_at", func(p *Post) *time.Time { return &p.PublishedAt }),
	instant("created_at", func(p *Post) *time.Time { return &p.CreatedAt }),
	instant("updated_at", func(p *Post) *time.Time { return &p.UpdatedAt }),
	instant("deleted_at", func(p *Post) *time.Time { return &p.DeletedAt }),
	plain("version", func(p *Post) *int { return &p.Version }),
}, propertyColumns()...)

func propertyColumns() (all columnSet) {
	for _, one := range properties {
		all = append(all, plain(one.Name, func(p *Post) *string { return one.of(&p.Input) }))
	}
	return all
}

// without returns the set less some columns.
func (set columnSet) without(names ...string) columnSet {
	return slices.DeleteFunc(slices.Clone(set), func(c column) bool { return slices.Contains(names, c.name) })
}

// of is the columns as a SELECT of the table or alias t names them.
func (set columnSet) of(t string) string {
	names := make([]string, len(set))
	for i, c := range set {
		names[i] = t + "." + c.name
	}
	return strings.Join(names, ", ")
}

// insert is the INSERT of one row, whose values are args in the order of the set.
func (set columnSet) insert() string {
	names, values := make([]string, len(set)), make([]string, len(set))
	for i, c := range set {
		names[i], values[i] = c.name, fmt.Sprintf("$%d", i+1)
	}
	return "INSERT INTO posts (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")"
}

// update is the UPDATE of the row whose key is the first of args.
func (set columnSet) update() string {
	var sets []string
	for i, c := range set[1:] {
		sets = append(sets, fmt.Sprintf("%s = $%d", c.name, i+2))
	}
	return "UPDATE posts SET " + strings.Join(sets, ", ") + " WHERE " + set[0].name + " = $1"
}

// args are the values of p for insert and update.
func (set columnSet) args(p Post) []any {
	values := make([]any, len(set))
	for i, c := range set {
		values[i] = c.arg(&p)
	}
	return values
}

// scan reads a row of the set.
func (set columnSet) scan(r db.Row) (p Post, err error) {
	dest := make([]any, len(set))
	for i, c := range set {
		dest[i] = c.dest(&p)
	}
	err = r.Scan(dest...)
	return p, err
}
