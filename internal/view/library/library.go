package library

import (
	"context"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Options are whom the view asks, all of them.
type Options struct {
	DB      *db.DB
	Media   *media.Service
	Posts   *post.Service
	Letters *newsletter.Service
	Voices  *voice.Service
}

// View tells what shows which file.
type View struct{ o Options }

// New returns the view.
func New(o Options) *View { return &View{o} }

// What shows a file.
const (
	Post    = "post"
	Letter  = "letter"
	Welcome = "welcome" // the first letter of a voice, to who begins to follow it
	Voice   = "voice"   // its portrait or its mark
)

// File is a file with what shows it.
type File struct {
	media.Media
	Shown     []Showing // what who asks works with
	Elsewhere bool      // something else shows it too
	Variants  []media.Variant
}

// Used reports whether anything shows f.
func (f File) Used() bool { return len(f.Shown) > 0 || f.Elsewhere }

// Showing is something that shows a file.
type Showing struct {
	Kind   string // Post, Letter, Welcome or Voice
	ID     int64
	Voice  string // its name
	Label  string // "" of what has no words yet
	Public bool   // strangers see it
}

// List returns the files that by works with, as media.Filter chooses, and the cursor of the next page, "" at the end.
func (v *View) List(ctx context.Context, by actor.Actor, f media.Filter) (found []File, next string, err error) {
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		var files []media.Media
		if files, next, err = v.o.Media.ListIn(tx, by, f); err != nil {
			return err
		}
		found, err = v.withShown(tx, by, files)
		return err
	})
	return found, next, err
}

// File returns one file that by works with; fault media.not_found of another.
func (v *View) File(ctx context.Context, by actor.Actor, id fact.MediaID) (f File, err error) {
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		m, err := v.o.Media.WorkIn(tx, by, id)
		if err != nil {
			return err
		}
		all, err := v.withShown(tx, by, []media.Media{m})
		if err == nil {
			f = all[0]
		}
		return err
	})
	return f, err
}

func (v *View) withShown(tx *db.Tx, by actor.Actor, files []media.Media) ([]File, error) {
	ids := make([]fact.MediaID, len(files))
	for i, m := range files {
		ids[i] = m.ID
	}
	uses, elsewhere, err := v.o.Media.UsesIn(tx, by, ids)
	if err != nil {
		return nil, err
	}
	label, err := v.labels(tx, by, uses)
	if err != nil {
		return nil, err
	}
	variants, err := v.o.Media.VariantsIn(tx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]File, len(files))
	for i, m := range files {
		all[i] = File{Media: m, Elsewhere: elsewhere[m.ID], Variants: variants[m.ID]}
		for _, u := range uses[m.ID] {
			all[i].Shown = append(all[i].Shown, label(u))
		}
	}
	return all, nil
}

// labels reads what these uses are called.
func (v *View) labels(tx *db.Tx, by actor.Actor, uses map[fact.MediaID][]media.Use) (func(media.Use) Showing, error) {
	voices, err := v.o.Voices.ListIn(tx)
	if err != nil {
		return nil, err
	}
	names := map[fact.VoiceID]string{}
	for _, one := range voices {
		names[one.ID] = one.Name
	}
	var posts []fact.PostID
	letters := map[int64]string{}
	for _, all := range uses {
		for _, u := range all {
			switch u.Kind {
			case Post:
				posts = append(posts, fact.PostID(u.Subject))
			case Letter:
				l, err := v.o.Letters.GetIn(tx, by, fact.LetterID(u.Subject))
				if err != nil && !fault.Is(err, fault.KindNotFound) {
					return nil, err
				}
				letters[u.Subject] = l.Title
			}
		}
	}
	outlines, err := v.o.Posts.OutlinesIn(tx, by, posts)
	return func(u media.Use) Showing {
		s := Showing{Kind: u.Kind, ID: u.Subject, Voice: names[u.Voice], Public: u.Public}
		switch u.Kind {
		case Post:
			s.Label = outlines[fact.PostID(u.Subject)].Label
		case Letter:
			s.Label = letters[u.Subject]
		default:
			s.Label = s.Voice
		}
		return s
	}, err
}
