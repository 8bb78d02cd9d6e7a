package post

import (
	"context"
	"errors"
	"path"
	"strings"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// A text is rendered before the transaction that stores it, because there is one writer and a long text takes a while. Prepare
// and its sisters render, and hand the outcome on in what they were given; CreateIn, ImportIn and SaveIn take it, when it is
// still of the text that they store.

// rendering is a text that was rendered.
type rendering struct {
	of  sheet
	id  fact.PostID // of a post that begins
	out text.Rendered
}

// sheet is what the HTML of a post is made of.
type sheet struct{ body, lang, prefix string }

func (p Post) sheet() sheet {
	s := sheet{body: p.Body, lang: p.Lang}
	if !p.Traits().Titled {
		s.prefix = p.ID.String() // several notes stand on one page
	}
	return s
}

var (
	errNotPrepared = errors.New("post: a text that was not rendered before the transaction")
	// errStale says that the text is not the one that was rendered: somebody saved another meanwhile.
	errStale = fault.Conflict("post.changed_elsewhere")
)

// take gives p the rendering of its text.
func (p *Post) take(r *rendering) error {
	switch {
	case r != nil && r.of == p.sheet():
		p.HTML, p.Plain, p.Words, p.Elsewhere = string(r.out.HTML), r.out.Text, r.out.Words, r.out.Elsewhere
	case p.Body == "":
		p.HTML, p.Plain, p.Words = "", "", 0
	default:
		return errStale
	}
	return nil
}

// Prepare renders the text with which a post begins, for CreateIn.
func (s *Service) Prepare(ctx context.Context, by actor.Actor, in Input) (Input, error) {
	if !in.Voice.IsZero() {
		if err := by.Require(actor.Author, int64(in.Voice)); err != nil {
			return in, err
		}
	}
	p := Post{ID: fact.New[fact.PostID](s.db.Clock().Now())}
	var files map[fact.MediaID]media.Media
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		if err := s.defaults(tx, &in); err != nil {
			return err
		}
		p.apply(in.patch())
		return s.filesIn(tx, p, &files)
	})
	if err != nil || len(p.Body) > text.MaxSource { // which is refused
		return in, err
	}
	in.rendering, err = s.render(ctx, p, files)
	return in, err
}

// PrepareImport renders the text of a post of another program, for ImportIn.
func (s *Service) PrepareImport(ctx context.Context, by actor.Actor, in Import) (Import, error) {
	cut := in
	cut.clip()
	ready, err := s.Prepare(ctx, by, cut.Input)
	in.rendering = ready.rendering
	return in, err
}

// PrepareChange renders the text of a post as a change leaves it, for SaveIn; it does nothing when the text stays.
func (s *Service) PrepareChange(ctx context.Context, by actor.Actor, id fact.PostID, in Patch) (Patch, error) {
	var was, p Post
	var files map[fact.MediaID]media.Media
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if was, err = s.open(tx, by, id); err != nil {
			return err
		}
		p = was
		p.apply(in)
		return s.filesIn(tx, p, &files)
	})
	if err != nil || (p.Body == was.Body && p.Lang == was.Lang) || len(p.Body) > text.MaxSource {
		return in, err
	}
	in.rendering, err = s.render(ctx, p, files)
	return in, err
}

// Preview returns a post as it would be with a change, rendered, and saves nothing. What a save would refuse is shown all
// the same; section and tags stay as they are.
func (s *Service) Preview(ctx context.Context, by actor.Actor, id fact.PostID, in Patch) (p Post, err error) {
	var files map[fact.MediaID]media.Media
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = s.seen(tx, by, id); err != nil {
			return err
		}
		p.apply(in)
		return s.filesIn(tx, p, &files)
	})
	if err != nil {
		return p, err
	}
	r, err := s.render(ctx, p, files)
	if err != nil {
		return p, err
	}
	return p, p.take(r)
}

// defaults fills in what the writer of a new post left out.
func (s *Service) defaults(tx *db.Tx, in *Input) error {
	if in.Kind == "" {
		in.Kind = Article
	}
	if in.Lang != "" {
		return nil
	}
	v, err := s.voices.GetIn(tx, in.Voice)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("voice", "unknown")
	}
	in.Lang = v.Lang
	return err
}

// filesIn reads the files that the text of p shows.
func (s *Service) filesIn(tx *db.Tx, p Post, files *map[fact.MediaID]media.Media) (err error) {
	*files, err = media.ByIDs(tx, media.IDsIn(p.Body))
	return err
}

// imageSizes tells a browser how wide a picture in the text stands on a page.
const imageSizes = "(min-width: 48em) 42rem, 100vw"

// address is src as it is written from the root of a site: a text may name our picture by its whole address.
func address(src string, m media.Media) string {
	if strings.HasPrefix(src, "/") && !strings.HasPrefix(src, "//") && m.Edition() == "" {
		return src
	}
	return media.Src(m)
}

// render makes the HTML of p. Headings begin at level 2: the title is the first.
func (s *Service) render(ctx context.Context, p Post, files map[fact.MediaID]media.Media) (*rendering, error) {
	r := rendering{of: p.sheet(), id: p.ID}
	var err error
	r.out, err = text.RenderContext(ctx, p.Body, text.Options{
		Lang: p.Lang, Prefix: r.of.prefix, TopHeading: 2, Labels: s.labels(p.Lang), LineEnds: !p.Traits().Titled,
		Image: func(src string) (text.Image, bool) {
			for _, id := range media.IDsIn(src) {
				m, ok := files[id]
				if !ok && strings.HasPrefix(src, "/media/") {
					return text.Image{Gone: true}, true
				}
				if ok && m.IsPicture() {
					return text.Image{Src: address(src, m), Width: m.Width, Height: m.Height, Srcset: media.Srcset(m), Sizes: imageSizes}, true
				}
			}
			return text.Image{}, false
		},
		File: linked(files, s.labels(p.Lang).Size),
	})
	return &r, err
}

// linked tells of the files to which a text leads that are no pictures. size writes how large they are; it may be nil.
func linked(files map[fact.MediaID]media.Media, size func(int64) string) func(string) (text.Linked, bool) {
	return func(href string) (text.Linked, bool) {
		for _, id := range media.IDsIn(href) {
			m, ok := files[id]
			if !ok || m.IsPicture() {
				continue
			}
			note := strings.ToUpper(strings.TrimPrefix(path.Ext(m.Name), "."))
			if size != nil {
				note = strings.TrimPrefix(note+", "+size(m.Bytes), ", ")
			}
			return text.Linked{Src: m.Path(media.Original), Sound: m.Kind() == media.Sound, Note: note}, true
		}
		return text.Linked{}, false
	}
}
