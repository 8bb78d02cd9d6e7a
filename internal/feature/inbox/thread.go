package inbox

import (
	"cmp"
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// Comment is one message under a post as readers see it, with what answers it. Of the message it holds only
// what they see, and no address: an article that no cache holds reads fifty of them.
type Comment struct {
	Message
	ByAuthor  bool   // the house speaks
	VoiceName string // the name to show then
	Children  []Comment
}

// maxDepth is how deep answers nest; deeper ones stand beside what they answer.
const maxDepth = 4

// ThreadIn returns what is visible under a post, oldest first, answers under what they answer. What answers something that is
// not visible stands at the top. At most two thousand messages are read.
func (s *Service) ThreadIn(tx *db.Tx, p fact.PostID) ([]Comment, error) {
	all, err := db.All(tx, qThread, func(r db.Row) (Message, error) {
		m := Message{Post: p, Moderation: Visible}
		var html string
		err := r.Scan(&m.ID, &m.Direction, &m.Kind, &m.State, &m.Contact, &m.Voice, &m.Parent, &m.Name, &m.URL, &m.Body, &html, &m.Lang,
			db.Time(&m.At))
		m.HTML = text.HTML(html) // made by text.Render when the message came in
		return m, err
	}, p)
	if err != nil {
		return nil, err
	}
	return nest(all), nil
}

// nest makes the tree of messages. Parents that form a circle cannot lose a message: each is placed once, the earlier first.
func nest(all []Message) []Comment {
	slices.SortStableFunc(all, func(a, b Message) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	type node struct {
		m     Message
		depth int
		under []fact.MessageID
	}
	nodes := make(map[fact.MessageID]*node, len(all))
	above := make(map[fact.MessageID]fact.MessageID, len(all))
	var top []fact.MessageID
	for _, m := range all {
		n := &node{m: m}
		parent := nodes[m.Parent]
		for parent != nil && parent.depth >= maxDepth-1 {
			parent = nodes[above[parent.m.ID]]
		}
		if parent == nil {
			top = append(top, m.ID)
		} else {
			n.depth = parent.depth + 1
			parent.under = append(parent.under, m.ID)
			above[m.ID] = parent.m.ID
		}
		nodes[m.ID] = n
	}
	var build func(ids []fact.MessageID) []Comment
	build = func(ids []fact.MessageID) []Comment {
		comments := make([]Comment, 0, len(ids))
		for _, id := range ids {
			n := nodes[id]
			c := Comment{Message: n.m, ByAuthor: n.m.Direction == Out, Children: build(n.under)}
			if c.ByAuthor {
				c.VoiceName = n.m.Name
			}
			comments = append(comments, c)
		}
		return comments
	}
	return build(top)
}

// CountsByPostIn returns how many messages are visible under each post; one without any is not in the map.
func (s *Service) CountsByPostIn(tx *db.Tx, ids []fact.PostID) (map[fact.PostID]int, error) {
	type count struct {
		post fact.PostID
		n    int
	}
	rows, err := db.AllIn(tx, qCountsByPost, func(r db.Row) (c count, err error) {
		err = r.Scan(&c.post, &c.n)
		return c, err
	}, ids)
	counts := make(map[fact.PostID]int, len(rows))
	for _, c := range rows {
		counts[c.post] = c.n
	}
	return counts, err
}
