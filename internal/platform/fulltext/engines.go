package fulltext

import (
	"strings"

	"causerie/internal/platform/db"
)

// The texts of this file are for one engine each: the test that prepares every query on both knows them by the
// names "sqlite.fulltext..." and "postgres.fulltext...".

type sqlite struct{}

var (
	qLitePut    = db.Q("sqlite.fulltext.put", `INSERT INTO search_stems (rowid, space, title, body) VALUES ($1, $2, $3, $4)`)
	qLiteDrop   = db.Q("sqlite.fulltext.drop", `DELETE FROM search_stems WHERE rowid = $1`)
	qLiteSearch = db.Q("sqlite.fulltext.search", `
		SELECT d.ref
		  FROM search_stems s
		  JOIN search_documents d ON d.id = s.rowid
		 WHERE search_stems MATCH $1
		 ORDER BY bm25(search_stems, 0, 4, 1), d.at DESC, d.id DESC
		 LIMIT CAST($2 AS BIGINT) OFFSET $3`)
)

func (sqlite) put(tx *db.Tx, row int64, space, title, body string) error {
	_, err := db.Exec(tx, qLitePut, row, spaceWord(space), title, body)
	return err
}

func (sqlite) drop(tx *db.Tx, row int64) error {
	_, err := db.Exec(tx, qLiteDrop, row)
	return err
}

func (sqlite) search(tx *db.Tx, space string, readings [][]string, limit, offset int) ([]Hit, error) {
	var ways []string
	for _, words := range readings {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"` // an FTS5 string: no operator hides in it
		}
		ways = append(ways, "("+strings.Join(quoted, " AND ")+"*)")
	}
	match := `space : "` + spaceWord(space) + `" AND {title body} : (` + strings.Join(ways, " OR ") + ")"
	return db.All(tx, qLiteSearch, scanHit, match, limit, offset)
}

// spaceWord makes a token that no text contains, so that a space can stand in the index beside its documents.
func spaceWord(space string) string { return "xx" + space + "xx" }

type postgres struct{}

var (
	qPgPut = db.Q("postgres.fulltext.put", `
		INSERT INTO search_stems (id, stems)
		VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || to_tsvector('simple', $3) || to_tsvector('simple', $4))`)
	qPgDrop   = db.Q("postgres.fulltext.drop", `DELETE FROM search_stems WHERE id = $1`)
	qPgSearch = db.Q("postgres.fulltext.search", `
		SELECT d.ref
		  FROM search_stems s
		  JOIN search_documents d ON d.id = s.id
		 WHERE s.stems @@ to_tsquery('simple', $1)
		 ORDER BY ts_rank(s.stems, to_tsquery('simple', $1)) DESC, d.at DESC, d.id DESC
		 LIMIT CAST($2 AS BIGINT) OFFSET $3`)
)

func (postgres) put(tx *db.Tx, row int64, space, title, body string) error {
	_, err := db.Exec(tx, qPgPut, row, title, body, spaceWord(space))
	return err
}

func (postgres) drop(tx *db.Tx, row int64) error {
	_, err := db.Exec(tx, qPgDrop, row)
	return err
}

func (postgres) search(tx *db.Tx, space string, readings [][]string, limit, offset int) ([]Hit, error) {
	var ways []string
	for _, words := range readings {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(w) + "'" // a quoted lexeme of tsquery
		}
		ways = append(ways, "("+strings.Join(quoted, " & ")+":*)")
	}
	match := "'" + spaceWord(space) + "' & (" + strings.Join(ways, " | ") + ")"
	return db.All(tx, qPgSearch, scanHit, match, limit, offset)
}
