package roster

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// Options are what whoever imports says. Their zero value brings people in and no agreement.
type Options struct {
	Fields  []Field          // what each column says; nil is what Look recognised
	Consent consent.Evidence // what holds for all whose row does not say otherwise; without Basis, no agreement is written
	Lang    string           // of people whose row names none; the house's when empty
	DryRun  bool             // say what would happen and change nothing

	Refused  func(Refusal) error // is told of each row that is refused; nil for none
	Progress func(done, all int) // is told how far it came; nil for none
}

// Refusal is a row that did not come.
type Refusal struct {
	Line    int
	Field   string // of the problem, as problem.<field>.<code>; "" for the whole row
	Code    string
	Args    []any
	Row     []string // as it was; nil of somebody who asked to be forgotten
	Columns []string
}

// Deps are what a Service stands on, all of them.
type Deps struct {
	DB       *db.DB
	House    *house.Service
	Contacts *contact.Service
	Consents *consent.Service
	Queue    *queue.Queue
}

// Service imports lists.
type Service struct{ Deps }

// New returns the service, and says who runs its jobs.
func New(d Deps) *Service {
	s := &Service{d}
	queue.Handle(d.Queue, runJob, queue.KindOptions{MaxAttempts: 3, KeepKey: -1}, s.runDue)
	return s
}

// batch is how many rows are written in one commit: some twenty milliseconds on SQLite, whose other writers wait.
const batch = 100

// Import brings the people of a file in. Editors of the whole house may. What is wrong with the options is a problem at their names in snake
// case; a row that cannot come is in the report, and costs no other. It may be run again after it was interrupted, or at any time.
func (s *Service) Import(ctx context.Context, by actor.Actor, f File, o Options) (Report, error) {
	if err := by.Require(actor.Editor, 0); err != nil {
		return Report{}, err
	}
	im := &importer{Service: s, Options: o, by: by, seen: map[uint64]bool{}, seed: maphash.MakeSeed(), now: s.DB.Clock().Now()}
	if err := im.prepare(ctx, f); err != nil {
		return im.report, err
	}
	im.report.DryRun = o.DryRun
	var waiting []Person
	grown := 1000 // people who are new; then the planner is told, who takes a table that was empty a moment ago for a small one
	err := im.layout.each(f, im.Fields, im.now, func(p Person) error {
		if waiting = append(waiting, p); len(waiting) < batch {
			return nil
		}
		err := im.take(ctx, waiting)
		waiting = waiting[:0]
		if err == nil && !o.DryRun && im.report.Created >= grown {
			grown *= 8
			err = s.DB.Analyze(ctx)
		}
		return err
	})
	if err == nil {
		err = im.take(ctx, waiting)
	}
	if err == nil && !o.DryRun && im.report.Created > 1000 {
		err = s.DB.Analyze(ctx)
	}
	return im.report, err
}

// importer is one run.
type importer struct {
	*Service
	Options
	by      actor.Actor
	layout  Layout
	country string
	read    func(contact.NewHandle) (contact.Handle, error)
	fields  []contact.Field // of the house, those that are asked
	adds    bool            // columns may become fields of it
	seen    map[uint64]bool // hashes of the handles of rows before
	seed    maphash.Seed
	now     time.Time
	report  Report
}

// prepare looks at the file and at what holds for all, before anything is done.
func (im *importer) prepare(ctx context.Context, f File) (err error) {
	if im.layout, err = Look(f, im.now); err != nil {
		return err
	}
	return im.settle(ctx, f.Name)
}

// settle reads what holds for all.
func (im *importer) settle(ctx context.Context, name string) (err error) {
	im.report.Program, im.report.File, im.report.Notes, im.report.Reasons = im.layout.Program, name, []Remark{}, []Remark{}
	err = im.DB.Read(ctx, func(tx *db.Tx) error {
		fields, err := im.Contacts.FieldsIn(tx)
		im.fields = contact.Asked(fields)
		im.layout.recogniseOwn(fields)
		return err
	})
	if err != nil {
		return err
	}
	if im.Fields == nil {
		im.Fields = im.layout.Fields
	}
	for _, one := range im.Fields {
		own := slices.ContainsFunc(im.fields, func(f contact.Field) bool { return Own(f.ID) == one })
		if one != None && !own && !slices.Contains(Fields(), one) && (one != NewOwn || !im.adds) {
			return fault.Invalid("columns", "unknown")
		}
	}
	if !im.layout.Cards && !slices.ContainsFunc(im.Fields, func(f Field) bool { return slices.Contains(who, f) }) {
		return fault.Invalid("columns", "nobody")
	}
	err = im.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := im.House.GetIn(tx)
		if err != nil {
			return err
		}
		im.country = h.Country
		if im.Lang == "" {
			im.Lang = h.Lang
		}
		im.read, err = im.Contacts.ReaderIn(tx)
		return err
	})
	if err != nil {
		return err
	}
	e := &im.Options.Consent
	if e.Purpose == "" {
		e.Purpose = consent.Letter
	}
	if e.Source == "" {
		e.Source = im.report.origin()
	}
	if e.Basis == consent.Withdrawal || e.Basis == consent.Objection {
		return fault.Invalid("basis", "unknown")
	}
	check := *e
	if e.Basis == "" { // it may stand in the rows; the rest has to be right
		check.Basis = consent.Client
	} else if e.Wording == "" && slices.Contains(im.Fields, Wording) {
		check.Wording = "?"
	}
	_, err = check.Checked(im.country, im.now)
	return err
}

// errDry rolls a dry run back.
var errDry = errors.New("roster: a dry run")

// take brings some rows in, in one commit.
func (im *importer) take(ctx context.Context, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	rows := make([]row, 0, len(people))
	var refusals []Refusal
	for _, p := range people {
		r, bad := im.plan(p)
		if bad != nil {
			refusals = append(refusals, *bad)
			continue
		}
		rows = append(rows, r)
	}
	var did slice
	err := im.DB.Write(ctx, func(tx *db.Tx) error {
		did = slice{importer: im, tx: tx}
		if err := did.run(rows); err != nil || !im.DryRun {
			return err
		}
		return errDry
	})
	if err != nil && !errors.Is(err, errDry) {
		return err
	}
	for _, r := range rows {
		for _, h := range r.handles {
			im.seen[im.hash(h)] = true
		}
	}
	im.report.add(did.report)
	for _, r := range append(refusals, did.refusals...) {
		im.report.refuse(r)
		if im.Refused == nil {
			continue
		}
		r.Columns = im.columns()
		if err := im.Refused(r); err != nil {
			return err
		}
	}
	im.report.Rows += len(people)
	if im.Progress != nil {
		im.Progress(im.report.Rows, im.layout.Rows)
	}
	return ctx.Err()
}

// columns are the names over Refusal.Row.
func (im *importer) columns() []string {
	switch {
	case im.layout.Cards:
		return cardColumns
	case im.layout.Headed:
		return im.layout.Columns
	}
	names := make([]string, len(im.Fields))
	for i, f := range im.Fields {
		names[i] = string(f)
	}
	return names
}

func (im *importer) hash(h contact.Handle) uint64 {
	return maphash.String(im.seed, h.Channel+"\x00"+h.Key)
}
