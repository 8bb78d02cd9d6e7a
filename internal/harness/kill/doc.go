// Package kill holds one test: the program is killed at random instants while it writes and answers, and afterwards
// nothing that was acknowledged is missing, no mail left twice, and nothing is stuck.
package kill
