// Package app is wiring only: it opens the database, builds the services, lists who listens and which jobs run, mounts
// the pages, and runs it all until it is told to stop. It is the one place that sees everything, and holds no rule.
package app
