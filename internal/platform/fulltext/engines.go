package fulltext

import (
	"strconv"
	"strings"

	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// The texts of this file are for one engine each: the test that prepares every query on both knows them by the
// names "sqlite.fulltext..." and "postgres.fulltext...".

type sqlite struct{}

var (
	qLitePut    = db.Q("sqlite.fulltext.put", `INSERT INTO search_stems (rowid, space, title, body) VALUES ($1, $2, $3, $4)`)
	qLiteMany   = db.Q("sqlite.fulltext.put_many", `INSERT INTO search_stems (rowid, space, title, body) VALUES {rows}`)
	qLiteDrop   = db.Q("sqlite.fulltext.drop", `DELETE FROM search_stems WHERE rowid = $1`)
	qLiteSearch = db.Q("sqlite.fulltext.search", `
		SELECT d.ref
		  FROM search_stems s
		  JOIN search_documents d ON d.id = s.rowid
		 WHERE search_stems MATCH $1
		 ORDER BY bm25(search_stems, 0, 1000, 1), d.at DESC, d.id DESC
		 LIMIT CAST($2 AS BIGINT) OFFSET $3`)
)

func (sqlite) put(tx *db.Tx, row int64, space, title, body string) error {
	_, err := db.Exec(tx, qLitePut, row, spaceWord(space), title, body)
	return err
}

func (sqlite) putMany(tx *db.Tx, space string, all []stem) error {
	values := make([]any, 0, 4*len(all))
	for _, s := range all {
		values = append(values, s.row, spaceWord(space), s.title, s.body)
	}
	return db.Insert(tx, qLiteMany, 4, values)
}

func (sqlite) drop(tx *db.Tx, row int64) error {
	_, err := db.Exec(tx, qLiteDrop, row)
	return err
}

func (sqlite) search(tx *db.Tx, space string, readings [][]text.Term, limit, offset int) ([]Hit, error) {
	quote := func(form string) string { return `"` + strings.ReplaceAll(form, `"`, `""`) + `"` } // an FTS5 string: no operator hides in it
	words := writer{quote: quote, and: " AND ", or: " OR ", next: "+", prefix: "*"}
	match := `space : "` + spaceWord(space) + `" AND {title body} : ` + words.query(readings)
	return db.All(tx, qLiteSearch, scanHit, match, limit, offset)
}

// spaceWord makes a token that no text contains, so that a space can stand in the index beside its documents.
func spaceWord(space string) string { return "xx" + space + "xx" }

type postgres struct{}

var (
	qPgPut = db.Q("postgres.fulltext.put", `
		INSERT INTO search_stems (id, stems)
		VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || to_tsvector('simple', $3) || to_tsvector('simple', $4))`)
	qPgMany = db.Q("postgres.fulltext.put_many", `
		WITH said (id, title, body, space) AS (VALUES {rows})
		INSERT INTO search_stems (id, stems)
		SELECT CAST(id AS BIGINT), setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', body) || to_tsvector('simple', space) FROM said`)
	qPgDrop   = db.Q("postgres.fulltext.drop", `DELETE FROM search_stems WHERE id = $1`)
	qPgSearch = db.Q("postgres.fulltext.search", `
		SELECT d.ref
		  FROM search_stems s
		  JOIN search_documents d ON d.id = s.id
		 WHERE s.stems @@ to_tsquery('simple', $1)
		 ORDER BY ts_rank(s.stems, to_tsquery('simple', $2)) DESC, d.at DESC, d.id DESC
		 LIMIT CAST($3 AS BIGINT) OFFSET $4`)
)

func (postgres) put(tx *db.Tx, row int64, space, title, body string) error {
	_, err := db.Exec(tx, qPgPut, row, title, body, spaceWord(space))
	return err
}

func (postgres) putMany(tx *db.Tx, space string, all []stem) error {
	values := make([]any, 0, 4*len(all))
	for _, s := range all {
		values = append(values, strconv.FormatInt(s.row, 10), s.title, s.body, spaceWord(space))
	}
	return db.Insert(tx, qPgMany, 4, values)
}

func (postgres) drop(tx *db.Tx, row int64) error {
	_, err := db.Exec(tx, qPgDrop, row)
	return err
}

func (postgres) search(tx *db.Tx, space string, readings [][]text.Term, limit, offset int) ([]Hit, error) {
	escape := strings.NewReplacer("'", "''", `\`, `\\`)
	quote := func(form string) string { return "'" + escape.Replace(form) + "'" } // a quoted lexeme of tsquery
	words := writer{quote: quote, and: " & ", or: " | ", next: " <-> ", prefix: ":*"}.query(readings)
	// The rank is of the words alone: to PostgreSQL, what stands near the word of the space would be worth more.
	return db.All(tx, qPgSearch, scanHit, "'"+spaceWord(space)+"' & "+words, words, limit, offset)
}

// writer writes what an engine matches, in its signs.
type writer struct {
	quote                 func(string) string
	and, or, next, prefix string
}

// query is one of the readings, of which every term.
func (w writer) query(readings [][]text.Term) string {
	ways := make([]string, len(readings))
	for i, terms := range readings {
		ways[i] = w.terms(terms)
	}
	return "(" + strings.Join(ways, w.or) + ")"
}

func (w writer) terms(terms []text.Term) string {
	all := make([]string, len(terms))
	for i, t := range terms {
		all[i] = w.term(t)
	}
	return "(" + strings.Join(all, w.and) + ")"
}

func (w writer) term(t text.Term) string {
	var ways []string
	for _, form := range t.Forms {
		form = w.quote(form)
		if t.Open {
			form += w.prefix
		}
		ways = append(ways, form)
	}
	for _, form := range t.Whole {
		ways = append(ways, w.quote(form))
	}
	if len(t.Parts) > 0 {
		ways = append(ways, w.terms(t.Parts))
	}
	if len(t.Order) > 0 {
		words := make([]string, len(t.Order))
		for i, form := range t.Order {
			words[i] = w.quote(form)
		}
		ways = append(ways, "("+strings.Join(words, w.next)+")")
	}
	return "(" + strings.Join(ways, w.or) + ")"
}
