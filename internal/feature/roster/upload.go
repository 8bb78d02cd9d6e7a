package roster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/text"
)

// KeepUploads is how long the report of a list stays. Its file goes when it was read.
const KeepUploads = 7 * 24 * time.Hour

// MaxUpload is how many bytes a file has that is given on the page.
const MaxUpload = 32 << 20

const (
	chunkSize  = 256 << 10
	maxRefused = 5000 // rows that are kept to be mended
)

// Where an Upload stands.
const (
	Waiting = "waiting" // for somebody to say what it is
	Running = "running"
	Done    = "done"
	Failed  = "failed"
)

// Choice is what somebody says of a list on the page.
type Choice struct {
	Fields       []Field `json:"fields"`
	Basis        string  `json:"basis"`
	Jurisdiction string  `json:"jurisdiction"`
	Wording      string  `json:"wording"`
	Source       string  `json:"source"`
	Theme        string  `json:"theme"`
}

func (c Choice) options() Options {
	return Options{Fields: c.Fields, Consent: consent.Evidence{Basis: c.Basis, Jurisdiction: c.Jurisdiction, Wording: c.Wording, Source: c.Source, Theme: c.Theme}}
}

// Upload is a list that was given, until its report is old.
type Upload struct {
	ID        fact.ImportID
	Account   fact.AccountID
	Name      string // of the file
	State     string
	Choice    Choice
	Report    Report
	Refused   []Refusal // some thousands at most
	Done      int       // rows
	Total     int
	CreatedAt time.Time
}

const uploadColumns = `id, account_id, name, state, options, report, refused, done, total, created_at`

var (
	qUpload  = db.Q("import.get", `SELECT `+uploadColumns+` FROM imports WHERE id = $1`)
	qUploads = db.Q("import.recent", `SELECT `+uploadColumns+` FROM imports WHERE state <> 'waiting' ORDER BY created_at DESC, id DESC LIMIT 10`)
	qKeep    = db.Q("import.insert", `
		INSERT INTO imports (id, account_id, name, state, options, report, refused, done, total, created_at) VALUES ($1, $2, $3, 'waiting', '{}', '{}', '[]', 0, $4, $5)`)
	qChunk  = db.Q("import.add_chunk", `INSERT INTO import_chunks (import_id, n, data) VALUES ($1, $2, $3)`)
	qChunks = db.Q("import.chunks", `SELECT data FROM import_chunks WHERE import_id = $1 ORDER BY n`)
	qStart  = db.Q("import.start", `UPDATE imports SET state = 'running', options = $2 WHERE id = $1 AND state = 'waiting'`)
	qStep   = db.Q("import.step", `UPDATE imports SET done = $2 WHERE id = $1`)
	qEnd    = db.Q("import.end", `UPDATE imports SET state = $2, report = $3, refused = $4, done = total WHERE id = $1`)
	qDrop   = db.Q("import.drop_chunks", `DELETE FROM import_chunks WHERE import_id = $1`)
	qPrune  = db.Q("import.prune", `DELETE FROM imports WHERE id IN (SELECT id FROM imports WHERE created_at < $1 ORDER BY created_at LIMIT 100)`)
)

func scanUpload(r db.Row) (u Upload, err error) {
	return u, r.Scan(&u.ID, &u.Account, &u.Name, &u.State, db.FromJSON(&u.Choice), db.FromJSON(&u.Report), db.FromJSON(&u.Refused), &u.Done, &u.Total, db.Time(&u.CreatedAt))
}

// Keep takes a file, to be looked at and brought in. Editors of the whole house may. What cannot be read is a problem at "file".
func (s *Service) Keep(ctx context.Context, by actor.Actor, name string, r io.Reader) (id fact.ImportID, err error) {
	if err := by.Require(actor.Editor, 0); err != nil {
		return 0, err
	}
	all, err := io.ReadAll(io.LimitReader(r, MaxUpload+1))
	if err != nil {
		return 0, err
	}
	if len(all) > MaxUpload {
		return 0, fault.Invalid("file", "too_large")
	}
	l, err := Look(fileOf(name, all), s.DB.Clock().Now())
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id = fact.New[fact.ImportID](tx.Now())
		var account any
		if by.Account != 0 {
			account = by.Account
		}
		if _, err := db.Exec(tx, qKeep, id, account, text.Clip(text.OneLine(name), 200), l.Rows, db.At(tx.Now())); err != nil {
			return err
		}
		for n := 0; n*chunkSize < len(all); n++ {
			if _, err := db.Exec(tx, qChunk, id, n, all[n*chunkSize:min(len(all), (n+1)*chunkSize)]); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

func fileOf(name string, all []byte) File {
	return File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(all)), nil }}
}

