package wordpress

import (
	"context"
	"slices"
	"strings"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
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
	had, still := map[string]string{}, addressesIn(now.Body)
	for _, address := range im.addresses(it) {
		a := im.site.find(im.addressOf(it)(address))
		if a == nil || !still[htmlmd.Destination(address)] {
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
	if len(had) > 0 {
		body := replaceEach(unnamed(now.Body, had), had)
		change.Body = &body
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

// addresses returns what the text of an item shows or links to, as it is written there and as it counts: earlier versions kept the
// first.
func (im *importer) addresses(it wxr.Item) []string {
	md, err := im.convert(it)
	raw, rawErr := htmlmd.Convert(it.Content, htmlmd.Options{WordPress: true})
	if err != nil || rawErr != nil {
		return nil
	}
	return append(shownIn(md), shownIn(raw)...)
}

// shownIn returns the pictures of a text, and then the files that it links to or plays, each once.
func shownIn(md htmlmd.Result) []string {
	all, seen := slices.Clone(md.Images), map[string]bool{}
	for _, address := range all {
		seen[address] = true
	}
	for _, link := range md.Links {
		if !seen[link] && isFile(link) {
			all = append(all, link)
		}
	}
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
		file, err := im.fileIn(tx, a.url)
		came = !file.IsZero()
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

// replaceEach replaces each address that stands in Markdown as a whole, not as the beginning or the end of another. One that is its own
// text gets the name of its file instead, since no address of ours is read as one there. It looks once at the body, however many they are.
func replaceEach(body string, by map[string]string) string {
	var b strings.Builder
	for rest := body; rest != ""; {
		if run := addressAt(rest[1:]); rest[0] == '<' && strings.HasPrefix(rest[1+len(run):], ">") && by[run] != "" {
			b.WriteString("[" + inText.Replace(nameOf(run)) + "](" + by[run] + ")")
			rest = rest[len(run)+2:]
			continue
		}
		run := len(addressAt(rest))
		if here, ok := by[rest[:run]]; ok && run > 0 {
			b.WriteString(here)
		} else {
			b.WriteString(rest[:max(run, 1)])
		}
		rest = rest[max(run, 1):]
	}
	return b.String()
}

// named gives the pictures that stayed elsewhere and have no words the name of their file: a page shows a link in their place, and a link
// without words is nothing.
func named(body string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(body, "![](")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("![")
		if address := addressAt(rest); strings.HasPrefix(address, "http") {
			b.WriteString(inText.Replace(nameOf(address)))
		}
		b.WriteString("](")
		body = rest
	}
}

// unnamed takes these names back, where the picture comes after all.
func unnamed(body string, by map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(body, "![")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("![")
		name, target, _ := strings.Cut(rest, "](")
		if address := addressAt(target); name != "" && by[address] != "" && name == inText.Replace(nameOf(address)) {
			rest = rest[len(name):]
		}
		body = rest
	}
}

// inText escapes what Markdown would take for a mark in the name of a file.
var inText = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`)

// addressesIn returns what may be an address in Markdown.
func addressesIn(body string) map[string]bool {
	all := map[string]bool{}
	for rest := body; rest != ""; {
		run := addressAt(rest)
		all[run] = true
		rest = rest[max(len(run), 1):]
	}
	return all
}

// addressAt returns the longest beginning of s that one address may be.
func addressAt(s string) string {
	n := 0
	for n < len(s) && inAddress(s[n]) {
		n++
	}
	return s[:n]
}

// inAddress reports whether c goes on with an address in Markdown.
func inAddress(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || strings.IndexByte("-._~/?#@!$&'*+,;=%:", c) >= 0
}
