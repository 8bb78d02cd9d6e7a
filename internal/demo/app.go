package demo

import (
	"context"
	"errors"
	"time"

	"causerie/internal/app"
	"causerie/internal/fact"
)

// Build makes the sample house in an open application whose database is empty, with now as its present. The clock of
// the application must be a Movable: a *Clock for a demo, a *clock.Manual for a test.
func Build(ctx context.Context, a *app.App, now time.Time) (*Contents, error) {
	return BuildInto(ctx, Services{
		DB: a.DB, Begin: a.Begin, House: a.House, Accounts: a.Accounts, Voices: a.Voices, Blobs: a.Blobs, Posts: a.Posts, Contacts: a.Contacts,
		Inbox: a.Inbox, Mandates: a.Mandates, Consents: a.Consents, Subscriptions: a.Subscriptions, Letters: a.Newsletter, Silences: a.Silences, Segments: a.Segments, Deliveries: a.Deliveries,
		Tell: func(ctx context.Context, request fact.MessageID) error {
			return errors.Join(a.Mailbox.Receive(ctx, request), a.Notices.Tell(ctx))
		},
	}, now)
}
