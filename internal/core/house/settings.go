package house

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/seal"
)

// SettingRelay is the key of the mail relay: smtp://..., sealed.
const SettingRelay = "relay"

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

// SettingIn returns what was set as it is kept, "" when nothing was: for what is sealed.
func (s *Service) SettingIn(tx *db.Tx, key string) (string, error) {
	v, _, err := db.Maybe(tx, qSetting, db.Scalar[string], key)
	return v, err
}

// RelayIn returns the address of the mail relay with its password, "" when none was set. It is seal.ErrSealed when the key
// with which it was sealed is not the one here: then it can only be given again.
func (s *Service) RelayIn(tx *db.Tx) (string, error) {
	sealed, err := s.SettingIn(tx, SettingRelay)
	if err != nil || sealed == "" {
		return "", err
	}
	plain, err := s.box.Unseal(SettingRelay, sealed)
	return string(plain), err
}

// Relay is RelayIn in a transaction of its own.
func (s *Service) Relay(ctx context.Context) (address string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		address, err = s.RelayIn(tx)
		return err
	})
	return address, err
}

// Unreadable names what is sealed with another key than the one here: "relay", "certificates". It is lost until it is given, or made,
// again.
func (s *Service) Unreadable(ctx context.Context) (lost []string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		lost = nil
		if _, err := s.RelayIn(tx); errors.Is(err, seal.ErrSealed) {
			lost = append(lost, SettingRelay)
		} else if err != nil {
			return err
		}
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

// SetRelay keeps the address of the mail relay, sealed; "" removes it. Only an owner may. The caller checked that the
// address reads.
func (s *Service) SetRelay(ctx context.Context, by actor.Actor, address string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	sealed := ""
	if address != "" {
		var err error
		if sealed, err = s.box.Seal(SettingRelay, []byte(address)); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qSetSetting, SettingRelay, sealed)
		return err
	})
}
