package contact

import (
	"strings"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// foldedFor is the country for which the phone numbers of people were last read.
var foldedFor = house.Setting[string]{Key: "phones.country"}

// foldBatch is how many numbers are read at a time.
const foldBatch = 500

var (
	qPhones = db.Q("handle.phones", `
		SELECT `+handleColumns+` FROM handles WHERE channel = 'phone' AND id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT)`)
	qRefold = db.Q("handle.refold", `
		UPDATE handles SET key = $2
		 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM handles o WHERE o.channel = 'phone' AND o.key = $2)`)
)

// refold reads the phone numbers that were written without their country again when the house has another one, so that a number is
// still one however it is written. What somebody else has by then stays as it was.
func refold(tx *db.Tx, _ bus.Event, _ fact.HouseChanged) error {
	country, err := house.CountryIn(tx)
	if err != nil {
		return err
	}
	if was, err := foldedFor.GetIn(tx); err != nil || was == country {
		return err
	}
	for last, n := fact.HandleID(0), foldBatch; n == foldBatch; {
		batch, err := db.All(tx, qPhones, scanHandle, int64(last), foldBatch)
		if err != nil {
			return err
		}
		n = len(batch)
		for _, h := range batch {
			last = h.ID
			if strings.HasPrefix(strings.TrimLeft(h.Value, " ("), "+") {
				continue
			}
			if _, key, ok := readPhone(h.Value, country); !ok || key == h.Key {
				continue
			} else if _, err := db.Exec(tx, qRefold, h.ID, key); err != nil {
				return err
			}
		}
	}
	return foldedFor.SetIn(tx, actor.System(), country)
}
