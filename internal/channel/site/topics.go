package site

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web/pagecache"
)

// The topics of public pages. A page declares what it shows; facts say what changed. The house and its voices stand on every
// page: what happens to them is pagecache.Site.
const (
	topicPosts = "posts" // which posts there are, and under which addresses
	// TopicSearch is what a search finds, which a job brings up to date after many posts have opened or closed.
	TopicSearch = "search"
)

// topicPost is a post itself: its words, its address, whether it is there.
func topicPost(id fact.PostID) string { return "post:" + id.String() }

// topicTalk is the conversation under a post: lists count it.
func topicTalk(id fact.PostID) string { return "talk:" + id.String() }

// topicBeside is the posts before and after a post, to which its page leads.
func topicBeside(id fact.PostID) string { return "beside:" + id.String() }

// topicVoice is the lists and feeds of a voice.
func topicVoice(id fact.VoiceID) string { return "voice:" + id.String() }

// topicAround is what stands around every page of a voice: the sections and standing pages of its navigation.
func topicAround(id fact.VoiceID) string { return "around:" + id.String() }

// manyPosts is how many posts of one fact are told apart. What changes more of them drops everything.
const manyPosts = 20

// listen has facts wake the topics of the pages that they change, in every process. What takes words from strangers'
// sight withdraws the pages that show them; after what adds or mends words, a page of before is served while a new one
// cannot be made.
func (h *Handler) listen() {
	site := []string{pagecache.Site}
	withdrawn := []string{pagecache.Withdrawn, pagecache.Site}
	wakes(h, func(fact.HouseSetUp) []string { return site })
	wakes(h, func(fact.HouseChanged) []string { return site })
	wakes(h, func(fact.HouseOpened) []string { return site })
	wakes(h, func(fact.HouseClosed) []string { return withdrawn })
	wakes(h, func(fact.VoiceCreated) []string { return site })
	wakes(h, func(fact.VoiceChanged) []string { return withdrawn })
	wakes(h, func(fact.VoiceMoved) []string { return withdrawn })
	wakes(h, func(fact.VoiceRemoved) []string { return withdrawn })
	wakes(h, func(fact.TermsChanged) []string { return site })
	wakes(h, func(fact.MediaChanged) []string { return withdrawn }) // somebody may take a picture back that should never have been shown
	wakes(h, func(f fact.PostsShown) []string { return postsChanged(f.Voice, f.Posts...) })
	wakes(h, func(f fact.PostsHidden) []string { return withdraw(postsChanged(f.Voice, f.Posts...)) })
	wakes(h, func(f fact.PostChanged) []string { return postsChanged(f.Voice, f.Post) })
	wakes(h, func(f fact.MessageReceived) []string {
		if f.State == "held" || f.State == "spam" {
			return nil
		}
		return talkChanged(f.Post)
	})
	wakes(h, func(f fact.MessageApproved) []string { return talkChanged(f.Post) })
	wakes(h, func(f fact.MessageRejected) []string { return withdraw(talkChanged(f.Post)) })
	wakes(h, func(f fact.MessageAnswered) []string { return talkChanged(f.Post) })
	wakes(h, func(fact.ContactErased) []string { return withdrawn }) // with all that they wrote
	wakes(h, func(f fact.AnswerChanged) []string { return withdraw(talkChanged(f.Post)) })
}

// wakes has facts of type F wake topics. They are also what the date of a feed goes by.
func wakes[F bus.Fact](h *Handler, topics func(f F) []string) {
	var zero F
	h.changes = append(h.changes, zero.Kind())
	bus.Project(h.o.Bus, "site", func(tx *db.Tx, _ bus.Event, f F) error { return h.o.Live.WakeIn(tx, topics(f)...) })
}

// withdraw returns topics as those of what may not be read any more.
func withdraw(topics []string) []string {
	if len(topics) == 0 {
		return nil
	}
	return append(topics, pagecache.Withdrawn)
}

func postsChanged(voice fact.VoiceID, posts ...fact.PostID) []string {
	if len(posts) > manyPosts {
		return []string{pagecache.Site}
	}
	topics := []string{topicPosts, topicVoice(voice)}
	for _, id := range posts {
		topics = append(topics, topicPost(id))
	}
	return topics
}

func talkChanged(post fact.PostID) []string {
	if post.IsZero() {
		return nil
	}
	return []string{topicTalk(post)}
}

// around remembers what stood around the pages of each voice when a post of it changed last.
type around struct {
	mu   sync.Mutex
	seen map[fact.VoiceID]string
}

// Touched returns the topics that follow from others which have just been woken: that a post has come beside its neighbours,
// and that of what stands around a voice, if the change shows there. app asks it in every process, after it
// has dropped the others. Where the database does not answer, all that may follow does.
func (h *Handler) Touched(ctx context.Context, topics []string) (more []string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if slices.Contains(topics, pagecache.Site) {
		return nil
	}
	for _, topic := range topics {
		kind, name, _ := strings.Cut(topic, ":")
		switch kind {
		case "post":
			if id, err := fact.Parse[fact.PostID](name); err == nil {
				more = append(more, h.neighbours(ctx, id)...)
			}
		case "voice":
			if id, err := fact.Parse[fact.VoiceID](name); err == nil && h.aroundChanged(ctx, id) {
				more = append(more, topicAround(id))
			}
		}
	}
	return more
}

// neighbours returns the topics of the posts before and after a post that strangers see.
func (h *Handler) neighbours(ctx context.Context, id fact.PostID) (topics []string) {
	err := h.o.DB.Read(ctx, func(tx *db.Tx) error {
		read := post.PublicReader()
		p, err := read.ByID(tx, id)
		if err != nil {
			return err
		}
		older, newer, err := read.Neighbours(tx, p)
		for _, n := range []*post.Public{older, newer} {
			if n != nil {
				topics = append(topics, topicBeside(n.ID))
			}
		}
		return err
	})
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return []string{pagecache.Site}
	}
	return topics // the pages that led to a post which went depend on it
}

// aroundChanged reports whether what stands around the pages of a voice is not what it was at the call before, or there
// was none.
func (h *Handler) aroundChanged(ctx context.Context, id fact.VoiceID) bool {
	h.around.mu.Lock()
	defer h.around.mu.Unlock()
	var now strings.Builder
	err := h.o.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := surroundOf(tx, post.PublicReader(), id)
		for _, section := range s.sections {
			now.WriteString(section.Slug + "\n" + section.Name + "\n")
		}
		for _, p := range s.pages {
			now.WriteString(p.Slug + "\n" + p.Title + "\n")
		}
		for _, e := range s.menu {
			now.WriteString(e.of + "\n")
		}
		return err
	})
	if err != nil {
		delete(h.around.seen, id)
		return true
	}
	was, known := h.around.seen[id]
	h.around.seen[id] = now.String()
	return !known || was != now.String()
}
