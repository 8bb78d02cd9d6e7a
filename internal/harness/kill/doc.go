// Package kill has the program killed at random instants while it writes and answers, and while a letter leaves: afterwards nothing that
// was acknowledged is missing, no mail left twice, nothing is stuck, and only what was under way is uncertain. Two processes on one
// database share the work, and do nothing twice.
package kill
