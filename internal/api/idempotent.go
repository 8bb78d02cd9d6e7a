package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// KeepAnswers is how long an answer is given again to who asks again with its Idempotency-Key.
const KeepAnswers = 7 * 24 * time.Hour

const (
	maxKey = 255 // bytes of a key

	settleTimeout = 30 * time.Second // for keeping an answer that is there
)

var (
	qAnswer = db.Q("idempotent_answer.get", `
		SELECT request, status, headers, body FROM idempotent_answers WHERE account_id = $1 AND key = $2 AND at >= $3`)
	qKeep = db.Q("idempotent_answer.keep", `
		INSERT INTO idempotent_answers (account_id, key, request, status, headers, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT (account_id, key) DO UPDATE
		       SET request = excluded.request, status = excluded.status, headers = excluded.headers, body = excluded.body, at = excluded.at`)
	qForget = db.Q("idempotent_answer.forget", `
		DELETE FROM idempotent_answers WHERE account_id = $1 AND key = $2 AND status = 0`)
	qPrune = db.Q("idempotent_answer.prune", `
		DELETE FROM idempotent_answers
		 WHERE (account_id, key) IN (SELECT account_id, key FROM idempotent_answers WHERE at < $1 ORDER BY at LIMIT 500)`)
)

// answers does each POST that carries an Idempotency-Key once.
//
// Three things keep the promise. In one process, a key that is being worked on is refused to others (under_way). What a
// POST makes is written in the transaction that notes, under the key, which row was made (create, below); so after a
// crash, whoever comes back with the key finds that row, whole, and is shown it. And an answer that succeeded is kept and given again. What was refused is not kept: nothing was done,
// and it may be asked again once it is mended.
type answers struct {
	db   *db.DB
	mu   sync.Mutex
	busy map[slot]string // the request that holds each key
}

// slot is a key of an account.
type slot struct {
	account fact.AccountID
	key     string
}

// once is a request with a key.
type once struct {
	slot
	request string // hash of what is asked
	resumed bool   // an interrupted run had begun
}

// answer is what is kept; Status 0 is that of a run that was begun, and Body then the id of what it made.
type answer struct {
	Request string
	Status  int
	Headers map[string]string
	Body    string
}

func newAnswers(d *db.DB) *answers { return &answers{db: d, busy: map[slot]string{}} }

func scanAnswer(r db.Row) (a answer, err error) {
	err = r.Scan(&a.Request, &a.Status, db.FromJSON(&a.Headers), &a.Body)
	return a, err
}

// serve answers r from what is kept, or has it done and keeps the answer.
func (s *answers) serve(c *call, out *recorder, r *http.Request, key string, do func() error) error {
	if len(key) > maxKey {
		return fault.Invalid("Idempotency-Key", "too_long", maxKey)
	}
	sum := sha256.New()
	sum.Write([]byte(r.Method + "\n" + r.URL.RequestURI() + "\n"))
	sum.Write(c.body)
	sum.Write(c.list)
	if c.file != nil {
		if _, err := io.Copy(sum, c.file); err != nil {
			return err
		}
		if _, err := c.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	o := &once{slot: slot{accountOf(c.by), hex.EncodeToString([]byte(key))}, request: hex.EncodeToString(sum.Sum(nil))}
	if err := s.hold(o); err != nil {
		return err
	}
	defer s.release(o)
	kept, found, err := s.look(c, o)
	if err != nil {
		return err
	}
	if found && kept.Status != 0 {
		for name, v := range kept.Headers {
			out.Header().Set(name, v)
		}
		out.Header().Set("Idempotency-Replayed", "true")
		out.WriteHeader(kept.Status)
		out.Write([]byte(kept.Body))
		return nil
	}
	c.once = o
	err = do()
	s.settle(c, o, out, err)
	return err
}

func mismatch() error {
	return &fault.Error{Kind: fault.KindInvalid, Code: "idempotency.mismatch",
		Problems: []fault.Problem{{Field: "Idempotency-Key", Code: "idempotency.mismatch"}}}
}

func (s *answers) hold(o *once) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch request, busy := s.busy[o.slot]; {
	case busy && request != o.request:
		return mismatch()
	case busy:
		return fault.Conflict("idempotency.under_way")
	}
	s.busy[o.slot] = o.request
	return nil
}

