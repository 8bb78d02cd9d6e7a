package post

import (
	"context"
	"errors"
	"slices"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/text"
)

// Options are what a Service needs; all but Labels.
type Options struct {
	DB     *db.DB
	Bus    *bus.Bus
	Queue  *queue.Queue
	House  *house.Service
	Voices *voice.Service
	Media  *media.Service
	// Labels are the words of the notes of a text, in its language, from the catalogs. nil leaves them out.
	Labels func(lang string) text.Labels
	// Indexed is told, in the transaction, that a search of strangers finds other posts than before, after the posts
	// themselves changed: what is kept of its answers is old. nil tells nobody.
	Indexed func(tx *db.Tx) error
	// Woken is told, in the transaction, that whoever has the writing page of a post open should look again (Sit). nil tells nobody.
	Woken func(tx *db.Tx, id fact.PostID) error
}

// Service is all that is done with posts.
type Service struct {
	db     *db.DB
	bus    *bus.Bus
	queue  *queue.Queue
	house  *house.Service
	voices *voice.Service
	media  *media.Service
	labels func(lang string) text.Labels
	// indexed is Options.Indexed.
	indexed func(tx *db.Tx) error
	// woken is Options.Woken.
	woken func(tx *db.Tx, id fact.PostID) error
	// slice is how many posts of a voice that opens or closes change in one write, so that SQLite's only writer is free
	// again after some milliseconds.
	slice int
}

// New returns the service and registers its projections and jobs. Call it once per bus and queue, before they run.
func New(o Options) *Service {
	s := &Service{db: o.DB, bus: o.Bus, queue: o.Queue, house: o.House, voices: o.Voices, media: o.Media, labels: o.Labels, indexed: o.Indexed, woken: o.Woken,
		slice: fact.MaxPosts}
	if s.labels == nil {
		s.labels = func(string) text.Labels { return text.Labels{} }
	}
	if s.indexed == nil {
		s.indexed = func(*db.Tx) error { return nil }
	}
	if s.woken == nil {
		s.woken = func(*db.Tx, fact.PostID) error { return nil }
	}
	s.voices.GuardSlugs(s.hasSlug)
	s.media.GuardFiles(inDraft)
	s.listen()
	return s
}

// write is db.Write for verbs that make slugs, sections and tags: when another writer made the same one at the same
// instant, the verb runs again and sees it.
func (s *Service) write(ctx context.Context, fn func(*db.Tx) error) error {
	err := s.db.Write(ctx, fn)
	for try := 0; try < 3 && db.IsUnique(err); try++ {
		err = s.db.Write(ctx, fn)
	}
	return err
}

// Create begins a post as a draft in a voice, by whoever may write in it.
func (s *Service) Create(ctx context.Context, by actor.Actor, in Input) (p Post, err error) {
	if in, err = s.Prepare(ctx, by, in); err != nil {
		return p, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		p, err = s.CreateIn(tx, by, in)
		return err
	})
	return p, err
}

// CreateOnce is Create, but the same words once more by the same account within ten minutes, from another tab or a page that was gone back
// to, are the post that is there, whatever it has become.
func (s *Service) CreateOnce(ctx context.Context, by actor.Actor, in Input) (p Post, err error) {
	if in, err = s.Prepare(ctx, by, in); err != nil {
		return p, err
	}
	var said Post
	said.apply(in.patch())
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := by.Require(actor.Author, int64(in.Voice)); err != nil {
			return err
		}
		same, err := db.All(tx, qTwins, postColumns.scan, in.Voice, db.At(tx.Now().Add(-twice)), fact.AccountID(by.Account), in.Kind)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(same, func(q Post) bool { return q.Title == said.Title && q.Body == said.Body }); i >= 0 && said.Body != "" {
			p = same[i]
			return nil
		}
		p, err = s.CreateIn(tx, by, in)
		return err
	})
	return p, err
}

// twice is how long the same words are one press too many.
const twice = 10 * time.Minute

