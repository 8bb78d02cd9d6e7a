package house

import (
	"causerie/internal/platform/db"
)

const columns = `id, name, lang, country, zone, currency, trade, public, identity, created_at, updated_at`

var (
	qGet    = db.Q("house.get", `SELECT `+columns+` FROM house`)
	qInsert = db.Q("house.insert", `
		INSERT INTO house (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qCountry = db.Q("house.country", `SELECT country FROM house`)
	qUpdate  = db.Q("house.update", `
		UPDATE house
		   SET name = $2, lang = $3, country = $4, zone = $5, currency = $6, trade = $7, public = $8, identity = $9, updated_at = $10
		 WHERE id = $1`)

	qSetting    = db.Q("setting.get", `SELECT value FROM house_settings WHERE key = $1`)
	qSetSetting = db.Q("setting.set", `
		INSERT INTO house_settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
)

func scan(r db.Row) (h House, err error) {
	err = r.Scan(&h.ID, &h.Name, &h.Lang, &h.Country, &h.Zone, &h.Currency, &h.Trade, &h.Public, db.FromJSON(&h.Identity),
		db.Time(&h.CreatedAt), db.Time(&h.UpdatedAt))
	return h, err
}

func insert(tx *db.Tx, h House) error {
	_, err := db.Exec(tx, qInsert, h.ID, h.Name, h.Lang, h.Country, h.Zone, h.Currency, h.Trade, h.Public, db.JSON(h.Identity),
		db.At(h.CreatedAt), db.At(h.UpdatedAt))
	return err
}

func update(tx *db.Tx, h House) error {
	_, err := db.Exec(tx, qUpdate, h.ID, h.Name, h.Lang, h.Country, h.Zone, h.Currency, h.Trade, h.Public, db.JSON(h.Identity),
		db.At(h.UpdatedAt))
	return err
}
