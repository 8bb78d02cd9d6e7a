package house

import (
	"context"
	"encoding/json"
	"fmt"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// SettingTrial is the key of the last test of the relay. What this server tried is nothing to another: it stays behind when a house moves.
const SettingTrial = "relay.trial"

// Setting is one thing that an owner may set. It is declared by the capability that reads it, which also says what changes for
// the public when it is set.
type Setting[T any] struct {
	Key     string        // in house_settings, for ever; its value is the JSON of a T
	Default T             // while nobody set it
	Check   func(T) error // returns the problem of a value that cannot be; nil takes every one
}

// TypesetBy is which text.Version set the texts of this database, 0 when nobody knows. It stays behind when a house moves, since an
// archive is not believed what it says of its HTML.
var TypesetBy = Setting[int]{Key: "typeset"}

// GetIn returns what was set, or the default.
func (s Setting[T]) GetIn(tx *db.Tx) (T, error) {
	value := s.Default
	word, found, err := db.Maybe(tx, qSetting, db.Scalar[string], s.Key)
	if err != nil || !found {
		return value, err
	}
	if err := json.Unmarshal([]byte(word), &value); err != nil {
		return s.Default, fmt.Errorf("house: the setting %s: %w", s.Key, err)
	}
	return value, nil
}

// SetIn sets it. Only an owner may.
func (s Setting[T]) SetIn(tx *db.Tx, by actor.Actor, value T) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	if s.Check != nil {
		if err := s.Check(value); err != nil {
			return err
		}
	}
	word, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("house: the setting %s: %w", s.Key, err)
	}
	_, err = db.Exec(tx, qSetSetting, s.Key, string(word))
	return err
}

// Unreadable names what of the house is sealed with another key than the one here, "certificates": it is lost until it is made again.
func (s *Service) Unreadable(ctx context.Context) (lost []string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		lost = nil
		kept, err := db.All(tx, qCertificates, db.Scalar[[]byte])
		for _, sealed := range kept {
			if _, bad := s.box.Unseal(certificatePurpose, string(sealed)); bad != nil {
				lost = append(lost, "certificates")
				break
			}
		}
		return err
	})
	return lost, err
}
