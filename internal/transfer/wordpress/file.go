package wordpress

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/text"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// files is what is known of files so far.
type files struct {
	brought map[string]media.Media // by address; the zero Media could not be brought
	failed  map[string]int         // times in a row that a host did not answer
}

// patience is how many times in a row a host may fail before it is left alone: it is gone, as old sites are.
const patience = 5

// attachment is what htmlmd asks for galleries.
func (im *importer) attachment(id int64) (address, alt, caption string, ok bool) {
	a := im.site.library[id]
	if a == nil {
		return "", "", "", false
	}
	return a.url, cmp.Or(a.alt, a.title), a.caption, true
}

// show brings in the files that a post shows: its cover, and those of the old site's library in its text. What cannot be
// had keeps its address.
func (im *importer) show(ctx context.Context, p *post.Import, it wxr.Item, md htmlmd.Result, name string) error {
	at, _ := it.Published()
	if id := it.Thumbnail(); id != 0 {
		if err := im.cover(ctx, p, id, at, name); err != nil {
			return err
		}
	}
	had := map[string]string{} // address there -> address here
	for i, address := range shownIn(md) {
		a := im.site.find(address)
		if a == nil {
			if i < len(md.Images) {
				im.report.Add("foreign_picture", hostOf(address), name)
			}
			continue
		}
		m, ok, err := im.bring(ctx, a, at)
		if err != nil {
			return err
		}
		if ok {
			had[htmlmd.Destination(address)] = media.Src(m)
		}
	}
	p.Body = named(replaceEach(p.Body, had))
	return nil
}

func (im *importer) cover(ctx context.Context, p *post.Import, id int64, at time.Time, name string) error {
	a := im.site.library[id]
	if a == nil {
		im.report.Add("cover_unknown", "", name)
		return nil
	}
	m, ok, err := im.bring(ctx, a, at)
	if err != nil || !ok || !m.IsPicture() {
		return err
	}
	p.Cover, p.CoverAlt, p.CoverCaption = m.ID, cmp.Or(a.alt, a.title, p.Title), a.caption
	return nil
}

// bring returns the file of an attachment in the house, fetched the first time. ok is false when it stays where it is,
// which the report then says.
func (im *importer) bring(ctx context.Context, a *attachment, at time.Time) (m media.Media, ok bool, err error) {
	if !a.used {
		a.used = true
		im.report.Files++
	}
	if im.Fetch == nil {
		if im.seen.first("file", a.url) {
			im.report.Add("not_fetched", hostOf(a.url), a.url)
		}
		return m, false, nil
	}
	if im.DryRun {
		return m, false, nil
	}
	if m, known := im.files.brought[a.url]; known {
		return m, !m.ID.IsZero(), nil
	}
	if m, err = im.broughtBefore(ctx, a.url); err != nil {
		return m, false, err
	}
	if m.ID.IsZero() {
		if m, err = im.fetch(ctx, a, at); err != nil {
			return m, false, err
		}
	}
	if im.files.brought == nil {
		im.files.brought = map[string]media.Media{}
	}
	im.files.brought[a.url] = m
	if !m.ID.IsZero() {
		im.report.Fetched++
	}
	return m, !m.ID.IsZero(), nil
}

