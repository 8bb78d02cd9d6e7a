package schema

import (
	"encoding/json"
	"strconv"

	"causerie/internal/platform/db"
)

// Not registered: what they read is as this step finds it, and not as it is in the end.
var (
	qOutboxOld = db.Query{Name: "schema.outbox_old", SQL: `SELECT id, kind, COALESCE(about_id, 0), COALESCE(handle_id, 0), payload FROM deliveries WHERE id > $1 ORDER BY id LIMIT 500`}
	qOutboxKey = db.Query{Name: "schema.outbox_key", SQL: `UPDATE deliveries SET key = $2, payload = '' WHERE id = $1`}
)

// fillOutbox gives each delivery the key that its job had: it was kept in the payload as long as that was kept, and can be
// made again from what the delivery is about. The composed mail goes: it is composed when it leaves.
func fillOutbox(tx *db.Tx) error {
	type old struct {
		id, about, handle int64
		kind, payload     string
	}
	given := map[string]bool{}
	for after := int64(0); ; {
		rows, err := db.All(tx, qOutboxOld, func(r db.Row) (o old, err error) {
			err = r.Scan(&o.id, &o.kind, &o.about, &o.handle, &o.payload)
			return o, err
		}, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, o := range rows {
			var parcel struct{ Key string }
			if o.payload != "" {
				if err := json.Unmarshal([]byte(o.payload), &parcel); err != nil {
					return err
				}
			}
			key := parcel.Key
			switch {
			case key != "":
			case o.kind == "answer" && o.about != 0:
				key = "answer/" + crockford(o.about)
			case o.kind == "confirmation" && o.handle != 0:
				key = "confirm/" + crockford(o.handle)
			}
			if key == "" || given[key] {
				key = o.kind + "#" + strconv.FormatInt(o.id, 10)
			}
			given[key] = true
			if _, err := db.Exec(tx, qOutboxKey, o.id, key); err != nil {
				return err
			}
			after = o.id
		}
	}
}

// crockford writes an id as addresses do: thirteen digits of five bits.
func crockford(id int64) string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	var b [13]byte
	for k := len(b) - 1; k >= 0; k-- {
		b[k] = digits[id&31]
		id >>= 5
	}
	return string(b[:])
}
