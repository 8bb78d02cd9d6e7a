package voice

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var (
	qHomes = db.Q("voice.homes", `
		SELECT host, root, voice_id, since, until FROM voice_homes ORDER BY host, root, since, voice_id LIMIT 10000`)
	qHome = db.Q("voice.home", `
		SELECT host, root, voice_id, since, until FROM voice_homes WHERE voice_id = $1 AND until IS NULL`)
	qHomesAt = db.Q("voice.homes_at", `
		SELECT host, root, voice_id, since, until FROM voice_homes WHERE host = $1 AND root = $2 ORDER BY voice_id LIMIT 200`)
	qMain = db.Q("voice.main", `
		SELECT `+columns+` FROM voices
		 WHERE id = (SELECT voice_id FROM voice_homes WHERE host = '' AND root = '' AND until IS NULL)`)
	qLeave  = db.Q("voice.leave", `UPDATE voice_homes SET until = $2 WHERE voice_id = $1 AND until IS NULL`)
	qSettle = db.Q("voice.settle", `
		INSERT INTO voice_homes (host, root, voice_id, since, until) VALUES ($1, $2, $3, $4, NULL)
		ON CONFLICT (host, root, voice_id) DO UPDATE SET until = NULL`)
	qReserve = db.Q("voice.reserve", `
		INSERT INTO voice_homes (host, root, voice_id, since, until) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (host, root, voice_id) DO NOTHING`)
	qFree = db.Q("voice.free_home", `DELETE FROM voice_homes WHERE host = $1 AND root = $2 AND voice_id = $3`)
)

func scanHome(r db.Row) (h Home, err error) {
	err = r.Scan(&h.Host, &h.Root, &h.Voice, db.Time(&h.Since), db.Time(&h.Until))
	return h, err
}

// HomesIn returns every home that a voice has or had.
func (s *Service) HomesIn(tx *db.Tx) ([]Home, error) { return db.All(tx, qHomes, scanHome) }

// Homes is HomesIn outside a transaction.
func (s *Service) Homes(ctx context.Context) (all []Home, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = s.HomesIn(tx)
		return err
	})
	return all, err
}

// MainIn returns the voice that lives at the root of the house's own host; voice.not_found before there is one.
func (s *Service) MainIn(tx *db.Tx) (Voice, error) { return db.One(tx, qMain, scan) }

// Main is MainIn outside a transaction.
func (s *Service) Main(ctx context.Context) (v Voice, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = s.MainIn(tx)
		return err
	})
	return v, err
}

// IsRootIn reports whether slug is, or was, the root of some voice under the house's own host: no post may have it, since
// the main voice's posts stand beside the voices.
func (s *Service) IsRootIn(tx *db.Tx, slug string) (bool, error) {
	homes, err := db.All(tx, qHomesAt, scanHome, "", slug)
	return len(homes) > 0, err
}

// SetMain makes a voice the main one, SetMainIn in a transaction of its own.
func (s *Service) SetMain(ctx context.Context, by actor.Actor, id fact.VoiceID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.SetMainIn(tx, by, id) })
}

// SetMainIn makes a voice the main one: it moves to the root of the house's own host, and the one before to its own name.
// Only an owner may. Problems are at main_voice: "internal", or "own_host" for a voice that must leave its host first.
func (s *Service) SetMainIn(tx *db.Tx, by actor.Actor, id fact.VoiceID) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	v, err := s.GetIn(tx, id)
	if err != nil {
		return err
	}
	if !v.Public() {
		return fault.Invalid("main_voice", "internal")
	}
	home, err := db.One(tx, qHome, scanHome, id)
	switch {
	case err != nil:
		return err
	case home.Main():
		return nil
	case home.Host != "":
		return fault.Invalid("main_voice", "own_host")
	}
	before, found, err := db.Maybe(tx, qMain, scan)
	if err != nil {
		return err
	}
	if found {
		if err := s.moveIn(tx, by, before.ID, Home{Root: before.Slug}); err != nil {
			return err
		}
	}
	return s.moveIn(tx, by, id, Home{})
}