// broughtBefore returns the file that an earlier run brought, the zero Media when there is none.
func (im *importer) broughtBefore(ctx context.Context, address string) (m media.Media, err error) {
	err = im.DB.Read(ctx, func(tx *db.Tx) error {
		id, err := im.fileIn(tx, address)
		if err != nil || id.IsZero() {
			return err
		}
		m, err = im.Media.ByID(tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		return err
	})
	return m, err
}

// fileIn returns the file that came from an address, by whichever of its names the ledger has it: a file is the same under http, https
// and www.
func (im *importer) fileIn(tx *db.Tx, address string) (fact.MediaID, error) {
	host, path, _ := strings.Cut(addressKey(address), "/")
	names := []string{addressKey(address), address}
	for _, scheme := range []string{"http://", "https://"} {
		names = append(names, scheme+host+"/"+path, scheme+"www."+host+"/"+path)
	}
	seen, err := im.ledger.Seen(tx, transfer.KindFile, names)
	for _, name := range names {
		if id := seen[name]; id != 0 {
			return fact.MediaID(id), err
		}
	}
	return 0, err
}

// fetch gets a file and keeps it. The error is the house's own trouble; that of others is noted.
func (im *importer) fetch(ctx context.Context, a *attachment, at time.Time) (media.Media, error) {
	host := hostOf(a.url)
	if im.files.failed == nil {
		im.files.failed = map[string]int{}
	}
	if im.files.failed[host] >= patience {
		im.report.Add("not_fetched", host, a.url)
		return media.Media{}, nil
	}
	got, err := im.Fetch.Get(ctx, a.url, fetch.MaxBytes(media.MaxBytes))
	if err != nil {
		if ctx.Err() != nil {
			return media.Media{}, ctx.Err()
		}
		if status, ok := errors.AsType[*fetch.ErrStatus](err); ok {
			im.files.failed[host] = 0
			im.report.Add("file_status", fmt.Sprint(status.Code), a.url)
			return media.Media{}, nil
		}
		if errors.Is(err, fetch.ErrTooLarge) {
			im.report.Add("file_large", fmt.Sprint(media.MaxBytes>>20), a.url)
			return media.Media{}, nil
		}
		im.files.failed[host]++
		im.report.Add("not_fetched", host, a.url)
		return media.Media{}, nil
	}
	im.files.failed[host] = 0
	m, err := im.Media.Bring(ctx, actor.Importer(), nameOf(a.url), bytes.NewReader(got.Body), text.Clip(a.alt, 300), at)
	switch fault.KindOf(err) {
	case fault.KindTooLarge:
		im.report.Add("file_large", fmt.Sprint(media.MaxBytes>>20), a.url)
		return media.Media{}, nil
	case fault.KindInvalid:
		im.report.Add("file_type", strings.TrimPrefix(kindOf(a.url), "."), a.url)
		return media.Media{}, nil
	}
	if err != nil {
		return media.Media{}, fmt.Errorf("wordpress: file %s: %w", a.url, err)
	}
	if a.caption != "" {
		if err := im.Media.Describe(ctx, actor.Importer(), m.ID, text.Clip(a.alt, 300), text.Clip(a.caption, 300)); err != nil {
			return media.Media{}, fmt.Errorf("wordpress: file %s: %w", a.url, err)
		}
	}
	err = im.DB.Write(ctx, func(tx *db.Tx) error {
		if err := im.Posts.LeadToFile(tx, m.ID, a.oldPaths()); err != nil {
			return err
		}
		return im.ledger.Note(tx, transfer.Entry{Kind: transfer.KindFile, External: addressKey(a.url), Local: int64(m.ID)})
	})
	return m, err
}

// oldPaths returns the addresses by which the world knows a file and the page that WordPress made around it.
func (a *attachment) oldPaths() []string {
	paths := []string{pathOf(a.url)}
	if whole := sized.ReplaceAllString(paths[0], "$1"); whole != paths[0] { // photo-scaled.jpg: what was uploaded, and its other copies
		paths = append(paths, whole)
	}
	if a.page != "" {
		paths = append(paths, a.page)
	}
	if a.id != 0 {
		paths = append(paths, "/?attachment_id="+strconv.FormatInt(a.id, 10), "/?p="+strconv.FormatInt(a.id, 10))
	}
	return paths
}

// unused notes how much of the library, and which shared blocks, no post shows. A second run looks at new posts only, so it cannot tell.
func (im *importer) unused() {
	if im.report.Already > 0 {
		return
	}
	for _, b := range im.site.shared {
		if !b.used {
			im.report.Add("type", "wp_block", b.title)
		}
	}
	for _, a := range im.site.library {
		if !a.used {
			im.report.Add("unused", "", "")
		}
	}
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return ""
}

func pathOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Path
	}
	return ""
}

func nameOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return path.Base(u.Path)
	}
	return ""
}
