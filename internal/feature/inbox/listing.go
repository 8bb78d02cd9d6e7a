package inbox

import (
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// listing is one shape of list in three texts: of every voice, of one, and of several. Of one voice there is an index in the
// order of the list. Of several there is none, and the + keeps both engines from sorting all that these voices were ever
// told: they walk the list of everybody and leave out the others'.
type listing struct {
	scoped db.Scoped
	one    db.Query
}

// list makes the listing whose parameters are $1, $2 (the cursor), $3 (the limit), then those of where, of which there are n.
func list(name, where, order string, n int) listing {
	text := `SELECT ` + columns + from + `WHERE m.direction = 'in' AND ` + where + ` AND `
	tail := ` ORDER BY ` + order + ` LIMIT CAST($3 AS BIGINT)`
	return listing{
		scoped: db.ScopedQ("message."+name, text+`{scope:+m.voice_id}`+tail),
		one:    db.Q("message."+name+"_of_voice", text+`m.voice_id = $`+string(rune('4'+n))+tail),
	}
}

func (l listing) read(tx *db.Tx, scope actor.Scope, args ...any) ([]Message, error) {
	if !scope.All && len(scope.Voices) == 1 {
		return db.All(tx, l.one, scan, append(args, scope.Voices[0])...)
	}
	return db.AllScoped(tx, l.scoped, scope, scan, args...)
}

const (
	newest = `m.at DESC, m.id DESC`
	before = `(m.at, m.id) < ($1, $2)` // a row value, so that deep pages cost no more than the first

	// some chooses a state and a kind among what is about one post or from one person; "" chooses none.
	some = `(CAST($5 AS TEXT) = '' OR m.state = $5) AND (CAST($6 AS TEXT) = '' OR m.kind = $6) AND `
)

var (
	lAll       = list("list", before, newest, 0)
	lState     = list("list_state", `m.state = $4 AND `+before, newest, 1)
	lKind      = list("list_kind", `m.kind = $4 AND `+before, newest, 1)
	lKindState = list("list_kind_state", `m.kind = $4 AND m.state = $5 AND `+before, newest, 2)
	lPost      = list("list_post", `m.post_id = $4 AND `+some+before, newest, 3)
	lContact   = list("list_contact", `m.contact_id = $4 AND `+some+`(CAST($7 AS BIGINT) IS NULL OR m.post_id = $7) AND `+before, newest, 4)
	lWaiting   = list("list_waiting", `m.state = 'open' AND (m.at, m.id) > ($1, $2)`, `m.at, m.id`, 0)

	qCounts = db.ScopedQ("message.counts", `
		SELECT (SELECT COUNT(*) FROM (
		         SELECT 1 FROM messages
		          WHERE direction = 'in' AND state IN ('open', 'held') AND state = 'open' AND {scope:voice_id} LIMIT 100) AS a),
		       (SELECT COUNT(*) FROM (
		         SELECT 1 FROM messages
		          WHERE direction = 'in' AND state IN ('open', 'held') AND state = 'held' AND {scope:voice_id} LIMIT 100) AS b)`)
)
