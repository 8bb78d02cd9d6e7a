package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"

	"causerie/internal/platform/db"
)

// fillShapes rewrites what was stored as JSON under the names of Go fields ({"Post":…,"At":…}) under the names that are frozen
// since ({"post":…,"at":…}): the bodies of facts and of the jobs that wait.
func fillShapes(tx *db.Tx) error {
	for _, table := range []string{"facts", "jobs"} {
		read := db.Query{Name: "schema.shapes_read", SQL: `SELECT id, body FROM ` + table + ` WHERE id > $1 ORDER BY id LIMIT 500`}
		write := db.Query{Name: "schema.shapes_write", SQL: `UPDATE ` + table + ` SET body = $1 WHERE id = $2`}
		for after := int64(0); ; {
			type row struct {
				id   int64
				body string
			}
			rows, err := db.All(tx, read, func(r db.Row) (f row, err error) {
				err = r.Scan(&f.id, &f.body)
				return f, err
			}, after)
			if err != nil {
				return err
			}
			for _, f := range rows {
				after = f.id
				body, err := snakeKeys([]byte(f.body))
				if err != nil {
					return fmt.Errorf("%s %d: %w", table, f.id, err)
				}
				if string(body) == f.body {
					continue
				}
				if _, err := db.Exec(tx, write, string(body), f.id); err != nil {
					return err
				}
			}
			if len(rows) == 0 {
				break
			}
		}
	}
	return nil
}

// snakeKeys returns a JSON value with the keys of its objects in snake_case, at every depth.
func snakeKeys(value []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(renamed(tree))
}

func renamed(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, inner := range v {
			all[snakeCase(key)] = renamed(inner)
		}
		return all
	case []any:
		for i := range v {
			v[i] = renamed(v[i])
		}
	}
	return tree
}

// snakeCase writes PublishAt as publish_at and ID as id.
func snakeCase(s string) string {
	var b []rune
	lower := false // the rune before
	for _, r := range s {
		if unicode.IsUpper(r) && lower {
			b = append(b, '_')
		}
		lower = unicode.IsLower(r)
		b = append(b, unicode.ToLower(r))
	}
	return string(b)
}
