package inbox

import (
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
)

const linkOf = `
	SELECT m.id, m.conversation_id, m.direction, m.moderation, m.post_id
	  FROM messages m
	 WHERE `

var (
	qOfPerson = db.Q("message.of_person", linkOf+`m.id IN (
		SELECT id FROM messages WHERE contact_id = $1
		 UNION SELECT x.id FROM conversations y JOIN messages x ON x.conversation_id = y.id WHERE y.contact_id = $1)`)
	qSaidFrom = db.Q("message.said_from", linkOf+`m.sender_key <> '' AND m.sender_key IN ({in})`)
	qAnswers  = db.Q("message.answers", `SELECT id, parent_id FROM messages WHERE parent_id IN ({in})`)
	qBlank    = db.Q("message.blank", `
		UPDATE messages
		   SET moderation = 'removed', attention = 'closed', state = 'closed', contact_id = NULL, handle_id = NULL, name = '', url = '', body = '',
		       html = '', how = '', phone = '', notify = FALSE, reason = '', mail_id = '', external = '', sender_channel = '', sender = '', sender_key = '',
		       spam_at = NULL
		 WHERE id IN ({in})`)
	qDelete            = db.Q("message.delete", `DELETE FROM messages WHERE id IN ({in})`)
	qOrphan            = db.Q("message.orphan", `UPDATE messages SET parent_id = NULL WHERE parent_id IN ({in})`)
	qDetach            = db.Q("message.detach", `UPDATE messages SET contact_id = NULL, handle_id = NULL WHERE contact_id = $1`)
	qDropConversations = db.Q("conversation.drop_empty", `
		DELETE FROM conversations WHERE id IN ({in}) AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id)`)
	qDetachConversations = db.Q("conversation.detach", `UPDATE conversations SET contact_id = NULL WHERE contact_id = $1`)
	qMoveHandle          = db.Q("message.move_handle", `UPDATE messages SET handle_id = $3 WHERE contact_id = $1 AND handle_id = $2`)
	qForgetHandle        = db.Q("message.forget_handle", `UPDATE messages SET handle_id = NULL WHERE contact_id = $1 AND handle_id = $2`)
)

// link is what must be known of a message to forget it.
type link struct {
	id                    fact.MessageID
	conversation          fact.ConversationID
	direction, moderation string
	post                  fact.PostID
}

func scanLink(r db.Row) (l link, err error) {
	err = r.Scan(&l.id, &l.conversation, &l.direction, &l.moderation, &l.post)
	return l, err
}

// public reports whether strangers see the message under a post.
func (l link) public() bool { return l.moderation == Visible && !l.post.IsZero() }

// erase forgets what somebody wrote, what claims to come from them, and what was written to them alone. A request goes with its
// answers. A comment goes too; where others answered it, an empty one that was removed holds its place, so that their thread
// does not fall apart. What the house answered under a post stays: it is the house's, and was said to all.
func (s *Service) erase(tx *db.Tx, _ bus.Event, f fact.ContactErased) error {
	all, err := s.linksOf(tx, f.Contact)
	if err != nil {
		return err
	}
	seen := false
	all = slices.DeleteFunc(all, func(l link) bool {
		ours := l.direction == Out && l.public()
		seen = seen || l.public() && !ours
		return ours
	})
	if _, err := s.forget(tx, all); err != nil {
		return err
	}
	known, err := s.contacts.ByIDsIn(tx, []fact.ContactID{f.Contact})
	if err != nil {
		return err
	}
	var handles []fact.HandleID
	for _, h := range known[f.Contact].Handles {
		handles = append(handles, h.ID)
	}
	if _, err := db.ExecIn(tx, qDropProof, handles); err != nil {
		return err
	}
	for _, q := range []db.Query{qDetach, qDetachConversations} {
		if _, err := db.Exec(tx, q, f.Contact); err != nil {
			return err
		}
	}
	return nil // pages follow contact.erased by themselves
}

// forget deletes messages and returns which; of those that others answer, an empty one that was removed holds the place.
// Conversations of which nothing is left go too.
func (s *Service) forget(tx *db.Tx, all []link) (drop []fact.MessageID, err error) {
	var gone, blank []fact.MessageID
	var conversations []fact.ConversationID
	going := map[fact.MessageID]bool{}
	for _, l := range all {
		conversations = append(conversations, l.conversation)
		going[l.id] = true
		gone = append(gone, l.id)
	}
	held, err := answeredByOthers(tx, gone, going)
	if err != nil {
		return nil, err
	}
	for _, id := range gone {
		if held[id] {
			blank = append(blank, id)
		} else {
			drop = append(drop, id)
		}
		if err := fulltext.Remove(tx, Space, int64(id)); err != nil {
			return nil, err
		}
	}
	for _, step := range []struct {
		q   db.Query
		ids []fact.MessageID
	}{{qDropDrafts, gone}, {qBlank, blank}, {qOrphan, drop}, {qDelete, drop}} {
		if _, err := db.ExecIn(tx, step.q, step.ids); err != nil {
			return nil, err
		}
	}
	_, err = db.ExecIn(tx, qDropConversations, conversations)
	return drop, err
}

// linksOf returns every message from somebody or to them, and every one that makes nobody known but came from an address of
// theirs: spam, as a rule.
func (s *Service) linksOf(tx *db.Tx, id fact.ContactID) ([]link, error) {
	all, err := db.All(tx, qOfPerson, scanLink, id)
	if err != nil {
		return nil, err
	}
	known, err := s.contacts.ByIDsIn(tx, []fact.ContactID{id})
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, h := range known[id].Handles {
		keys = append(keys, h.Key)
	}
	more, err := db.AllIn(tx, qSaidFrom, scanLink, keys)
	return append(all, more...), err
}

// answeredByOthers tells which of ids have an answer that is not itself going.
func answeredByOthers(tx *db.Tx, ids []fact.MessageID, going map[fact.MessageID]bool) (map[fact.MessageID]bool, error) {
	held := map[fact.MessageID]bool{}
	_, err := db.AllIn(tx, qAnswers, func(r db.Row) (struct{}, error) {
		var id, parent fact.MessageID
		err := r.Scan(&id, &parent)
		if !going[id] {
			held[parent] = true
		}
		return struct{}{}, err
	}, ids)
	return held, err
}

// forgetHandle takes a handle that is no more out of the messages that came from it.
func forgetHandle(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error {
	if _, err := db.ExecIn(tx, qDropProof, []fact.HandleID{f.Handle}); err != nil {
		return err
	}
	_, err := db.Exec(tx, qForgetHandle, f.Contact, f.Handle)
	return err
}

// moveHandle lets what was said from an address that was mistyped belong to the right one: answers go there.
func moveHandle(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error {
	_, err := db.Exec(tx, qMoveHandle, f.Contact, f.Was, f.Handle)
	return err
}
