package schema

import (
	"context"

	"causerie/internal/platform/db"
)

// Table is one table of the schema as an archive sees it.
type Table struct {
	db.Table
	Stays  string // why its rows do not travel with a house; "" when they do
	Secret Secret // which of its rows stay behind all the same
}

// Secret names rows that are sealed with a key that is not in the database, or speak of one server or database: those with one of Values in
// Column. The zero Secret names none.
type Secret struct {
	Column string
	Values []string
}

// stays are the tables that do not travel with a house, and why, by every name that they ever had.
var stays = map[string]string{
	"schema_migrations":  "made by migrating",
	"search_documents":   "rebuilt from the rows",
	"site_version":       "counted the writes of one database, in schemas before topic_changes",
	"topic_changes":      "tells the processes on one database what changed this hour",
	"certificates":       "secrets, made anew for the new address",
	"sessions":           "who is signed in here",
	"password_resets":    "secrets that live for an hour",
	"tries":              "who knocked here lately",
	"post_desks":         "which pages are open on this server this minute",
	"known_devices":      "the browsers in which people signed in here",
	"form_keys":          "which forms this server took today",
	"idempotent_answers": "what this server answered lately",
	"relays":             "how this server sends mail, sealed with its key",
	"relay_batches":      "what this server sent in the last day",
	"signing_keys":       "sealed with a key that is not in the database, and published for this server",
	"job_gates":          "has those who hold and those who pass wait for each other, on one database",
	"media_gone":         "what this server is still to remove from its disk",
}

// secrets are the rows that stay behind in tables that travel.
var secrets = map[string]Secret{
	"house_settings": {"key", []string{"relay", "relay.trial", "mail.report", "mail.blame", "typeset"}},
}

// Tables returns the tables that stand after steps, the first n of All, those that others refer to first. A table travels with a
// house from one database to another unless the list above says why not: a new one cannot be forgotten in a backup.
func Tables(ctx context.Context, steps []db.Migration) ([]Table, error) {
	made, err := db.TablesOf(ctx, steps)
	if err != nil {
		return nil, err
	}
	all := make([]Table, len(made))
	for i, t := range made {
		all[i] = Table{t, stays[t.Name], secrets[t.Name]}
	}
	return all, nil
}
