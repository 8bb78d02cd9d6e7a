package inbox

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

const stopPurpose = "stop"

var (
	qFollows = db.Q("message.follows", `
		SELECT 1 FROM messages WHERE contact_id = $1 AND handle_id = $2 AND post_id = $3 AND direction = 'in' AND notify LIMIT 1`)
	qStop = db.Q("message.stop", `
		UPDATE messages SET notify = FALSE WHERE contact_id = $1 AND handle_id = $2 AND post_id = $3 AND direction = 'in' AND notify`)
)

// StopToken returns what lets whoever reads the mail of a handle say that they want no more of it about a post: for the links
// of such mails, which work for ever.
func (s *Service) StopToken(h fact.HandleID, p fact.PostID) string {
	return s.box.Token(stopPurpose, time.Time{}, h.String(), p.String())
}

// Following is what a link to stop is about.
type Following struct {
	Title string // of the post; "" when strangers do not see it
	Done  bool   // nothing is mailed any more
}

// FollowingOf tells what a link to stop is about, and changes nothing. A link that is none is unsubscription.not_found.
func (s *Service) FollowingOf(ctx context.Context, token string) (f Following, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		h, p, err := s.followed(token, tx.Now())
		if err != nil {
			return err
		}
		seen, err := s.posts.ByID(tx, p)
		if err == nil {
			f.Title = seen.Label()
		} else if !fault.Is(err, fault.KindNotFound) {
			return err
		}
		handle, err := s.contacts.HandleIn(tx, h)
		if fault.Is(err, fault.KindNotFound) {
			f.Done = true
			return nil
		}
		if err != nil {
			return err
		}
		_, follows, err := db.Maybe(tx, qFollows, db.Scalar[int], handle.Contact, h, p)
		f.Done = !follows
		return err
	})
	return f, err
}

// Stop has nothing more mailed to the handle of a link about its post, until somebody asks for it again. A second time changes
// nothing.
func (s *Service) Stop(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		h, p, err := s.followed(token, tx.Now())
		if err != nil {
			return err
		}
		handle, err := s.contacts.HandleIn(tx, h)
		if fault.Is(err, fault.KindNotFound) {
			return nil // it is nobody's any more, and nothing is mailed there
		}
		if err != nil {
			return err
		}
		_, err = db.Exec(tx, qStop, handle.Contact, h, p)
		return err
	})
}

func (s *Service) followed(token string, now time.Time) (h fact.HandleID, p fact.PostID, err error) {
	payload, err := s.box.OpenToken(stopPurpose, token, now)
	if err != nil || len(payload) != 2 {
		return 0, 0, fault.NotFound("unsubscription")
	}
	if h, err = fact.Parse[fact.HandleID](payload[0]); err == nil {
		p, err = fact.Parse[fact.PostID](payload[1])
	}
	if err != nil {
		return 0, 0, fault.NotFound("unsubscription")
	}
	return h, p, nil
}
