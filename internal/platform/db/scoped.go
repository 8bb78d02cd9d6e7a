package db

import (
	"fmt"
	"regexp"

	"causerie/internal/platform/actor"
)

// Scoped is one question in two texts: for who sees every voice, and for who sees some.
type Scoped struct{ all, some Query }

// scopeToken is where the condition goes, with the column that holds the voice: {scope:m.voice_id}.
var scopeToken = regexp.MustCompile(`\{scope:(\+?[a-z_.]+)\}`)

// ScopedQ registers two queries of one text, which holds {scope:column} where the condition on the voice goes:
//
//	SELECT id FROM messages m WHERE {scope:m.voice_id} AND m.state = $1 ORDER BY m.at LIMIT CAST($2 AS BIGINT)
//
// The one called name has no condition; the one called name_of_voices has m.voice_id IN ({in}). Both are prepared by
// the test of queries, and both are texts that an index can be chosen for. Rows whose column is NULL belong to no
// voice: only who sees every voice sees them. Ask it with AllScoped.
func ScopedQ(name, text string) Scoped {
	if !scopeToken.MatchString(text) {
		panic(fmt.Sprintf("db: the query %s has no {scope:column}", name))
	}
	return Scoped{
		all:  register(name, scopeToken.ReplaceAllString(text, "TRUE")),
		some: register(name+"_of_voices", scopeToken.ReplaceAllString(text, "$1 IN ({in})")),
	}
}

// AllScoped is All for the rows that scope allows. An empty scope asks nothing and returns nil. All its voices go into
// one text, so that ORDER BY and LIMIT hold over all of them.
func AllScoped[T any](tx *Tx, q Scoped, scope actor.Scope, scan func(Row) (T, error), args ...any) ([]T, error) {
	switch {
	case scope.All:
		return All(tx, q.all, scan, args...)
	case len(scope.Voices) == 0:
		return nil, nil
	}
	text, with := expand(q.some.SQL, scope.Voices, args)
	return all(tx, q.some, text, len(scope.Voices) <= manyKeys, scan, with)
}
