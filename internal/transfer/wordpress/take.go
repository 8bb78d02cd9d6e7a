package wordpress

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// known is what of a group earlier runs brought, and which names in it are the house's.
type known struct {
	posts, comments map[string]int64
	ours            map[string]bool // names of those who commented that readers would take for the house's
}

// writing is a group on its way into the database.
type writing struct {
	plans []planned
	done  chan outcome
}

// outcome is what became of a group: by external name the posts that the house refused, and why.
type outcome struct {
	refused map[string]string
	err     error
}

// take plans what is new of a group of items and begins to write it, once the group before it is written. So the next
// group is read and converted while this one is written.
func (im *importer) take(ctx context.Context, items []wxr.Item) error {
	if len(items) == 0 {
		return nil
	}
	had, err := im.known(ctx, items)
	if err != nil {
		return err
	}
	var plans []planned
	for _, it := range items {
		p, err := im.planOne(ctx, it, had)
		if err != nil {
			return err
		}
		if p.post != nil || len(p.comments) > 0 {
			plans = append(plans, p)
		}
		if im.done++; im.Progress != nil {
			im.Progress(min(im.done, im.site.posts-1), im.site.posts)
		}
	}
	if err := im.settle(); err != nil {
		return err
	}
	im.writing = &writing{plans: plans, done: make(chan outcome, 1)}
	if im.DryRun {
		im.writing.done <- outcome{}
		return nil
	}
	go func(w *writing) {
		refused, err := im.write(ctx, w.plans, had)
		w.done <- outcome{refused, err}
	}(im.writing)
	return nil
}

// settle waits for the group that is being written and adds it to the report.
func (im *importer) settle() error {
	if im.writing == nil {
		return nil
	}
	plans, end := im.writing.plans, <-im.writing.done
	im.writing = nil
	if end.err != nil {
		return end.err
	}
	for _, p := range plans {
		if code := end.refused[p.external]; code != "" {
			im.report.Add("refused", code, p.label)
			im.lostComments(p.item)
			continue
		}
		if p.post != nil {
			im.count(p.post)
		}
		im.countComments(p.comments)
	}
	return nil
}

func (im *importer) known(ctx context.Context, items []wxr.Item) (had known, err error) {
	var posts, comments, names []string
	for _, it := range items {
		posts = append(posts, external(it))
		for _, c := range it.Comments {
			comments, names = append(comments, commentName(it, c)), append(names, plain(c.Author))
		}
	}
	err = im.DB.Read(ctx, func(tx *db.Tx) error {
		if had.posts, err = im.ledger.Seen(tx, transfer.KindPost, posts); err != nil {
			return err
		}
		if had.comments, err = im.ledger.Seen(tx, transfer.KindComment, comments); err != nil {
			return err
		}
		had.ours, err = im.Inbox.Ours(tx, names)
		return err
	})
	return had, err
}

// planOne plans a post, unless an earlier run brought it, and its new comments.
func (im *importer) planOne(ctx context.Context, it wxr.Item, had known) (p planned, err error) {
	p = planned{item: it, external: external(it), label: label(it)}
	lang := im.lang(it)
	if p.known = had.posts[p.external]; p.known != 0 {
		im.report.Already++
		if err := im.later(ctx, it, fact.PostID(p.known), p.label); err != nil {
			return p, err
		}
	} else {
		if p.post, err = im.plan(ctx, it); err != nil {
			return p, err
		}
		if p.post == nil {
			im.lostComments(it)
			return p, nil
		}
	}
	var fresh []wxr.Comment
	for _, c := range it.Comments {
		name := commentName(it, c)
		switch {
		case had.comments[name] != 0:
			im.report.Already++
		case !im.seen.first("comment", name):
			im.report.Add("twice_comment", "", p.label)
		default:
			fresh = append(fresh, c)
		}
	}
	it.Comments = fresh
	p.comments = im.comments(it, lang, had.ours)
	return p, nil
}

// write brings a group in, in slices. It touches nothing of im that changes: planning goes on beside it.
func (im *importer) write(ctx context.Context, plans []planned, had known) (refused map[string]string, err error) {
	if err := im.render(ctx, plans); err != nil {
		return nil, err
	}
	w := &writer{importer: im, had: had, refused: map[string]string{}, ids: make([]fact.PostID, len(plans)), answers: map[string]int64{}}
	for i, p := range plans {
		w.ids[i] = fact.PostID(p.known)
		if p.post != nil {
			w.steps = append(w.steps, step{plan: i, comment: -1})
		}
		for c := range p.comments {
			w.steps = append(w.steps, step{plan: i, comment: c})
		}
	}
	for len(w.steps) > 0 {
		if err := w.slice(ctx, plans); err != nil {
			return nil, err
		}
	}
	return w.refused, nil
}

