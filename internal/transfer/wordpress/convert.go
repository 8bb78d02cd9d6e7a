package wordpress

import (
	"maps"
	"slices"
	"strings"

	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
)

// maxShared bounds what is kept of the blocks that posts share, in bytes.
const maxShared = 8 << 20

// convert makes Markdown of what an item says, with what WordPress keeps elsewhere: its files, its notes, the blocks it shares. A page of
// Elementor whose content was never written out is read where the builder keeps it.
func (im *importer) convert(it wxr.Item) (htmlmd.Result, error) {
	md, err := im.convertHTML(it, it.Content)
	if err != nil || strings.TrimSpace(md.Markdown) != "" {
		return md, err
	}
	if built := htmlmd.Elementor(it.MetaFirst("_elementor_data")); built != "" {
		return im.convertHTML(it, built)
	}
	return md, nil
}

// builders are the fields in which other builders of pages keep what they show, in forms of their own.
var builders = map[string]string{"_elementor_data": "Elementor", "_fl_builder_data": "Beaver Builder", "_bricks_page_content_2": "Bricks", "_bricks_page_content": "Bricks",
	"ct_builder_shortcodes": "Oxygen", "_ct_builder_shortcodes": "Oxygen", "ct_builder_json": "Oxygen", "_breakdance_data": "Breakdance", "panels_data": "SiteOrigin",
	"_themify_builder_settings_json": "Themify", "_cornerstone_data": "Cornerstone", "brizy": "Brizy", "tve_updated_post": "Thrive", "mfn-page-items": "BeBuilder", "_visual_composer_page_content": "Visual Composer"}

// unread returns the builder of a page that came out empty, "" when there is none.
func unread(it wxr.Item) string {
	for _, key := range slices.Sorted(maps.Keys(builders)) {
		if len(it.MetaFirst(key)) > len("[]") {
			return builders[key]
		}
	}
	return ""
}

func (im *importer) convertHTML(it wxr.Item, src string) (htmlmd.Result, error) {
	return htmlmd.Convert(src, htmlmd.Options{WordPress: true, Attachment: im.attachment, Attached: im.site.attached[it.ID],
		Footnotes: footnotes(it), Block: im.sharedBlock, Address: im.addressOf(it)})
}

// footnotes returns the notes of an item by their names: WordPress 6.3 and later keep them in a field beside it.
func footnotes(it wxr.Item) map[string]string {
	var notes []struct{ ID, Content string }
	if !htmlmd.FromJSON(it.MetaFirst("footnotes"), &notes) {
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