// CreateIn is Create inside a transaction, for what Prepare rendered.
func (s *Service) CreateIn(tx *db.Tx, by actor.Actor, in Input) (Post, error) {
	if err := by.Require(actor.Author, int64(in.Voice)); err != nil {
		return Post{}, err
	}
	p := Post{ID: in.id(tx), Author: fact.AccountID(by.Account), Status: Writing, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
	if err := s.begin(tx, &p, in); err != nil {
		return Post{}, err
	}
	if err := s.checkSlug(tx, p); err != nil {
		return Post{}, err
	}
	if err := insert(tx, p); err != nil {
		return Post{}, err
	}
	if err := storeTags(tx, p); err != nil {
		return Post{}, err
	}
	if err := s.rememberFirst(tx, by, p); err != nil {
		return Post{}, err
	}
	return p, s.project(tx, by, p)
}

// id is that under which the text was rendered, or a new one.
func (in Input) id(tx *db.Tx) fact.PostID {
	if in.rendering != nil {
		return in.rendering.id
	}
	return fact.New[fact.PostID](tx.Now())
}

// begin fills a new post from its input: defaults, section, tags, HTML.
func (s *Service) begin(tx *db.Tx, p *Post, in Input) error {
	v, err := s.voices.GetIn(tx, in.Voice)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("voice", "unknown")
	}
	if err != nil {
		return err
	}
	if err := s.defaults(tx, &in); err != nil {
		return err
	}
	p.Voice = v.ID
	p.apply(in.patch())
	if err := p.check(); err != nil {
		return err
	}
	if err := s.placeIn(tx, p, in.Section); err != nil {
		return err
	}
	tags, err := tagsIn(tx, in.Tags)
	if err != nil {
		return err
	}
	p.setTags(tags)
	if err := s.checkCover(tx, *p); err != nil {
		return err
	}
	if in.rendering == nil && p.Body != "" {
		return errNotPrepared
	}
	return p.take(in.rendering)
}

// Blank returns an empty draft to write into: the last one that by began in that voice and left without a word, else a
// new one. So that opening the page twice does not leave two empty drafts.
func (s *Service) Blank(ctx context.Context, by actor.Actor, v fact.VoiceID, kind string) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := by.Require(actor.Author, int64(v)); err != nil {
			return err
		}
		var found bool
		if by.Account != 0 {
			if p, found, err = blank(tx, fact.AccountID(by.Account), v, kind); err != nil || found {
				return err
			}
		}
		p, err = s.CreateIn(tx, by, Input{Voice: v, Kind: kind})
		return err
	})
	return p, err
}

// Save changes a post. version is the one that the change was made from: when the post was saved since, nothing is done
// and the fault is post.changed_elsewhere; 0 does not check. What is out, or will go out by itself, must stay fit for it.
func (s *Service) Save(ctx context.Context, by actor.Actor, id fact.PostID, in Patch, version int) (p Post, err error) {
	for range 3 { // somebody may save between the rendering and the writing
		ready, err := s.PrepareChange(ctx, by, id, in)
		if err != nil {
			return p, err
		}
		err = s.write(ctx, func(tx *db.Tx) error {
			p, err = s.SaveIn(tx, by, id, ready, version)
			return err
		})
		if !errors.Is(err, errStale) {
			return p, err
		}
	}
	return p, errStale
}

// SaveIn is Save inside a transaction, for what PrepareChange rendered.
func (s *Service) SaveIn(tx *db.Tx, by actor.Actor, id fact.PostID, in Patch, version int) (Post, error) {
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	if version != 0 && version != p.Version {
		return p, fault.Conflict("post.changed_elsewhere")
	}
	was := p
	if err := s.change(tx, by, &p, in); err != nil {
		return was, err
	}
	if p.Slug == "" && p.Traits().Addressed && !p.PublishedAt.IsZero() {
		p.Slug = was.Slug // what was out keeps an address
	}
	if err := s.checkSlug(tx, p); err != nil {
		return was, err
	}
	p.UpdatedAt, p.Version = tx.Now(), p.Version+1
	if err := update(tx, p); err != nil {
		return was, err
	}
	if in.Tags != nil {
		if err := storeTags(tx, p); err != nil {
			return was, err
		}
	}
	if p.Out() {
		if err := s.keepAddress(tx, p); err != nil {
			return was, err
		}
		if err := s.bus.Emit(tx, by, fact.PostChanged{Post: p.ID, Voice: p.Voice}); err != nil {
			return was, err
		}
	}
	if err := s.remember(tx, by, was, p); err != nil {
		return was, err
	}
	if err := s.woken(tx, p.ID); err != nil {
		return was, err
	}
	if err := forgetDraft(tx, p.ID, by.Account); err != nil {
		return was, err
	}
	return p, s.project(tx, by, p)
}

