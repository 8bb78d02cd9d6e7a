package app

import (
	"context"
	"time"

	"causerie/internal/api"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/formkey"
	"causerie/internal/platform/queue"
)

// retain has what was kept long enough removed each night, by those who keep it: docs/retention.md says what and how long. Posts,
// files and deliveries see to themselves, with jobs of their own.
func (a *App) retain() {
	a.nightly("queue.prune", func(ctx context.Context) (int64, error) { return a.Queue.Prune(ctx) })
	a.nightly("fact.prune", func(ctx context.Context) (int64, error) { return bus.Prune(ctx, a.DB, fact.Keep) })
	a.nightly("account.prune", a.Accounts.Prune)
	a.nightly("answer.prune", func(ctx context.Context) (int64, error) { return api.Prune(ctx, a.DB) })
	a.nightly("form_key.prune", formkey.New(a.DB).Prune)
	a.nightly("mandate.prune", a.Mandates.Prune)
	a.nightly("notice.prune", a.Notices.Prune)
	a.nightly("import.prune", a.Roster.Prune)
	a.nightly("inbox.prune", func(ctx context.Context) (int64, error) {
		n, err := a.Inbox.Prune(ctx)
		return int64(n), err
	})
}

// nightly runs prune each night at three (UTC).
func (a *App) nightly(kind string, prune func(ctx context.Context) (int64, error)) {
	queue.Handle(a.Queue, kind, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error {
		n, err := prune(ctx)
		if n > 0 && a.Config.Log != nil {
			a.Config.Log.InfoContext(ctx, "pruned", "job", kind, "rows", n)
		}
		return err
	})
	a.Queue.Every(kind, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(27 * time.Hour) }, kind)
}
