package app

import (
	"context"
	"runtime"

	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web/pagecache"
)

// The HTML of posts and messages is kept, since it is read a thousand times more often than it is made. It is made anew when
// the renderer learned something (text.Version), and after a restore, which believes no archive: then there is no note of who
// made it, and whoever serves the house next makes it, should the restore itself not have come so far.

const typesetJob = "text.typeset"

// Typeset sets every text anew, on all cores.
func (a *App) Typeset(ctx context.Context) error { return a.typeset(ctx, runtime.GOMAXPROCS(0)) }

func (a *App) typeset(ctx context.Context, workers int) error {
	posts, err := a.Posts.Typeset(ctx, workers)
	if err != nil {
		return err
	}
	messages, err := a.Inbox.Typeset(ctx)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if posts || messages {
			if err := a.Live.WakeIn(tx, pagecache.Site); err != nil {
				return err
			}
		}
		return house.TypesetBy.SetIn(tx, actor.System(), text.Version)
	})
}

// oweTypeset puts the job that does it, when it was not done by a renderer as young as this one.
func (a *App) oweTypeset(ctx context.Context) error {
	by := 0
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		by, err = house.TypesetBy.GetIn(tx)
		return err
	})
	if err != nil || by >= text.Version {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := a.Queue.Enqueue(tx, typesetJob, struct{}{}, queue.Put{Key: typesetJob})
		return err
	})
}

// typesetDue leaves the readers of a house that is open what they need of the processor. What folds words for the search is part of
// the renderer, so they are indexed anew too.
func (a *App) typesetDue(ctx context.Context, _ queue.Job, _ struct{}) error {
	if err := a.typeset(ctx, 0); err != nil {
		return err
	}
	return a.RebuildSearch(ctx)
}
