package wordpress

import (
	"cmp"
	"slices"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/protocol/wxr"
)

// dated is when a post was published.
type dated struct {
	id int64
	at time.Time
}

// date sets when the item was published. When only the clock of the old site tells, it is read in the house's zone.
func (im *importer) date(p *post.Import, it wxr.Item) {
	at, exact := it.Published()
	if at.IsZero() || !clock.Within(at) {
		return
	}
	if !exact {
		at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, im.zone)
	}
	p.PublishedAt, p.CreatedAt = at.UTC(), at.UTC()
}

// undated gives what was published without a date, or with one that no calendar has, the date of its neighbour by number, which
// was written about then; without any it is a draft. It must not stand on top of the front page as if it were new.
func (im *importer) undated(p *post.Import, it wxr.Item, name string) {
	if p.Status != post.Published || !p.PublishedAt.IsZero() {
		return
	}
	at := im.site.near(it.ID)
	if at.IsZero() {
		p.Status = post.Writing
		im.report.Add("no_date", "", name)
		return
	}
	p.PublishedAt, p.CreatedAt = at, at
	im.report.Add("date_made", at.Format(time.DateOnly), name)
}

// near returns the date of the post whose number is the nearest, the earlier one of two.
func (s *site) near(id int64) time.Time {
	if len(s.dated) == 0 {
		return time.Time{}
	}
	if !s.sorted {
		slices.SortFunc(s.dated, func(a, b dated) int { return cmp.Or(cmp.Compare(a.id, b.id), a.at.Compare(b.at)) })
		s.sorted = true
	}
	i, _ := slices.BinarySearchFunc(s.dated, id, func(d dated, id int64) int { return cmp.Compare(d.id, id) })
	switch {
	case i == 0:
		return s.dated[0].at
	case i == len(s.dated) || id-s.dated[i-1].id <= s.dated[i].id-id:
		return s.dated[i-1].at
	}
	return s.dated[i].at
}
