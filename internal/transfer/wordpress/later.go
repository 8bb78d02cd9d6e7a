package wordpress

import (
	"context"
	"slices"
	"strings"

	"cmp"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// later brings to a post of an earlier run the files that could not be had then: where its text still names one on the old site, the
// address becomes the file's; a cover that never came is put. What was written by hand since stays. What cannot be had this time
// either is in the report again.
func (im *importer) later(ctx context.Context, it wxr.Item, id fact.PostID, name string) error {
	var now post.Post
	err := im.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now, err = im.Posts.GetIn(tx, actor.Importer(), id)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || err == nil && !now.DeletedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	at, _ := it.Published()
	var change post.Patch
	body := now.Body
	for _, address := range im.addresses(it) {
		a := im.site.find(address)
		if a == nil || replaceWhole(body, address, "") == body {
			continue
		}
		m, ok, err := im.bring(ctx, a, at)
		if err != nil {
			return err
		}
		if ok {
			body = replaceWhole(body, address, media.Src(m))
			change.Body = &body
		}
	}
	if err := im.coverLater(ctx, it, now, &change, name); err != nil {
		return err
	}
	if im.DryRun || change == (post.Patch{}) {
		return nil
	}
	_, err = im.Posts.Save(ctx, actor.Importer(), id, change, now.Version)
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) { // too long now, or somebody writes in it at this moment
		im.report.Add("refused", err.Error(), name)
		return nil
	}
	return err
}

// addresses returns what the text of an item shows or links to, the longer first: one address may begin another.
func (im *importer) addresses(it wxr.Item) []string {
	md, err := htmlmd.Convert(it.Content, htmlmd.Options{WordPress: true, Attachment: im.attachment, Attached: im.site.attached[it.ID]})
	if err != nil {
		return nil
	}
	all := slices.Clone(md.Images)
	for _, link := range md.Links {
		if !slices.Contains(all, link) && (isPicture(link) || isDocument(link)) {
			all = append(all, link)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// coverLater puts the cover that a post has not had yet. One that came once and was taken off stays off.
func (im *importer) coverLater(ctx context.Context, it wxr.Item, now post.Post, change *post.Patch, name string) error {
	a := im.site.library[it.Thumbnail()]
	if a == nil || !now.Cover.IsZero() {
		return nil
	}
	came := false
	err := im.DB.Read(ctx, func(tx *db.Tx) error {
		seen, err := im.ledger.Seen(tx, transfer.KindFile, []string{a.url})
		came = seen[a.url] != 0
		return err
	})
	if err != nil || came {
		return err
	}
	at, _ := it.Published()
	var p post.Import
	p.Title = now.Title
	if err := im.cover(ctx, &p, it.Thumbnail(), at, name); err != nil || p.Cover.IsZero() {
		return err
	}
	change.Cover, change.CoverAlt, change.CoverCaption = &p.Cover, &p.CoverAlt, &p.CoverCaption
	return nil
}

// replaceWhole replaces old by new where it stands as an address of its own, not as the beginning or the end of another.
func replaceWhole(body, old, new string) string {
	if old == "" {
		return body
	}
	var b strings.Builder
	for {
		i := strings.Index(body, old)
		if i < 0 {
			b.WriteString(body)
			return b.String()
		}
		end := i + len(old)
		whole := (i == 0 || !inAddress(body[i-1])) && (end == len(body) || !inAddress(body[end]))
		b.WriteString(body[:i])
		if whole {
			b.WriteString(new)
		} else {
			b.WriteString(old)
		}
		body = body[end:]
	}
}

// inAddress reports whether c goes on with an address in Markdown.
func inAddress(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || strings.IndexByte("-._~/?#@!$&'*+,;=%:", c) >= 0
}
