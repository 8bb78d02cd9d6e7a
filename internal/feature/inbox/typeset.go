package inbox

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

var qTypeset = db.Q("message.typeset", `UPDATE messages SET html = $3 WHERE id = $1 AND body = $2`)

// Typeset makes the HTML of every message anew from what was written, batch by batch, and reports whether any is another than
// before: after a restore, and once after the renderer learned something. HTML without a source is sanitised.
func (s *Service) Typeset(ctx context.Context) (changed bool, err error) {
	for after := fact.MessageID(0); ; {
		var batch []Message
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			batch, err = db.All(tx, qBatch, scan, int64(after))
			return err
		})
		if err != nil || len(batch) == 0 {
			return changed, err
		}
		var other []Message
		for _, m := range batch {
			html, err := m.typeset(ctx)
			if err != nil {
				return changed, err
			}
			if html != m.HTML {
				m.HTML = html
				other = append(other, m)
			}
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			for _, m := range other {
				if _, err := db.Exec(tx, qTypeset, m.ID, m.Body, string(m.HTML)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return changed, err
		}
		changed, after = changed || len(other) > 0, batch[len(batch)-1].ID
	}
}

// typeset returns the HTML of m, as it was made when m came.
func (m Message) typeset(ctx context.Context) (text.HTML, error) {
	o := text.Options{Untrusted: true}
	if m.Kind == KindAnswer && m.Direction == Out {
		o = answered
	}
	if m.Body == "" {
		if m.HTML == "" {
			return "", nil
		}
		return text.Sanitize(string(m.HTML), text.Comment), nil
	}
	o.Lang, o.Prefix = m.Lang, m.ID.String()
	out, err := text.RenderContext(ctx, m.Body, o)
	return out.HTML, err
}
