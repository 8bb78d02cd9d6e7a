package inbox

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

const (
	fields = `id, conversation_id, direction, channel, kind, moderation, attention, state, contact_id, handle_id, account_id, voice_id,
		post_id, parent_id, name, url, body, html, lang, how, notify, reason, mail_id, at, external, sender_channel, sender, phone`
	columns = `m.id, m.conversation_id, m.direction, m.channel, m.kind, m.moderation, m.attention, m.state, m.contact_id, m.handle_id, m.account_id,
		m.voice_id, m.post_id, m.parent_id, m.name, m.url, m.body, m.html, m.lang, m.how, m.notify, m.reason, m.mail_id, m.at,
		m.external, m.sender_channel, m.sender, m.phone, c.subject`
	from = ` FROM messages m JOIN conversations c ON c.id = m.conversation_id `

	conversationColumns = `id, kind, contact_id, post_id, voice_id, subject, created_at, last_at`
)

var (
	qInsert = db.Q("message.insert", `
		INSERT INTO messages (`+fields+`, sender_key, spam_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)`)
	qByID       = db.Q("message.by_id", `SELECT `+columns+from+`WHERE m.id = $1`)
	qIn         = db.Q("message.in", `SELECT `+columns+from+`WHERE m.id IN ({in})`)
	qByExternal = db.Q("message.by_external", `SELECT `+columns+from+`WHERE m.channel = $1 AND m.external = $2 AND m.external <> ''`)
	qAnswered   = db.Q("message.answered", `
		SELECT `+columns+from+`WHERE m.mail_id IN ({in}) OR (m.channel = $1 AND m.external IN ({in}) AND m.external <> '')
		 ORDER BY m.id DESC LIMIT 200`)
	qMove = db.Q("message.move", `UPDATE messages SET moderation = $2, attention = $3, state = $4, spam_at = $5, reason = $6 WHERE id = $1`)

	qConversation = db.Q("conversation.by_id", `SELECT `+conversationColumns+` FROM conversations WHERE id = $1`)
	qAboutPost    = db.Q("conversation.about_post", `
		SELECT `+conversationColumns+` FROM conversations
		 WHERE contact_id = $1 AND post_id = $2 AND kind = 'comment' ORDER BY last_at DESC, id DESC LIMIT 1`)
	qInsertConversation = db.Q("conversation.insert", `
		INSERT INTO conversations (`+conversationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qTouchConversation = db.Q("conversation.touch", `UPDATE conversations SET last_at = $2 WHERE id = $1 AND last_at < $2`)
	qOfConversation    = db.Q("message.of_conversation", `SELECT `+columns+from+`WHERE m.conversation_id = $1 ORDER BY m.at DESC, m.id DESC LIMIT 200`)

	qSetSender = db.Q("message.set_sender", `
		UPDATE messages SET contact_id = $2, handle_id = $3, sender_channel = $4, sender = $5, sender_key = $6 WHERE id = $1`)
	qSetConversationContact = db.Q("conversation.set_contact", `UPDATE conversations SET contact_id = $2 WHERE id = $1 AND contact_id IS NULL`)
	qLeaveConversation      = db.Q("conversation.leave", `
		UPDATE conversations SET contact_id = NULL
		 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = $1 AND m.contact_id IS NOT NULL)`)
	qLastOf   = db.Q("message.last_of", `SELECT at FROM messages WHERE contact_id = $1 ORDER BY at DESC, id DESC LIMIT 1`)
	qPhonesOf = db.Q("message.phones_of", `SELECT phone FROM messages WHERE contact_id = $1 AND phone <> '' ORDER BY id DESC LIMIT 50`)
	qAnyOf    = db.Q("message.any_of", `SELECT 1 FROM messages WHERE contact_id = $1 LIMIT 1`)

	// the message that is named first, so that it is among those of a long thread
	qTalk = db.Q("message.talk", `
		SELECT `+columns+from+`WHERE m.conversation_id IN ($1, (SELECT conversation_id FROM messages WHERE id = $1))
		 ORDER BY CASE WHEN m.id = $1 THEN 0 ELSE 1 END, m.at DESC, m.id DESC LIMIT 200`)

	qHeirMessages      = db.Q("message.heir", `UPDATE messages SET voice_id = $2 WHERE voice_id = $1`)
	qHeirConversations = db.Q("conversation.heir", `UPDATE conversations SET voice_id = $2 WHERE voice_id = $1`)
	qLastWords         = db.Q("message.last_words", `
		SELECT contact_id, MAX(at) FROM messages
		 WHERE contact_id IN ({in}) AND direction = 'in' AND moderation <> 'spam' GROUP BY contact_id`)
	qSpoke = db.Q("message.spoke", `
		SELECT DISTINCT contact_id FROM messages
		 WHERE contact_id IN ({in}) AND direction = 'in' AND kind = 'comment' AND moderation = 'visible'`)
	qHeld = db.Q("message.held", `SELECT COUNT(*) FROM messages WHERE voice_id = $1 AND direction = 'in' AND kind = $2`)

	qMessageIDs         = db.Q("message.ids_of", `SELECT id FROM messages WHERE contact_id = $1 ORDER BY at, id`)
	qConversationIDs    = db.Q("conversation.ids_of", `SELECT id FROM conversations WHERE contact_id = $1 ORDER BY last_at`)
	qPartMessages       = db.Q("message.part", `UPDATE messages SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qPartConversations  = db.Q("conversation.part", `UPDATE conversations SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qMergeMessages      = db.Q("message.merge", `UPDATE messages SET contact_id = $2 WHERE contact_id = $1`)
	qMergeConversations = db.Q("conversation.merge", `UPDATE conversations SET contact_id = $2 WHERE contact_id = $1`)

	qRecent = db.Q("message.recent", `
		SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE contact_id = $1 AND at > $2 AND handle_id = $3 AND direction = 'in' LIMIT 10) AS a)
		     + (SELECT COUNT(*) FROM (
		         SELECT 1 FROM messages WHERE sender_channel = $4 AND sender_key = $5 AND at > $2 AND sender_key <> '' LIMIT 10) AS b)`)
	qApproved = db.Q("message.approved", `
		SELECT 1 FROM messages WHERE contact_id = $1 AND direction = 'in' AND post_id IS NOT NULL AND moderation = 'visible' LIMIT 1`)
	qSameWords = db.Q("message.same_words", `
		SELECT `+columns+from+`WHERE m.direction = 'in' AND m.voice_id = $1 AND m.at >= $2 AND m.body = $3 AND m.name = $4 LIMIT 20`)
	qSameAnswer = db.Q("message.same_answer", `
		SELECT `+columns+from+`WHERE m.parent_id = $1 AND m.direction = 'out' AND m.at >= $2 AND m.body = $3 LIMIT 1`)

	qThread = db.Q("message.thread", `
		SELECT id, direction, kind, state, contact_id, voice_id, parent_id, name, url, body, html, lang, at FROM messages
		 WHERE post_id = $1 AND moderation = 'visible'
		 ORDER BY id LIMIT 2000`)
	qCountsByPost = db.Q("message.counts_by_post", `
		SELECT post_id, COUNT(*) FROM messages WHERE post_id IN ({in}) AND moderation = 'visible' GROUP BY post_id`)
	qBatch = db.Q("message.batch", `SELECT `+columns+from+`WHERE m.id > $1 ORDER BY m.id LIMIT 500`)
)

func scan(r db.Row) (m Message, err error) {
	var html string
	err = r.Scan(&m.ID, &m.Conversation, &m.Direction, &m.Channel, &m.Kind, &m.Moderation, &m.Attention, &m.State, &m.Contact, &m.Handle, &m.Account,
		&m.Voice, &m.Post, &m.Parent, &m.Name, &m.URL, &m.Body, &html, &m.Lang, &m.How, &m.Notify, &m.Reason, &m.MailID, db.Time(&m.At),
		&m.External, &m.Sender.Channel, &m.Sender.Value, &m.Phone, &m.Subject)
	m.HTML = text.HTML(html) // made by text.Render when the message came in
	return m, err
}

func scanConversation(r db.Row) (c Conversation, err error) {
	err = r.Scan(&c.ID, &c.Kind, &c.Contact, &c.Post, &c.Voice, &c.Subject, db.Time(&c.CreatedAt), db.Time(&c.LastAt))
	return c, err
}

// insert writes m; key is the folded Sender, "" when there is none.
func insert(tx *db.Tx, m Message, key string) error {
	_, err := db.Exec(tx, qInsert, m.ID, m.Conversation, m.Direction, m.Channel, m.Kind, m.Moderation, m.Attention, m.State, m.Contact, m.Handle,
		m.Account, m.Voice, m.Post, m.Parent, m.Name, m.URL, m.Body, string(m.HTML), m.Lang, m.How, m.Notify, m.Reason, m.MailID, db.At(m.At),
		m.External, m.Sender.Channel, m.Sender.Value, m.Phone, key, spamAt(tx, m))
	return err
}

func move(tx *db.Tx, m Message) error {
	_, err := db.Exec(tx, qMove, m.ID, m.Moderation, m.Attention, m.State, spamAt(tx, m), m.Reason)
	return err
}

// spamAt is since when m is spam, which is being written; nil when it is none.
func spamAt(tx *db.Tx, m Message) any {
	if m.Moderation != Spam {
		return nil
	}
	return db.At(tx.Now())
}

func insertConversation(tx *db.Tx, c Conversation) error {
	_, err := db.Exec(tx, qInsertConversation, c.ID, c.Kind, c.Contact, c.Post, c.Voice, c.Subject, db.At(c.CreatedAt), db.At(c.LastAt))
	return err
}

func touchConversation(tx *db.Tx, id fact.ConversationID, at time.Time) error {
	_, err := db.Exec(tx, qTouchConversation, id, db.At(at))
	return err
}
