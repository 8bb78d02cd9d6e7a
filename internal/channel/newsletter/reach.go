package newsletter

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Following is how many follow a voice, by how often they hear from it.
type Following = map[string]int

// Following returns how many follow each voice in which by may write.
func (s *Service) Following(ctx context.Context, by actor.Actor) (all map[fact.VoiceID]Following, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = s.o.Subscriptions.CountsIn(tx, by)
		return err
	})
	return all, err
}

// Section returns the section whose followers get a letter too: that of the post which it carries, zero for none. Authors of its voice may.
func (s *Service) Section(ctx context.Context, by actor.Actor, id fact.LetterID) (section fact.SectionID, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		l, err := s.GetIn(tx, by, id)
		if err == nil {
			section, err = s.sectionIn(tx, l)
		}
		return err
	})
	return section, err
}

// TitleOf returns the title of a post that a letter may carry; "" when strangers do not see it.
func (s *Service) TitleOf(ctx context.Context, id fact.PostID) (title string, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := s.posts.ByID(tx, id)
		if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) {
			return nil
		}
		title = p.Label()
		return err
	})
	return title, err
}
