package notice

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const ofReader = `account_id = $1 AND handle_id = $2 AND post_id = $3`

var (
	qAdd = db.Q("notice.add", `
		INSERT INTO notices (account_id, handle_id, post_id, message_id, under_id, what, at) VALUES {rows}
		ON CONFLICT (account_id, handle_id, post_id, message_id) DO NOTHING`)
	qWaiting = db.Q("notice.waiting", `
		SELECT message_id, under_id, what, at FROM notices WHERE `+ofReader+` AND told_at IS NULL ORDER BY at, message_id LIMIT 2000`)
	qLately = db.Q("notice.lately", `
		SELECT DISTINCT told_at FROM notices WHERE `+ofReader+` AND told_at > $4 ORDER BY told_at`)
	qTold = db.Q("notice.told", `
		SELECT message_id, under_id, what, at FROM notices WHERE `+ofReader+` AND told_at = $4 ORDER BY at, message_id`)
	qTell = db.Q("notice.tell", `UPDATE notices SET told_at = $4 WHERE `+ofReader+` AND message_id IN ({in})`)
	qDrop = db.Q("notice.drop", `DELETE FROM notices WHERE `+ofReader+` AND message_id IN ({in})`)
	qLate = db.Q("notice.late", `SELECT DISTINCT account_id, handle_id, post_id FROM notices WHERE told_at IS NULL AND at < $1 LIMIT 500`)
	qOld  = db.Q("notice.old", `
		DELETE FROM notices WHERE (account_id, handle_id, post_id, message_id) IN (
			SELECT account_id, handle_id, post_id, message_id FROM notices WHERE told_at <= $1 ORDER BY told_at LIMIT 500)`)

	choiceColumns = `account_id, requests, held, published, daily_at, quiet, quiet_from, quiet_to, through`
	qChoice       = db.Q("notice.choice", `SELECT `+choiceColumns+` FROM notice_choices WHERE account_id = $1`)
	qChoose       = db.Q("notice.choose", `
		INSERT INTO notice_choices (`+choiceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (account_id) DO UPDATE
		   SET requests = excluded.requests, held = excluded.held, published = excluded.published, daily_at = excluded.daily_at,
		       quiet = excluded.quiet, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, through = excluded.through`)
)

// told is who is told: an account of the house, or whoever reads the mail of an address, about one post.
type told struct {
	Account fact.AccountID `json:"account,omitempty"`
	Handle  fact.HandleID  `json:"handle,omitempty"`
	Post    fact.PostID    `json:"post,omitempty"`
}

func (to told) args(more ...any) []any {
	return append([]any{int64(to.Account), int64(to.Handle), int64(to.Post)}, more...)
}

// item is one thing to tell.
type item struct {
	message fact.MessageID
	under   fact.MessageID // what the reader wrote
	what    what
	at      time.Time // since when it waits
}

func scanItem(r db.Row) (it item, err error) {
	var message, under int64
	err = r.Scan(&message, &under, &it.what, db.Time(&it.at))
	it.message, it.under = fact.MessageID(message), fact.MessageID(under)
	return it, err
}

func scanTold(r db.Row) (to told, err error) {
	var account, handle, post int64
	err = r.Scan(&account, &handle, &post)
	return told{fact.AccountID(account), fact.HandleID(handle), fact.PostID(post)}, err
}

func scanTime(r db.Row) (at time.Time, err error) {
	err = r.Scan(db.Time(&at))
	return at, err
}

func scanChoice(r db.Row) (c Choice, err error) {
	var account int64
	var daily, from, to string
	err = r.Scan(&account, &c.Requests, &c.Held, &c.Published, &daily, &c.Quiet, &from, &to, &c.Through)
	c.DailyAt, c.QuietFrom, c.QuietTo = ParseHour(daily), ParseHour(from), ParseHour(to)
	return c, err
}

func ids(all []item) []fact.MessageID {
	out := make([]fact.MessageID, len(all))
	for i, it := range all {
		out[i] = it.message
	}
	return out
}

// choiceIn returns how an account wants to be told.
func choiceIn(tx *db.Tx, a fact.AccountID) (Choice, error) {
	c, found, err := db.Maybe(tx, qChoice, scanChoice, int64(a))
	if err == nil && !found {
		c = Default()
	}
	return c, err
}
