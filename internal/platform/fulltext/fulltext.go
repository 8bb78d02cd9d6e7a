// Package fulltext finds documents by their words, alike on both engines.
//
// Words are cut, stemmed and folded in Go (text.Tokens), for the document and for the query, in the document's
// language; the engine only stores and matches stems: an FTS5 table without content on SQLite, a tsvector with a GIN
// index on PostgreSQL. So « délais » and « delais » find « délai » on both, and neither needs a dictionary of its own. A query has
// several readings (text.Readings); a title that holds its words comes before any text that does.
//
// Documents live in spaces ("public", "work") that never see each other: what the public may find is put in one space
// by whoever decides what is public, and a search in it cannot return anything else.
package fulltext

import (
	"context"
	"strings"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
	"causerie/internal/platform/text"
)

// Document is what is put into a space. A second Put with the same Space and Ref replaces the first.
type Document struct {
	Space string
	Ref   int64 // the id of the row that it stands for
	Lang  string
	Title string
	Body  string
	At    time.Time // newest first among equals
}

// Hit is a document found.
type Hit struct {
	Ref int64
}

type mark struct{}

var (
	qRow = db.Q("fulltext.row", `
		INSERT INTO search_documents (id, space, ref, lang, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (space, ref) DO UPDATE SET lang = excluded.lang, at = excluded.at
		RETURNING id`)
	qFind = db.Q("fulltext.document", `SELECT id FROM search_documents WHERE space = $1 AND ref = $2`)
	qDrop = db.Q("fulltext.drop", `DELETE FROM search_documents WHERE id = $1`)
	qSome = db.Q("fulltext.some", `SELECT id FROM search_documents WHERE space = $1 LIMIT CAST($2 AS BIGINT)`)

	qRows   = db.Q("fulltext.rows", `SELECT id FROM search_documents WHERE space = $1 AND ref IN ({in})`)
	qRowsIn = db.Q("fulltext.add_rows", `INSERT INTO search_documents (id, space, ref, lang, at) VALUES {rows}`)

	qDropSome = db.Q("fulltext.drop_some", `DELETE FROM search_documents WHERE id IN ({in})`)
)

// Put files doc in its space, and in others that are named. The words are cut and stemmed once for all of them.
func Put(tx *db.Tx, doc Document, others ...string) error {
	title := strings.Join(text.Tokens(doc.Lang, doc.Title), " ")
	body := strings.Join(text.Tokens(doc.Lang, doc.Body), " ")
	for _, space := range append([]string{doc.Space}, others...) {
		fresh := int64(id.New[mark](tx.Now()))
		row, err := db.One(tx, qRow, db.Scalar[int64], fresh, space, doc.Ref, doc.Lang, db.At(doc.At))
		if err != nil {
			return err
		}
		if row != fresh {
			if err := stemsOf(tx).drop(tx, row); err != nil {
				return err
			}
		}
		if err := stemsOf(tx).put(tx, row, space, title, body); err != nil {
			return err
		}
	}
	return nil
}

// PutMany is Put for documents of one space, each once in docs, in a few statements whatever their number.
func PutMany(tx *db.Tx, space string, docs []Document) error {
	refs, rows, stems := make([]int64, len(docs)), make([]any, 0, 5*len(docs)), make([]stem, len(docs))
	for i, doc := range docs {
		refs[i] = doc.Ref
		stems[i] = stem{int64(id.New[mark](tx.Now())), strings.Join(text.Tokens(doc.Lang, doc.Title), " "), strings.Join(text.Tokens(doc.Lang, doc.Body), " ")}
		rows = append(rows, stems[i].row, space, doc.Ref, doc.Lang, db.At(doc.At))
	}
	had, err := db.AllIn(tx, qRows, db.Scalar[int64], refs, space)
	if err != nil {
		return err
	}
	for _, row := range had {
		if err := stemsOf(tx).drop(tx, row); err != nil {
			return err
		}
	}
	if _, err := db.ExecIn(tx, qDropSome, had); err != nil {
		return err
	}
	if err := db.Insert(tx, qRowsIn, 5, rows); err != nil {
		return err
	}
	return stemsOf(tx).putMany(tx, space, stems)
}

// stem is the words of a row of search_documents, cut and stemmed.
type stem struct {
	row         int64
	title, body string
}

// Remove takes the document out of its space, if it is there.
func Remove(tx *db.Tx, space string, ref int64) error {
	row, found, err := db.Maybe(tx, qFind, db.Scalar[int64], space, ref)
	if err != nil || !found {
		return err
	}
	return drop(tx, row)
}

// Has reports whether a document is in a space.
func Has(tx *db.Tx, space string, ref int64) (bool, error) {
	_, found, err := db.Maybe(tx, qFind, db.Scalar[int64], space, ref)
	return found, err
}

// slice is how many documents Clear removes in one write, since others wait for SQLite's only writer.
const slice = 250

// Clear empties a space, for a rebuild, in writes of one slice each. It is not one transaction: a document that is put
// meanwhile may stay, or go and be put again by the rebuild.
func Clear(ctx context.Context, d *db.DB, space string) error {
	for {
		n := 0
		err := d.Write(ctx, func(tx *db.Tx) error {
			rows, err := db.All(tx, qSome, db.Scalar[int64], space, slice)
			n = len(rows)
			if err != nil || n == 0 {
				return err
			}
			for _, row := range rows {
				if err := stemsOf(tx).drop(tx, row); err != nil {
					return err
				}
			}
			_, err = db.ExecIn(tx, qDropSome, rows)
			return err
		})
		if err != nil || n < slice {
			return err
		}
	}
}

func drop(tx *db.Tx, row int64) error {
	if err := stemsOf(tx).drop(tx, row); err != nil {
		return err
	}
	_, err := db.Exec(tx, qDrop, row)
	return err
}

// Search returns the documents of space that hold every word of query, the best first, then the newest. The query is
// read in each language of langs, since a reader does not say which one they type. The last word may be unfinished, and what
// stands in quotation marks is a phrase. An empty query finds nothing.
func Search(tx *db.Tx, space string, langs []string, query string, limit, offset int) ([]Hit, error) {
	var readings [][]text.Term
	for _, lang := range langs {
		readings = append(readings, text.Readings(lang, bounded(query))...)
	}
	if len(readings) == 0 {
		return nil, nil
	}
	return stemsOf(tx).search(tx, space, readings, limit, offset)
}

func bounded(query string) string {
	if len(query) > 200 {
		return strings.ToValidUTF8(query[:200], "")
	}
	return query
}

// stems is what the engines do differently.
type stems interface {
	put(tx *db.Tx, row int64, space, title, body string) error // of a row that has none
	putMany(tx *db.Tx, space string, all []stem) error
	drop(tx *db.Tx, row int64) error
	search(tx *db.Tx, space string, readings [][]text.Term, limit, offset int) ([]Hit, error)
}

func stemsOf(tx *db.Tx) stems {
	if tx.Engine() == db.Postgres {
		return postgres{}
	}
	return sqlite{}
}

func scanHit(r db.Row) (h Hit, err error) {
	err = r.Scan(&h.Ref)
	return h, err
}