// AddHome gives a voice a host of its own, where it lives from now on; its addresses before lead there. Only an owner may.
// Problems are at host: "host" for what is no name of a host, "main" for the main voice, whose host is the house's,
// "internal", "taken" by another voice, or "was_home" of another one that has not freed it.
func (s *Service) AddHome(ctx context.Context, by actor.Actor, id fact.VoiceID, host string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	name, ok := ParseHost(host)
	if !ok {
		return fault.Invalid("host", "host")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, home, err := s.withHomeIn(tx, id)
		switch {
		case err != nil:
			return err
		case !v.Public():
			return fault.Invalid("host", "internal")
		case home.Main():
			return fault.Invalid("host", "main")
		case home.Host == name:
			return nil
		}
		if code, err := s.heldIn(tx, id, name, ""); err != nil || code != "" {
			if err == nil {
				err = fault.Invalid("host", code)
			}
			return err
		}
		return s.moveIn(tx, by, id, Home{Host: name})
	})
}

// LeaveHome takes a voice back from its own host to its name under the house's. As long as the host's name leads to this
// program, the addresses there lead on. Only an owner may.
func (s *Service) LeaveHome(ctx context.Context, by actor.Actor, id fact.VoiceID) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, home, err := s.withHomeIn(tx, id)
		if err != nil || home.Host == "" {
			return err
		}
		return s.moveIn(tx, by, id, Home{Root: v.Slug})
	})
}

// FreeHome forgets a home that a voice left: its addresses there lead nowhere any more, and another voice may live there.
// Only an owner may, who was told so. A voice keeps the home where it lives and its own name: home.kept.
func (s *Service) FreeHome(ctx context.Context, by actor.Actor, id fact.VoiceID, host, root string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, home, err := s.withHomeIn(tx, id)
		if err != nil {
			return err
		}
		if (host == "" && root == v.Slug) || (host == home.Host && root == home.Root) {
			return fault.Conflict("home.kept")
		}
		if _, err := db.Exec(tx, qFree, host, root, id); err != nil {
			return err
		}
		return s.publishMove(tx, by, id)
	})
}

func (s *Service) withHomeIn(tx *db.Tx, id fact.VoiceID) (v Voice, h Home, err error) {
	if v, err = s.GetIn(tx, id); err != nil {
		return v, h, err
	}
	h, err = db.One(tx, qHome, scanHome, id)
	return v, h, err
}

// heldIn tells why a voice cannot live in a home: "taken" by another that lives there or has that name, "was_home" of
// another that left; "" when it can. The root of the house's own host is handed on by SetMainIn alone.
func (s *Service) heldIn(tx *db.Tx, id fact.VoiceID, host, root string) (string, error) {
	homes, err := db.All(tx, qHomesAt, scanHome, host, root)
	if err != nil {
		return "", err
	}
	code := ""
	for _, h := range homes {
		switch {
		case h.Voice == id:
		case h.Lived():
			return "taken", nil
		default:
			code = "was_home"
		}
	}
	return code, nil
}

// moveIn makes to the home of a voice; the one before stays its own, and leads to it. Whoever lived in to before came there
// before.
func (s *Service) moveIn(tx *db.Tx, by actor.Actor, id fact.VoiceID, to Home) error {
	if _, err := db.Exec(tx, qLeave, id, db.At(tx.Now())); err != nil {
		return err
	}
	held, err := db.All(tx, qHomesAt, scanHome, to.Host, to.Root)
	if err != nil {
		return err
	}
	since := tx.Now()
	for _, h := range held { // who came first must be told, whatever the clock did
		if !h.Since.Before(since) {
			since = h.Since.Add(time.Millisecond)
		}
	}
	if _, err := db.Exec(tx, qSettle, to.Host, to.Root, id, db.At(since)); err != nil {
		return err
	}
	return s.publishMove(tx, by, id)
}

func (s *Service) publishMove(tx *db.Tx, by actor.Actor, id fact.VoiceID) error {
	return s.bus.Emit(tx, by, fact.VoiceMoved{Voice: id})
}

// renameIn follows a voice whose slug changed: one that lives under its name moves with it, any other has both names.
func (s *Service) renameIn(tx *db.Tx, by actor.Actor, v Voice) error {
	home, err := db.One(tx, qHome, scanHome, v.ID)
	if err != nil {
		return err
	}
	if home.Host == "" && home.Root != "" {
		return s.moveIn(tx, by, v.ID, Home{Root: v.Slug})
	}
	_, err = db.Exec(tx, qReserve, "", v.Slug, v.ID, db.At(tx.Now()))
	return err
}
