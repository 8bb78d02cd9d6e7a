// Package today is the home of the work side: ten minutes' worth of what matters.
//
// What awaits an answer, the oldest first; what waits to be let through; whom to call; what goes out; what the month
// brought, in one sentence. And, until they are done or put away, the steps of the first hour (begin.Steps).
//
// It reads across every table, by indexes only: each query is bounded, so that the page costs the same at a hundred
// thousand messages. It writes nothing and hears nothing.
package today
