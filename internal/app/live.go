package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"causerie/internal/channel/site"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/live"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

// topicInbox is the topic of the work side: what waits for somebody changed.
const topicInbox = "inbox"

// topicDesk is that of the writing pages of a post that are open.
func topicDesk(id fact.PostID) string { return "desk:" + id.String() }

// ofWork reports whether a topic is of the work side: no page of strangers shows it.
func ofWork(topic string) bool { return topic == topicInbox || strings.HasPrefix(topic, "desk:") }

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

// changed follows what was woken, here or in another process: the pages that show what changed are dropped at once, and
// again when the house has been read again, since some may have been made with the house as it was.
func (a *App) changed(ctx context.Context, public *site.Handler, topics []string) {
	topics = slices.DeleteFunc(slices.Clone(topics), ofWork)
	if slices.Contains(topics, live.Everything) {
		topics = []string{pagecache.Withdrawn, pagecache.Site}
	}
	ctx = context.WithoutCancel(ctx)
	a.Cache.Drop(topics...)
	if slices.Contains(topics, pagecache.Site) {
		a.readAgain(ctx)
		a.Cache.Drop(topics...)
		return
	}
	also := public.Touched(ctx, topics)
	if len(also) > 0 && slices.Contains(topics, pagecache.Withdrawn) {
		also = append(also, pagecache.Withdrawn)
	}
	a.Cache.Drop(also...)
}

// readAgain reads the house again. When that fails it is logged, once, and tried until it succeeds by keepReading.
func (a *App) readAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := a.refresh(ctx)
	if was := a.stale.Swap(err != nil); err != nil && !was {
		a.Config.Log.WarnContext(ctx, "the house was not read again after it changed", "error", err)
	}
}

// keepReading reads the house until it is known as it is, whenever it is not, until ctx ends.
func (a *App) keepReading(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if !a.stale.Load() {
				continue
			}
			if a.readAgain(ctx); !a.stale.Load() {
				a.Cache.Drop(pagecache.Site) // pages were made with the house as it was
			}
		}
	}
}

// liveRoutes are the streams of the work side.
func (a *App) liveRoutes() []web.Route {
	return []web.Route{{Pattern: "GET /app/live", Access: web.SignedIn, Stream: true, Handle: a.live}}
}

// live streams what the rail counts, of the voices of who asks, as it changes. The writing page of a post names it (post): then the
// number "desk" is another one each time that it should look again.
func (a *App) live(w http.ResponseWriter, r *web.Request) error {
	topics := []string{topicInbox}
	written, err := fact.Parse[fact.PostID](r.URL.Query().Get("post"))
	if err == nil {
		topics = append(topics, topicDesk(written))
	}
	wake := a.Live.Watch(r.Context(), topics...)
	return r.Stream(w, wake, func(ctx context.Context) (web.Event, error) {
		counts, held := map[string]int{}, false
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			if !written.IsZero() {
				mark, err := a.Posts.DeskMarkIn(tx, r.Actor(), written)
				if fault.Is(err, fault.KindUnavailable) {
					return err
				}
				counts["desk"] = mark // 0 for who may not write there
			}
			return a.waiting(tx, r.Actor(), counts, &held)
		})
		return web.Event{Name: "counts", Data: counts}, err
	})
}
