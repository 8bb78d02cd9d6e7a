package wordpress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer"
)

// Deps are the services that an import writes through.
type Deps struct {
	DB     *db.DB
	House  *house.Service
	Voices *voice.Service
	Posts  *post.Service
	Media  *media.Service
	Inbox  *inbox.Service
}

// Options say how to import.
type Options struct {
	Voice  fact.VoiceID  // zero is the main voice
	DryRun bool          // write and fetch nothing; the report has the counts of a real run
	Fetch  *fetch.Client // nil leaves files where they are
	// CategoryBase and TagBase are the words before the names of categories and tags in the addresses of the old site ("rubrique"), ""
	// for those that its own links show.
	CategoryBase, TagBase string
	// Progress, when not nil, is called after each post and page that was read, with how many were and how many there are.
	Progress func(done, all int)
}

// group is how many posts are written with one commit.
const group = 50

// Import is ImportAll of an export of one file, that r holds.
func Import(ctx context.Context, d Deps, r io.ReadSeeker, o Options) (transfer.Report, error) {
	return ImportAll(ctx, d, []Export{{Open: func() (io.ReadCloser, error) {
		_, err := r.Seek(0, io.SeekStart)
		return io.NopCloser(r), err
	}}}, o)
}

// ImportAll brings in an export of one file or several. When none of them is an export it is the conflict import.not_wordpress, and
// nothing is written. After another error what the report counts is there, and running the import again brings the rest.
func ImportAll(ctx context.Context, d Deps, files []Export, o Options) (transfer.Report, error) {
	im := &importer{Deps: d, Options: o, report: transfer.Report{DryRun: o.DryRun}, now: d.DB.Clock().Now()}
	h, err := d.House.Get(ctx)
	if err != nil {
		return im.report, err
	}
	if im.Voice.IsZero() {
		main, err := d.Voices.Main(ctx)
		if err != nil {
			return im.report, err
		}
		im.Voice = main.ID
	}
	im.zone = h.Location()
	if err := im.survey(files); err != nil {
		return im.report, err
	}
	if err := im.begin(ctx); err != nil {
		return im.report, err
	}
	err = im.run(ctx, files)
	err = errors.Join(err, im.settle()) // whatever happened, what was begun is finished and counted
	if err == nil && !im.DryRun && im.report.Posts+im.report.Pages > 0 {
		err = im.DB.Analyze(ctx)
	}
	return im.report, err
}

// each reads the records of every file, in their order. What breaks off is told by broken, and the next file is read; an error of
// broken or of f ends it.
func each(files []Export, f func(wxr.Record) error, broken func(Export, error) error) error {
	for _, file := range files {
		r, err := file.Open()
		if err != nil {
			return fault.Conflict("import.no_source", file.Name).Because(err)
		}
		for rec, err := range wxr.Read(r) {
			if err != nil {
				err = broken(file, err)
			} else {
				err = f(rec)
			}
			if err != nil {
				r.Close()
				return err
			}
		}
		if err := r.Close(); err != nil {
			return fmt.Errorf("wordpress: %s: %w", file.Name, err)
		}
	}
	return nil
}

// importer is the state of one import.
type importer struct {
	Deps
	Options
	report transfer.Report
	ledger transfer.Ledger
	now    time.Time
	zone   *time.Location
	site   site
	files  files
	seen   distinct // names that were counted, and items that were met
	done   int      // posts and pages that were read

	writing *writing // nil when none is
}

// distinct remembers which names of a kind were met.
type distinct map[string]map[string]bool

// first reports whether name is met for the first time.
func (d distinct) first(kind, name string) bool {
	if d[kind] == nil {
		d[kind] = map[string]bool{}
	}
	if d[kind][name] {
		return false
	}
	d[kind][name] = true
	return true
}

// begin opens the ledger. A site is the same under http, https and www: what came from it once keeps the name that it had then.
func (im *importer) begin(ctx context.Context) error {
	im.seen = distinct{}
	im.ledger = transfer.Ledger{Source: program + ":" + addressKey(im.site.address)}
	err := im.DB.Read(ctx, func(tx *db.Tx) error {
		had, err := transfer.Sources(tx, program)
		for _, source := range had {
			if addressKey(strings.TrimPrefix(source, program+":")) == addressKey(im.site.address) {
				im.ledger.Source = source
				break
			}
		}
		return err
	})
	im.report.Source = im.ledger.Source
	return err
}

// program is the name of these imports in the ledger.
const program = "wordpress"

// run is the second reading. Errors of the files themselves were reported by the first.
func (im *importer) run(ctx context.Context, files []Export) error {
	var batch []wxr.Item
	weight := 0
	flush := func() error {
		if err := im.take(ctx, batch); err != nil {
			return err
		}
		batch, weight = batch[:0], 0
		return ctx.Err()
	}
	err := each(files, func(rec wxr.Record) error {
		it, ok := rec.(wxr.Item)
		if !ok || !im.wanted(it) {
			return nil
		}
		for _, part := range im.parted(it) {
			batch = append(batch, part)
			weight += len(part.Content) + 200*len(part.Comments)
		}
		if len(batch) < group && weight < maxWeight {
			return nil
		}
		return flush()
	}, func(Export, error) error { return nil })
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	if im.Progress != nil {
		im.Progress(im.site.posts, im.site.posts)
	}
	im.unused()
	return nil
}

// maxWeight is how many bytes of content a group may hold before it is written, full or not.
const maxWeight = 4 << 20

// wanted reports whether an item becomes a post, and notes what the others were.
func (im *importer) wanted(it wxr.Item) bool {
	switch it.Type {
	case "post", "page":
	case "attachment":
		im.lostComments(it)
		return false
	case "wp_block": // stands where posts show it; see unused
		return false
	default:
		im.report.Add("type", it.Type, it.Title)
		im.lostComments(it)
		return false
	}
	switch it.Status {
	case "trash", "auto-draft", "inherit":
		im.report.Add("left_status", it.Status, label(it))
		im.lostComments(it)
		return false
	}
	if !im.seen.first("item", external(it)) {
		im.report.Add("twice", "", label(it))
		return false
	}
	return true
}

// lostComments notes comments on what does not come in.
func (im *importer) lostComments(it wxr.Item) {
	if n := len(it.Comments); n > 0 {
		im.report.AddN("lost_comments", it.Type, label(it), n)
	}
}

// refusal tells an unreadable file from one that was cut short.
func (im *importer) refusal(file Export, err error) error {
	if e, ok := errors.AsType[*wxr.Error](err); ok && !errors.Is(err, wxr.ErrNotExport) && !errors.Is(err, errUnpacked) {
		im.report.Add("cut", fmt.Sprint(e.Line), strings.Trim(file.Name+" · "+e.Title, " ·"))
		return nil
	}
	if errors.Is(err, errUnpacked) {
		return fault.Conflict("import.too_large", file.Name)
	}
	return fault.Conflict("import.not_wordpress", file.Name)
}

// codeOf is the code of a fault, "" of another error.
func codeOf(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Code
	}
	return ""
}
