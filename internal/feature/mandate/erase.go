package mandate

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// untitled is the title of a mandate whose client was erased: a title says too easily whose it was.
const untitled = "—"

// The money, the stage, the voice and the days are the house's own books, and stay; the next act is nobody's any more.
var qErase = db.Q("mandate.erase", `
	UPDATE mandates
	   SET title = $2, contact_id = NULL, message_id = NULL, next_act = '', next_on = NULL, lost_reason = '', declared = '', note = ''
	 WHERE contact_id = $1`)

var qRelease = db.Q("mandate.release", `UPDATE mandates SET message_id = NULL WHERE message_id IN ({in})`)

var qEraseDeleted = db.Q("mandate.erase_deleted", `DELETE FROM mandates WHERE contact_id = $1 AND deleted_at IS NOT NULL`)

func erase(tx *db.Tx, _ bus.Event, f fact.ContactErased) error {
	if _, err := db.Exec(tx, qEraseDeleted, f.Contact); err != nil { // it counts in no book
		return err
	}
	_, err := db.Exec(tx, qErase, f.Contact, untitled)
	return err
}

// release lets a mandate stand without the message it came from, which was spam after all and is gone.
func release(tx *db.Tx, _ bus.Event, f fact.MessagesDeleted) error {
	_, err := db.ExecIn(tx, qRelease, f.Messages)
	return err
}
