// Package outage holds one test: PostgreSQL is stopped under a house that is being read, and started again.
package outage
