package wordpress

import (
	"encoding/json"

	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
)

// maxShared bounds what is kept of the blocks that posts share, in bytes.
const maxShared = 8 << 20

// convert makes Markdown of what an item says, with what WordPress keeps elsewhere: its files, its notes, the blocks it shares.
func (im *importer) convert(it wxr.Item) (htmlmd.Result, error) {
	return htmlmd.Convert(it.Content, htmlmd.Options{WordPress: true, Attachment: im.attachment, Attached: im.site.attached[it.ID],
		Footnotes: footnotes(it), Block: im.sharedBlock, Address: im.addressOf(it)})
}

// footnotes returns the notes of an item by their names: WordPress 6.3 and later keep them in a field beside it.
func footnotes(it wxr.Item) map[string]string {
	var notes []struct{ ID, Content string }
	if err := json.Unmarshal([]byte(it.MetaFirst("footnotes")), &notes); err != nil {
		return nil
	}
	byName := make(map[string]string, len(notes))
	for _, n := range notes {
		byName[n.ID] = n.Content
	}
	return byName
}

// sharedBlock is a block that several posts show.
type sharedBlock struct {
	title, html string
	used        bool
}

func (s *site) keepBlock(it wxr.Item) {
	if s.sharedSize += len(it.Content); s.sharedSize <= maxShared {
		s.shared[it.ID] = &sharedBlock{title: label(it), html: it.Content}
	}
}

func (im *importer) sharedBlock(id int64) (string, bool) {
	b := im.site.shared[id]
	if b == nil {
		return "", false
	}
	b.used = true
	return b.html, true
}
