package db

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	inserted    = regexp.MustCompile(`(?is)(?:INSERT\s+INTO|WITH)\s+\w+\s*\(([^)]*)\)`)
)

// Check prepares q on the engine without running it, so that a wrong column or a wrong word is found by a test and not by
// a reader. A query named for one engine ("postgres.fulltext.put") is left alone on the other.
func (d *DB) Check(ctx context.Context, q Query) error {
	if name, _, _ := strings.Cut(q.Name, "."); (name == "sqlite" || name == "postgres") && name != d.engine.String() {
		return nil
	}
	text := q.SQL
	if strings.Contains(text, "{in}") {
		last := 0
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			last = max(last, n)
		}
		text = strings.ReplaceAll(text, "{in}", fmt.Sprintf("$%d", last+1))
	}
	if strings.Contains(text, "{rows}") {
		m := inserted.FindStringSubmatch(text)
		if m == nil {
			return fmt.Errorf("%s: {rows} without INSERT INTO table (columns) or WITH name (columns)", q.Name)
		}
		row := make([]string, strings.Count(m[1], ",")+1)
		for i := range row {
			row[i] = fmt.Sprintf("$%d", i+1)
		}
		text = strings.ReplaceAll(text, "{rows}", "("+strings.Join(row, ",")+")")
	}
	s, err := d.write.PrepareContext(ctx, text)
	if err != nil {
		return fmt.Errorf("%s does not prepare on %v: %w", q.Name, d.engine, err)
	}
	return s.Close()
}
