package account

import (
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

const columns = `id, email, name, lang, password_hash, disabled_at IS NOT NULL, created_at`

var (
	qByID    = db.Q("account.by_id", `SELECT `+columns+` FROM accounts WHERE id = $1`)
	qByEmail = db.Q("account.by_email", `SELECT `+columns+` FROM accounts WHERE email_key = $1`)
	qAll     = db.Q("account.all", `SELECT `+columns+` FROM accounts ORDER BY email_key LIMIT 500`)
	qIn      = db.Q("account.in", `SELECT `+columns+` FROM accounts WHERE id IN ({in})`)
	qOwner   = db.Q("account.owner", `
		SELECT `+columns+` FROM accounts
		 WHERE disabled_at IS NULL AND id IN (SELECT account_id FROM grants WHERE voice_id = 0 AND role = 'owner')
		 ORDER BY id LIMIT 1`)
	qOwners = db.Q("account.owners", `
		SELECT COUNT(*) FROM grants g JOIN accounts a ON a.id = g.account_id
		 WHERE g.voice_id = 0 AND g.role = 'owner' AND a.disabled_at IS NULL AND a.id <> $1`)
	qInsert = db.Q("account.insert", `
		INSERT INTO accounts (id, email, email_key, name, lang, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qAllOwners = db.Q("account.all_owners", `
		SELECT `+columns+` FROM accounts
		 WHERE disabled_at IS NULL AND id IN (SELECT account_id FROM grants WHERE voice_id = 0 AND role = 'owner')
		 ORDER BY id LIMIT 100`)
	qEmail    = db.Q("account.email", `UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1`)
	qProfile  = db.Q("account.profile", `UPDATE accounts SET name = $2, lang = $3 WHERE id = $1`)
	qPassword = db.Q("account.password", `UPDATE accounts SET password_hash = $2 WHERE id = $1`)
	qDisable  = db.Q("account.disable", `UPDATE accounts SET disabled_at = $2 WHERE id = $1`)

	qGrants   = db.Q("grant.of", `SELECT account_id, voice_id, role FROM grants WHERE account_id IN ({in}) ORDER BY account_id, voice_id`)
	qSetGrant = db.Q("grant.set", `
		INSERT INTO grants (account_id, voice_id, role) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, voice_id) DO UPDATE SET role = excluded.role`)
	qGrant      = db.Q("grant.insert", `INSERT INTO grants (account_id, voice_id, role) VALUES {rows}`)
	qDropGrants = db.Q("grant.drop_all", `DELETE FROM grants WHERE account_id = $1`)
	qDropVoice  = db.Q("grant.drop_voice", `DELETE FROM grants WHERE voice_id = $1 RETURNING account_id`)
	qOnVoice    = db.Q("grant.on_voice", `SELECT COUNT(*) FROM grants WHERE voice_id = $1`)
	qDropGrant  = db.Q("grant.drop", `DELETE FROM grants WHERE account_id = $1 AND voice_id = $2`)

	sessionColumns = `id, account_id, agent, created_at, seen_at, expires_at, proved_at`
	qSession       = db.Q("session.by_token", `SELECT `+sessionColumns+` FROM sessions WHERE token_hash = $1`)
	qSessions      = db.Q("session.of", `SELECT `+sessionColumns+` FROM sessions WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id LIMIT 100`)
	qNewSession    = db.Q("session.insert", `
		INSERT INTO sessions (id, token_hash, account_id, agent, created_at, seen_at, proved_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $5, $6)`)
	qSessionByID = db.Q("session.by_id", `SELECT `+sessionColumns+` FROM sessions WHERE id = $1 AND account_id = $2 AND expires_at > $3`)
	qProved      = db.Q("session.proved", `UPDATE sessions SET proved_at = $3 WHERE id = $1 AND account_id = $2`)
	qSeen        = db.Q("session.seen", `UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1`)
	qEndSession  = db.Q("session.end", `DELETE FROM sessions WHERE id = $1 AND account_id = $2`)
	qEndToken    = db.Q("session.end_token", `DELETE FROM sessions WHERE token_hash = $1`)
	qEndSessions = db.Q("session.end_all", `DELETE FROM sessions WHERE account_id = $1 AND id <> $2`)
	qExpired     = db.Q("session.expired", `
		DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500)`)

	tokenColumns = `id, account_id, name, scope, created_at, used_at, ends_at`
	qToken       = db.Q("token.by_hash", `SELECT `+tokenColumns+` FROM tokens WHERE token_hash = $1 AND (ends_at IS NULL OR ends_at > $2)`)
	qTokens      = db.Q("token.of", `SELECT `+tokenColumns+` FROM tokens WHERE account_id = $1 ORDER BY id LIMIT 100`)
	qNewToken    = db.Q("token.insert", `
		INSERT INTO tokens (id, token_hash, account_id, name, scope, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qEndedTokens = db.Q("token.ended", `DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE ends_at <= $1 ORDER BY ends_at LIMIT 500)`)
	qTokenUsed   = db.Q("token.used", `UPDATE tokens SET used_at = $2 WHERE id = $1`)
	qDropTokens  = db.Q("token.drop_all", `DELETE FROM tokens WHERE account_id = $1`)
	qDropToken   = db.Q("token.drop", `DELETE FROM tokens WHERE id = $1 AND account_id = $2`)

	qNewReset      = db.Q("reset.insert", `INSERT INTO password_resets (token_hash, account_id, expires_at) VALUES ($1, $2, $3)`)
	qReset         = db.Q("reset.use", `DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id`)
	qPeekReset     = db.Q("reset.peek", `SELECT account_id FROM password_resets WHERE token_hash = $1 AND expires_at > $2`)
	qExpiredResets = db.Q("reset.expired", `
		DELETE FROM password_resets WHERE token_hash IN (SELECT token_hash FROM password_resets WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500)`)
	qTries    = db.Q("tries.of", `SELECT until, failed, since, told_at FROM tries WHERE key = $1`)
	qSetTries = db.Q("tries.set", `
		INSERT INTO tries (key, until, failed, since, told_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO UPDATE SET until = excluded.until, failed = excluded.failed, since = excluded.since, told_at = excluded.told_at,
		       ends_at = excluded.ends_at`)
	qFewTries   = db.Q("tries.few", `DELETE FROM tries WHERE key IN (SELECT key FROM tries WHERE ends_at <= $1 ORDER BY ends_at LIMIT 3)`)
	qEndedTries = db.Q("tries.ended", `DELETE FROM tries WHERE key IN (SELECT key FROM tries WHERE ends_at <= $1 ORDER BY ends_at LIMIT 500)`)

	qDevice      = db.Q("device.of", `SELECT account_id FROM known_devices WHERE token_hash = $1 AND account_id = $2 AND seen_at > $3`)
	qNewDevice   = db.Q("device.insert", `INSERT INTO known_devices (token_hash, account_id, seen_at) VALUES ($1, $2, $3)`)
	qDeviceSeen  = db.Q("device.seen", `UPDATE known_devices SET seen_at = $2 WHERE token_hash = $1`)
	qDropDevices = db.Q("device.drop_all", `DELETE FROM known_devices WHERE account_id = $1`)
	qOldDevices  = db.Q("device.too_many", `
		DELETE FROM known_devices WHERE account_id = $1 AND token_hash IN
		       (SELECT token_hash FROM known_devices WHERE account_id = $1 ORDER BY seen_at DESC, token_hash LIMIT 500 OFFSET 50)`)
	qEndedDevices = db.Q("device.ended", `
		DELETE FROM known_devices WHERE token_hash IN (SELECT token_hash FROM known_devices WHERE seen_at <= $1 ORDER BY seen_at LIMIT 500)`)

	qDropResets = db.Q("reset.drop", `DELETE FROM password_resets WHERE account_id = $1 OR expires_at <= $2`)
)

func scan(r db.Row) (a Account, err error) {
	err = r.Scan(&a.ID, &a.Email, &a.Name, &a.Lang, &a.password, &a.Disabled, db.Time(&a.CreatedAt))
	return a, err
}

func scanSession(r db.Row) (s Session, err error) {
	err = r.Scan(&s.ID, &s.Account, &s.Agent, db.Time(&s.CreatedAt), db.Time(&s.SeenAt), db.Time(&s.ExpiresAt), db.Time(&s.ProvedAt))
	return s, err
}

func scanToken(r db.Row) (t Token, err error) {
	err = r.Scan(&t.ID, &t.Account, &t.Name, &t.Scope, db.Time(&t.CreatedAt), db.Time(&t.UsedAt), db.Time(&t.EndsAt))
	return t, err
}

type grantRow struct {
	account fact.AccountID
	grant   actor.Grant
}

func scanGrant(r db.Row) (g grantRow, err error) {
	var role string
	err = r.Scan(&g.account, &g.grant.Voice, &role)
	g.grant.Role = actor.ParseRole(role)
	return g, err
}

// one returns one account with its grants.
func one(tx *db.Tx, q db.Query, args ...any) (Account, error) {
	a, err := db.One(tx, q, scan, args...)
	if err != nil {
		return a, err
	}
	all := []Account{a}
	err = withGrants(tx, all)
	return all[0], err
}

// withGrants fills the grants of all in one query.
func withGrants(tx *db.Tx, all []Account) error {
	ids := make([]fact.AccountID, len(all))
	at := make(map[fact.AccountID]int, len(all))
	for i, a := range all {
		ids[i], at[a.ID] = a.ID, i
	}
	rows, err := db.AllIn(tx, qGrants, scanGrant, ids)
	for _, r := range rows {
		a := &all[at[r.account]]
		a.Grants = append(a.Grants, r.grant)
	}
	return err
}
