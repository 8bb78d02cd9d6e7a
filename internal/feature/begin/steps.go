package begin

import (
	"context"
	"slices"

	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// The steps of the first hour. Each stays on the list of an owner until it is done or put away.
const (
	Write    = "write"    // something is published
	Look     = "look"     // the main voice has a portrait
	Identity = "identity" // the law's questions are answered
	Open     = "open"     // strangers may read
	Mail     = "mail"     // answers leave
	Invite   = "invite"   // a second person may sign in
)

// Steps lists them in the order in which a new owner needs them.
func Steps() []string { return []string{Write, Look, Identity, Open, Mail, Invite} }

var settingAway = house.Setting[[]string]{Key: "begin.away", Check: func(away []string) error {
	if len(away) > len(Steps()) || slices.ContainsFunc(away, func(step string) bool { return !slices.Contains(Steps(), step) }) {
		return fault.NotFound("step")
	}
	return nil
}}

// AwayIn returns the steps that an owner put away.
func AwayIn(tx *db.Tx) ([]string, error) { return settingAway.GetIn(tx) }

// Checklist is what an owner has put away of the first hour.
type Checklist struct{ db *db.DB }

// NewChecklist returns the one kept in d.
func NewChecklist(d *db.DB) *Checklist { return &Checklist{d} }

// PutAway takes a step off the list, undone, or puts it back. Only an owner may. It is step.not_found for any other word.
func (c *Checklist) PutAway(ctx context.Context, by actor.Actor, step string, away bool) error {
	return c.db.Write(ctx, func(tx *db.Tx) error {
		now, err := settingAway.GetIn(tx)
		if err != nil {
			return err
		}
		now = slices.DeleteFunc(now, func(s string) bool { return s == step })
		if away {
			now = append(now, step)
		}
		return settingAway.SetIn(tx, by, now)
	})
}
