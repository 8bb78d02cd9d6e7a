// Package api is the house for programs: JSON over HTTP under /api/v1, described by OpenAPI 3.1 at /api/openapi.json.
//
// It holds no rule. Each operation reads its input, calls the verb that the pages call too, and shows the outcome; so a
// program can do what the person whose token it carries can do, and nothing else. A read token is refused everything but
// GET.
//
// What every operation has in common:
//
//   - Input is strict: a property that nobody knows, or of the wrong kind, is a problem of that property (422). A PATCH
//     is a JSON Merge Patch (RFC 7396): an absent property stays as it is, null empties it.
//
//   - Identifiers are strings, instants RFC 3339 in UTC, civil days YYYY-MM-DD, money whole cents with its currency.
//
//   - A list is {"items": [...], "next_cursor": "..."|null} and takes limit (1 to 100, 20) and cursor.
//
//   - Whatever fails is a problem document (RFC 9457) with a stable code, the problems of the properties in errors, and
//     sentences in the language of the token's owner. A surprise gets a reference, which the log has too.
//
//   - A POST with an Idempotency-Key is done once: for seven days the same request gets the same answer, even when the
//     first one was cut off by a crash (idempotent.go says how). Without a key, a mandate, a person without an address, a call or an answer that
//     says the same as one of the last ten minutes is that one.
//
//   - A token may ask ten thousand times in a row, then a thousand times a second; who asks more gets 429 and when to come back.
//
// The package writes the table idempotent_answers. It emits and hears nothing. Each operation is a route of the one router,
// which knows who asks, limits, bounds, recovers and words what fails as it does for pages; huma describes the operations
// and reads their parameters.
package api