// Upload returns a list that was given, with what its file is while it waits.
func (s *Service) Upload(ctx context.Context, by actor.Actor, id fact.ImportID) (u Upload, l Layout, err error) {
	if err := by.Require(actor.Editor, 0); err != nil {
		return u, l, err
	}
	var all []byte
	var fields []contact.Field
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if u, all, err = uploadIn(tx, id); err != nil {
			return err
		}
		fields, err = s.Contacts.FieldsIn(tx)
		return err
	})
	if err == nil && u.State == Waiting {
		l, err = Look(fileOf(u.Name, all), s.DB.Clock().Now())
		l.recogniseOwn(fields)
	}
	return u, l, err
}

func uploadIn(tx *db.Tx, id fact.ImportID) (u Upload, all []byte, err error) {
	if u, err = db.One(tx, qUpload, scanUpload, id); err != nil || u.State == Done || u.State == Failed {
		return u, nil, err
	}
	chunks, err := db.All(tx, qChunks, db.Scalar[[]byte], id)
	return u, bytes.Join(chunks, nil), err
}

// Uploads returns the last lists that were brought in.
func (s *Service) Uploads(ctx context.Context, by actor.Actor) (all []Upload, err error) {
	if err := by.Require(actor.Editor, 0); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qUploads, scanUpload)
		return err
	})
	return all, err
}

// Start has a list brought in by a job. What is wrong with the choice is a problem at its names; a list that was started is left alone.
func (s *Service) Start(ctx context.Context, by actor.Actor, id fact.ImportID, c Choice) error {
	u, l, err := s.Upload(ctx, by, id)
	if err != nil || u.State != Waiting {
		return err
	}
	im := &importer{Service: s, Options: c.options(), now: s.DB.Clock().Now(), layout: l, adds: by.Require(actor.Owner, 0) == nil}
	if err := im.settle(ctx, u.Name); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.makeFields(tx, by, c, l.Columns)
		if err != nil {
			return err
		}
		if n, err := db.Exec(tx, qStart, id, db.JSON(c)); err != nil || n == 0 {
			return err
		}
		_, err = s.Queue.Enqueue(tx, runJob, runBody{Import: id}, queue.Put{Key: "roster.import/" + id.String()})
		return err
	})
}

// runJob is the kind of the job that brings a list in.
const runJob = "roster.import"

type runBody struct {
	Import fact.ImportID `json:"import"`
}

// runDue brings a list in; again from the beginning when it was interrupted, which adds nothing twice.
func (s *Service) runDue(ctx context.Context, j queue.Job, b runBody) error {
	var u Upload
	var all []byte
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		u, all, err = uploadIn(tx, b.Import)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || err == nil && u.State != Running {
		return nil
	}
	if err != nil {
		return err
	}
	by := actor.System()
	by.Account = int64(u.Account)
	o, refused, shown := u.Choice.options(), []Refusal{}, 0
	o.Refused = func(r Refusal) error {
		if len(refused) < maxRefused {
			refused = append(refused, r)
		}
		return nil
	}
	o.Progress = func(done, total int) {
		if done-shown < max(total/50, batch) {
			return
		}
		shown = done
		_ = s.DB.Write(ctx, func(tx *db.Tx) error { _, err := db.Exec(tx, qStep, u.ID, done); return err }) // the next one says more
	}
	report, err := s.Import(ctx, by, fileOf(u.Name, all), o)
	state := Done
	if err != nil {
		if ctx.Err() != nil || j.Attempt < 3 && len(fault.ProblemsOf(err)) == 0 {
			return err
		}
		state = Failed
	}
	return errors.Join(err, s.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if _, err := db.Exec(tx, qEnd, u.ID, state, db.JSON(report), db.JSON(refused)); err != nil {
			return err
		}
		_, err := db.Exec(tx, qDrop, u.ID)
		return err
	}))
}

// Prune deletes lists that were given longer than KeepUploads ago.
func (s *Service) Prune(ctx context.Context) (n int64, err error) {
	for gone := int64(100); gone == 100; n += gone {
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qPrune, db.At(tx.Now().Add(-KeepUploads)))
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
