package voice_test

import (
	"testing"

	"causerie/internal/core/coretest"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

var spoil = db.Q("voicetest.spoil", `UPDATE voices SET links = $1`)

// A cell that no JSON can be read from takes the links of a voice away, and not the house.
func TestAVoiceWhoseLinksAreSpoiltIsThereWithoutThem(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		core := coretest.New(t, d)
		core.SetUp(coretest.Aubin(), coretest.Claire())
		for _, text := range []string{"", "[", `{"a": 1}`, `["https://aubin.example", 3]`} {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := db.Exec(tx, spoil, text); return err }); err != nil {
				t.Fatal(err)
			}
			all, err := core.Voices.List(t.Context())
			if err != nil || len(all) != 1 || len(all[0].Links) != 0 {
				t.Errorf("%q: %+v, %v", text, all, err)
			}
		}
	})
}