// change puts a patch into p and checks the outcome.
func (s *Service) change(tx *db.Tx, by actor.Actor, p *Post, in Patch) error {
	was := *p
	if in.Kind != nil && *in.Kind != p.Kind && !p.PublishedAt.IsZero() {
		return fault.Conflict("post.kind_fixed")
	}
	if in.Voice != nil && *in.Voice != p.Voice {
		if !p.PublishedAt.IsZero() {
			return fault.Conflict("post.voice_fixed")
		}
		if err := by.Require(actor.Author, int64(*in.Voice)); err != nil {
			return err
		}
		if _, err := s.voices.GetIn(tx, *in.Voice); fault.Is(err, fault.KindNotFound) {
			return fault.Invalid("voice", "unknown")
		} else if err != nil {
			return err
		}
		p.Voice = *in.Voice
		if in.Section == nil && p.Section != "" {
			in.Section = &p.Section // the section of that name in the other voice
		}
	}
	if in.Status != nil && *in.Status != p.Status {
		if !IsDraft(*in.Status) || !(IsDraft(p.Status) || p.Status == Unpublished) {
			return fault.Invalid("status", "unknown")
		}
		p.Status = *in.Status
	}
	p.apply(in)
	if err := p.check(); err != nil {
		return err
	}
	if p.needsWords() {
		if err := p.canGoOut(); err != nil {
			return err
		}
	}
	if in.Section != nil {
		if err := s.placeIn(tx, p, *in.Section); err != nil {
			return err
		}
	}
	if in.Tags != nil {
		tags, err := tagsIn(tx, *in.Tags)
		if err != nil {
			return err
		}
		p.setTags(tags)
	}
	if p.Cover != was.Cover {
		if err := s.checkCover(tx, *p); err != nil {
			return err
		}
	}
	if p.Body != was.Body || p.Lang != was.Lang {
		return p.take(in.rendering)
	}
	return nil
}

// Get returns a post with its section and tags, for whoever may write in its voice. A deleted one is there, with
// DeletedAt, as long as it can be brought back.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = s.seen(tx, by, id); err == nil && !p.DeletedAt.IsZero() {
			if e := p.restorable(tx.Now()); e != nil {
				err = e
			}
		}
		return err
	})
	return p, err
}

// GetIn is Get inside a transaction.
func (s *Service) GetIn(tx *db.Tx, by actor.Actor, id fact.PostID) (Post, error) {
	return s.seen(tx, by, id)
}

// seen reads a post for somebody who may write in its voice.
func (s *Service) seen(tx *db.Tx, by actor.Actor, id fact.PostID) (Post, error) {
	p, err := byID(tx, id)
	if err != nil {
		return p, err
	}
	if err := by.Require(actor.Author, int64(p.Voice)); err != nil {
		if by.SignedIn() {
			err = fault.NotFound("post") // which drafts a voice has is nobody else's business
		}
		return Post{}, err
	}
	one := []Post{p}
	err = loadTerms(tx, one)
	return one[0], err
}

// open reads a post that by may change and that is not deleted.
func (s *Service) open(tx *db.Tx, by actor.Actor, id fact.PostID) (Post, error) {
	p, err := s.seen(tx, by, id)
	if err != nil {
		return p, err
	}
	if err := p.may(by); err != nil {
		return p, err
	}
	if !p.DeletedAt.IsZero() {
		return p, fault.Gone("post")
	}
	return p, nil
}