// A slice of a group is one commit, so that whoever else writes meanwhile waits for a moment and no longer.
const (
	sliceSteps = 200
	sliceTime  = 25 * time.Millisecond
)

// step is a post of a group, or a comment under one.
type step struct{ plan, comment int }

// writer is how far the writing of a group has come.
type writer struct {
	*importer
	had     known
	steps   []step            // what is left
	refused map[string]string // by external name, the posts that the house refused
	ids     []fact.PostID     // of the posts of the plans, once they are there
	answers map[string]int64  // comments written, by external name
}

// slice writes some of what is left, with their lines in the ledger, and moves on once they are there for good.
func (w *writer) slice(ctx context.Context, plans []planned) error {
	var did slice
	err := w.DB.Write(ctx, func(tx *db.Tx) error {
		did = slice{writer: w, refused: map[string]string{}, posts: map[int]fact.PostID{}, answers: map[string]int64{}}
		began := time.Now()
		for _, st := range w.steps[:min(sliceSteps, len(w.steps))] {
			if did.steps > 0 && time.Since(began) > sliceTime {
				break
			}
			if err := did.step(tx, plans[st.plan], st); err != nil {
				return err
			}
			did.steps++
		}
		return w.ledger.Note(tx, did.noted...)
	})
	if err != nil {
		return err
	}
	w.steps = w.steps[did.steps:]
	maps.Copy(w.refused, did.refused)
	maps.Copy(w.answers, did.answers)
	for i, id := range did.posts {
		w.ids[i] = id
	}
	return nil
}

// slice is what one commit did.
type slice struct {
	*writer
	steps   int
	noted   []transfer.Entry
	refused map[string]string
	posts   map[int]fact.PostID
	answers map[string]int64
}

func (s *slice) step(tx *db.Tx, p planned, st step) error {
	if st.comment < 0 {
		made, err := s.Posts.ImportIn(tx, actor.Importer(), *p.post)
		if fault.Is(err, fault.KindInvalid) {
			s.refused[p.external] = err.Error()
			return nil
		}
		if err != nil {
			return fmt.Errorf("wordpress: item %s: %w", p.external, err)
		}
		s.posts[st.plan] = made.ID
		s.noted = append(s.noted, transfer.Entry{Kind: transfer.KindPost, External: p.external, Local: int64(made.ID)})
		return nil
	}
	if s.refused[p.external] != "" || s.writer.refused[p.external] != "" {
		return nil // nothing is said under what is not there
	}
	c := p.comments[st.comment]
	m := c.message
	m.Post = cmp.Or(s.posts[st.plan], s.ids[st.plan])
	m.Parent = fact.MessageID(cmp.Or(s.answers[c.parent], s.writer.answers[c.parent], s.had.comments[c.parent]))
	made, _, err := s.Inbox.ImportIn(tx, actor.Importer(), m)
	if err != nil {
		return fmt.Errorf("wordpress: comment %s: %w", c.external, err)
	}
	s.noted = append(s.noted, transfer.Entry{Kind: transfer.KindComment, External: c.external, Local: int64(made.ID)})
	s.answers[c.external] = int64(made.ID)
	return nil
}

// render makes the HTML of a group before it is written. A post without a language has its voice's, and so have the comments
// under it.
func (im *importer) render(ctx context.Context, plans []planned) error {
	for _, p := range plans {
		lang := ""
		if p.post != nil {
			ready, err := im.Posts.PrepareImport(ctx, actor.Importer(), *p.post)
			if err != nil && !fault.Is(err, fault.KindInvalid) { // ImportIn refuses it by name
				return fmt.Errorf("wordpress: item %s: %w", p.external, err)
			}
			*p.post, lang = ready, ready.Lang
		}
		for i, c := range p.comments {
			if c.message.Lang == "" {
				c.message.Lang = lang
			}
			ready, err := im.Inbox.PrepareImport(ctx, c.message)
			if err != nil {
				return fmt.Errorf("wordpress: comment %s: %w", c.external, err)
			}
			p.comments[i].message = ready
		}
	}
	return nil
}
