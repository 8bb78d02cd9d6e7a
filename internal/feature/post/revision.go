package post

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
)

// How long revisions are kept as they were made: all of them, then one an hour, then one a day.
const (
	KeepRevisions   = 24 * time.Hour
	HourlyRevisions = 7 * 24 * time.Hour
)

// Crowded: every so many saves the revisions of the last day are thinned to one a minute, but those of the last hour. A page that
// saves itself while somebody writes all day leaves some hundreds, not thousands.
const crowded = 200

// Revision is what a post said after a save, as a list shows it; with Texts when it is read alone.
type Revision struct {
	ID        fact.RevisionID
	Post      fact.PostID
	Version   int // of the post that it became
	At        time.Time
	Account   fact.AccountID // 0: the program, or nobody knows
	Author    string         // the name of who saved it
	Published bool           // others read it
	Aside     bool           // the post never said it: it was typed beside, and joined with it or given up
	Title     string
	Words     int

	Texts map[string]string // what was filled in, by the names of properties; "section", "tags" and "cover" too
}

// textsOf is what a revision of p keeps: all that its writer fills in, but where it stands.
func textsOf(p Post) map[string]string {
	kept := map[string]string{"section": p.Section, "tags": p.TagNames(), "cover": p.Cover.String()}
	for _, one := range properties {
		if one.Name != "kind" {
			kept[one.Name] = *one.of(&p.Input)
		}
	}
	return kept
}

// saysSomething reports whether anybody wrote anything into p.
func (p Post) saysSomething() bool {
	for _, one := range properties {
		if !one.setting && *one.of(&p.Input) != "" {
			return true
		}
	}
	return false
}

// differ reports whether a save changed what a revision keeps.
func differ(was, p Post) bool { return !maps.Equal(textsOf(was), textsOf(p)) }

// Patch brings the words of r back: what was written, its language and its cover. Where the post stands, its address and its tags
// stay as they are.
func (r Revision) Patch() Patch {
	var in Patch
	for _, one := range properties {
		if s, ok := r.Texts[one.Name]; ok && (!one.setting || one.Name == "lang") {
			*one.in(&in) = &s
		}
	}
	if s, ok := r.Texts["cover"]; ok {
		id, err := fact.Parse[fact.MediaID](s)
		if err != nil {
			id = 0
		}
		in.Cover = &id
	}
	return in
}

// withoutCover leaves the cover as it is, with what it shows: its file is no more.
func (in Patch) withoutCover() Patch {
	in.Cover, in.CoverAlt, in.CoverCaption = nil, nil, nil
	return in
}

// missesCover reports whether in names a cover that is not among files.
func (in Patch) missesCover(files map[fact.MediaID]media.Media) bool {
	if in.Cover == nil || in.Cover.IsZero() {
		return false
	}
	m, ok := files[*in.Cover]
	return !ok || !m.IsPicture()
}

// stamp is what thinning looks at.
type stamp struct {
	id        fact.RevisionID
	at        time.Time
	published bool
}

// thin returns which of the revisions of a post, the newest first, are one too many at now: all of the last day stay, one an hour of
// the last week, one a day before. The last of each stays; so do the newest of all and what others read. With tight, one a minute stays
// of the last day, but all of its last hour.
func thin(now time.Time, all []stamp, tight bool) (gone []fact.RevisionID) {
	last := time.Time{} // the beginning of the minute, hour or day of which one stays
	for i, r := range all {
		var span time.Duration
		switch age := now.Sub(r.at); {
		case age > HourlyRevisions:
			span = 24 * time.Hour
		case age > KeepRevisions:
			span = time.Hour
		case tight && age > time.Hour:
			span = time.Minute
		}
		if span == 0 {
			continue
		}
		begins := r.at.Truncate(span)
		switch {
		case i > 0 && begins.Equal(last) && !r.published:
			gone = append(gone, r.id)
		default:
			last = begins
		}
	}
	return gone
}

// thinAt is the midnight at which a revision is next looked at; zero when it stays for good.
func thinAt(at, now time.Time) time.Time {
	for _, after := range []time.Duration{KeepRevisions, HourlyRevisions} {
		if due := at.Add(after).Truncate(24 * time.Hour).Add(24 * time.Hour); due.After(now) {
			return due
		}
	}
	return time.Time{}
}

// squeeze and stretch store the texts of a revision: most of a text that is saved again is words that were there, but rows stand alone.
func squeeze(texts map[string]string) ([]byte, error) {
	plain, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// maxTexts is more than any post says.
const maxTexts = 32 << 20

func stretch(b []byte) (texts map[string]string, err error) {
	r := flate.NewReader(bytes.NewReader(b))
	plain, err := io.ReadAll(io.LimitReader(r, maxTexts))
	if err == nil {
		err = json.Unmarshal(plain, &texts)
	}
	if err != nil {
		err = fmt.Errorf("post: a revision that cannot be read: %w", err)
	}
	return texts, err
}
