package site

import (
	"net/http"

	"causerie/internal/channel/site/feed"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/protocol/feedxml"
)

// listFeed finds the feed of the list that q chooses. name is the list's, "" for all that a voice says.
func (h *Handler) listFeed(tx *db.Tx, r *web.Request, f *frame, a address, q post.Query, name string) (answer, error) {
	q.Limit, q.Zone = feed.Entries, r.Zone()
	if len(q.Kinds) == 0 {
		q.Kinds = post.KindNames(post.InFeeds)
	}
	posts, _, err := f.read.List(tx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]fact.PostID, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
		r.DependsOn(topicPost(p.ID), topicTalk(p.ID))
	}
	r.DependsOn(topicVoice(q.Voice))
	counts, err := h.o.Talk.CountsByPostIn(tx, ids)
	if err != nil {
		return nil, err
	}
	l := feed.List{
		Voice: f.voice, Title: f.voice.Name, Description: text.Typeset(f.voice.Lang, text.Opening(f.voice.Bio, 2000)), Lang: f.voice.Lang,
		Home: f.places.URL(f.voice.ID, a.page()), Self: f.places.FeedURL(f.voice.ID, a.path()), VoiceURL: f.places.URL(f.voice.ID, "/"),
		Posts: posts, Comments: map[int64]int{}, House: f.places.House,
		ID:           feed.VoiceID(f.voice) + a.page(),
		CommentsFeed: func(p post.Public) string { return f.places.FeedURL(p.Voice, post.Path(p)+"/"+a.feed.File()) },
		Address:      func(p post.Public) string { return f.absolute(f.postLink(p)) },
	}
	if name != "" {
		l.Title, l.Description = f.voice.Name+" · "+name, r.T("site.list_of", name, f.voice.Name)
	}
	for id, n := range counts {
		l.Comments[int64(id)] = n
	}
	if p := f.picture(); p != "" {
		l.Portrait = f.places.House(p)
	}
	return h.write(tx, a.feed, feed.Of(l))
}

// commentFeed finds the feed of the conversation under p.
func (h *Handler) commentFeed(tx *db.Tx, r *web.Request, f *frame, a address, p post.Public) (answer, error) {
	r.DependsOn(topicPost(p.ID), topicTalk(p.ID))
	thread, err := h.o.Talk.ThreadIn(tx, p.ID)
	if err != nil {
		return nil, err
	}
	setLang(r, p.Lang)
	return h.write(tx, a.feed, feed.OfThread(feed.Thread{
		Title: r.T("site.talk_about", p.Label()), Lang: p.Lang, ID: feed.ThreadID(p),
		Home: f.places.URL(f.voice.ID, a.page()), Self: f.places.FeedURL(f.voice.ID, a.path()), Said: thread,
	}))
}

// write answers with a feed. Its date is that of the last change of anything public: what goes leaves no date of its own.
func (h *Handler) write(tx *db.Tx, format feed.Format, x feedxml.Feed) (answer, error) {
	changed, err := bus.LastIn(tx, h.changes...)
	return func(w http.ResponseWriter, r *web.Request) error {
		return feed.Serve(w, r, format, x, &h.dates, changed)
	}, err
}
