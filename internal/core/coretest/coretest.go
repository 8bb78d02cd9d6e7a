// Package coretest is what the tests of a capability stand on: an empty database with the services of core, and the
// house of Ateliers Aubin when a test wants one. Everything is real but the clock.
package coretest

import (
	"net/url"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
)

// Core is the services of core on one database.
type Core struct {
	DB       *db.DB
	Queue    *queue.Queue
	Bus      *bus.Bus
	Box      *seal.Box
	Blobs    blob.Store
	House    *house.Service
	Media    *media.Service
	Voices   *voice.Service
	Places   *place.Service
	Contacts *contact.Service

	t testing.TB
}

// New builds the services on d, whose schema is migrated. There is no house yet.
func New(t testing.TB, d *db.DB) *Core {
	t.Helper()
	box, err := seal.Open(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := &Core{t: t, DB: d, Box: box, Blobs: blob.Dir(t.TempDir()), Queue: queue.New(d, queue.Options{})}
	c.Bus = bus.New(c.Queue)
	c.House = house.New(d, c.Bus, box)
	c.Media = media.New(d, c.Blobs)
	c.Media.Listen(c.Bus, c.Queue)
	c.Voices = voice.New(d, c.Bus, c.Media)
	c.Places = place.New(d, Base(), c.Voices)
	c.Contacts = contact.New(d, c.Bus)
	return c
}

// Base is the public address of the house.
func Base() *url.URL { return &url.URL{Scheme: "https", Host: "aubin.example"} }

// Identity is all that the law of France asks of Ateliers Aubin.
var Identity = house.Identity{
	Address: "1 quai du Port, 29200 Brest", Phone: "+33 2 98 00 00 00", PublicationDirector: "Claire Aubin",
	HostName: "Hébergeur du Ponant", HostAddress: "2 rue du Port", HostPhone: "+33 1 00 00 00 00", ContactEmail: "bonjour@aubin.example",
}

// Aubin is the house of most tests: in France, complete, closed.
func Aubin() house.NewHouse {
	return house.NewHouse{Name: "Ateliers Aubin", Lang: "fr-FR", Country: "FR", Identity: Identity}
}

// Claire, Shop and Inside are voices: hers in French, the house's in English, one that only colleagues read.
func Claire() voice.NewVoice {
	return voice.NewVoice{Name: "Claire Aubin", Slug: "claire", Kind: voice.Personal, Lang: "fr-FR"}
}

// Shop is the voice of the house, in English.
func Shop() voice.NewVoice {
	return voice.NewVoice{Name: "The Workshop", Slug: "ateliers", Kind: voice.Corporate, Lang: "en"}
}

// Inside is a voice that only colleagues read.
func Inside() voice.NewVoice {
	return voice.NewVoice{Name: "Entre nous", Slug: "entre-nous", Kind: voice.Internal, Lang: "fr-FR"}
}

// SetUp makes the house and its voices, of which the first is the main one, in one write.
func (c *Core) SetUp(in house.NewHouse, voices ...voice.NewVoice) []voice.Voice {
	c.t.Helper()
	made := make([]voice.Voice, len(voices))
	err := c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		if _, err := c.House.CreateIn(tx, actor.System(), in); err != nil {
			return err
		}
		for i, v := range voices {
			var err error
			if made[i], err = c.Voices.CreateIn(tx, actor.System(), v); err != nil {
				return err
			}
		}
		if len(made) == 0 {
			return nil
		}
		return c.Voices.SetMainIn(tx, actor.System(), made[0].ID)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return made
}

// Open lets the public in, or shuts it out.
func (c *Core) Open(public bool) {
	c.t.Helper()
	if _, err := c.House.Change(c.t.Context(), actor.System(), house.Patch{Public: &public}); err != nil {
		c.t.Fatal(err)
	}
}
