package app

import (
	"context"
	"net/http"

	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// The topics of the work side: what waits for somebody changed.
const (
	topicInbox      = "inbox"
	topicDeliveries = "deliveries"
)

// follow has the facts that change what waits wake those who show it.
func (a *App) follow() {
	wakes[fact.MessageReceived](a, topicInbox)
	wakes[fact.MessageApproved](a, topicInbox)
	wakes[fact.MessageRejected](a, topicInbox)
	wakes[fact.MessageAnswered](a, topicInbox)
	wakes[fact.MessageClosed](a, topicInbox)
}

// wakes has facts of type F wake topic.
func wakes[F bus.Fact](a *App, topic string) {
	bus.Project(a.Bus, "live", func(tx *db.Tx, _ bus.Event, _ F) error { return a.Live.WakeIn(tx, topic) })
}

// liveRoutes are the streams of the work side.
func (a *App) liveRoutes() []web.Route {
	return []web.Route{{Pattern: "GET /app/live", Access: web.SignedIn, Stream: true, Handle: a.live}}
}

// live streams what the rail counts, of the voices of who asks, as it changes.
func (a *App) live(w http.ResponseWriter, r *web.Request) error {
	wake := a.Live.Watch(r.Context(), topicInbox, topicDeliveries)
	return r.Stream(w, wake, func(ctx context.Context) (web.Event, error) {
		counts, held := map[string]int{}, false
		err := a.DB.Read(ctx, func(tx *db.Tx) error { return a.waiting(tx, r.Actor(), counts, &held) })
		return web.Event{Name: "counts", Data: counts}, err
	})
}