func (s *answers) release(o *once) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, o.slot)
}

// look reads what is kept under the key.
func (s *answers) look(c *call, o *once) (kept answer, found bool, err error) {
	err = s.db.Read(c.ctx, func(tx *db.Tx) error {
		kept, found, err = o.kept(tx)
		return err
	})
	o.resumed = found && kept.Status == 0
	return kept, found, err
}

// kept reads what is kept under the key, inside a transaction; what is kept for another request is a mismatch.
func (o *once) kept(tx *db.Tx) (a answer, found bool, err error) {
	a, found, err = db.Maybe(tx, qAnswer, scanAnswer, o.account, o.key, db.At(tx.Now().Add(-KeepAnswers)))
	if err == nil && found && a.Request != o.request {
		err = mismatch()
	}
	return a, found, err
}

func (o *once) keep(tx *db.Tx, status int, headers map[string]string, body string) error {
	_, err := db.Exec(tx, qKeep, o.account, o.key, o.request, status, db.JSON(headers), body, db.At(tx.Now()))
	return err
}

// settle keeps the answer when it succeeded; after a refusal nothing stays under the key, after a failure the note of
// what was made does. An answer that cannot be kept is given all the same: who comes back finds the note.
func (s *answers) settle(c *call, o *once, out *recorder, failure error) {
	status := out.status
	if failure != nil {
		status = web.StatusOf(failure)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), settleTimeout) // the caller may have left; what is done is done
	defer cancel()
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		switch {
		case status >= 200 && status < 300:
			headers := map[string]string{}
			for _, name := range []string{"Content-Type", "Location"} {
				if v := out.Header().Get(name); v != "" {
					headers[name] = v
				}
			}
			err = o.keep(tx, status, headers, out.body.String())
		case status < 500:
			_, err = db.Exec(tx, qForget, o.account, o.key)
		}
		return err
	})
	if err != nil {
		c.api.Log.WarnContext(ctx, "answer not kept", "reference", c.ref, "error", err)
	}
}

// Prune deletes the answers that were kept long enough, 500 in a transaction, and returns how many. A job does it each night.
func Prune(ctx context.Context, d *db.DB) (n int64, err error) {
	for gone := int64(500); gone == 500; n += gone {
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qPrune, db.At(tx.Now().Add(-KeepAnswers)))
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// create makes a row, in one transaction with the note of it under the key of the request. When an interrupted run of
// the same request made it already, make is not called.
func create[ID ~int64](c *call, make func(tx *db.Tx) (ID, error)) (id ID, err error) {
	err = c.api.DB.Write(c.ctx, func(tx *db.Tx) error {
		if c.once == nil {
			id, err = make(tx)
			return err
		}
		kept, _, err := c.once.kept(tx)
		if err != nil {
			return err
		}
		if kept.Status != 0 { // another process was faster: asked again, its answer is there
			return fault.Conflict("idempotency.under_way")
		}
		if n, err := strconv.ParseInt(kept.Body, 10, 64); err == nil {
			id = ID(n)
			return nil
		}
		if id, err = make(tx); err != nil {
			return err
		}
		return c.once.keep(tx, 0, nil, strconv.FormatInt(int64(id), 10))
	})
	return id, err
}

// begin notes that a request is begun whose verb has a transaction of its own; resumed tells the next run.
func (c *call) begin() error {
	if c.once == nil || c.once.resumed {
		return nil
	}
	return c.api.DB.Write(c.ctx, func(tx *db.Tx) error { return c.once.keep(tx, 0, nil, "") })
}
