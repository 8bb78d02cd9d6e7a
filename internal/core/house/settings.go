package house

import (
	"context"
	"strconv"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// The keys of settings.
const (
	SettingRelay        = "relay"                     // smtp://..., sealed
	SettingComments     = "comments.open"             // "yes" (the default) or "no"
	SettingCommentsDays = "comments.close_after_days" // "0": never
)

// SettingIn returns what an owner set, "" when nothing was.
func (s *Service) SettingIn(tx *db.Tx, key string) (string, error) {
	v, _, err := db.Maybe(tx, qSetting, db.Scalar[string], key)
	return v, err
}

// SetSetting sets one thing. Only an owner may.
func (s *Service) SetSetting(ctx context.Context, by actor.Actor, key, value string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	switch key {
	case SettingComments:
		if value != "yes" && value != "no" {
			return fault.Invalid(key, "unknown")
		}
	case SettingCommentsDays:
		if n, err := strconv.Atoi(value); err != nil || n < 0 || n > 3650 {
			return fault.Invalid(key, "number", 0, 3650)
		}
	default:
		return fault.Invalid(key, "unknown")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(tx, qSetSetting, key, value); err != nil {
			return err
		}
		return s.Bump(tx)
	})
}

// CommentsOpen tells whether readers may comment unless a post says otherwise, and after how many days that ends
// (0: never).
func (s *Service) CommentsOpen(tx *db.Tx) (open bool, closeAfterDays int, err error) {
	word, err := s.SettingIn(tx, SettingComments)
	if err != nil {
		return false, 0, err
	}
	days, err := s.SettingIn(tx, SettingCommentsDays)
	if err != nil {
		return false, 0, err
	}
	closeAfterDays, _ = strconv.Atoi(days)
	return word != "no", closeAfterDays, nil
}

// Comments is CommentsOpen outside a transaction.
func (s *Service) Comments(ctx context.Context) (open bool, closeAfterDays int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		open, closeAfterDays, err = s.CommentsOpen(tx)
		return err
	})
	return open, closeAfterDays, err
}

// SetComments sets both in one write. Only an owner may. Problems are at close_after_days.
func (s *Service) SetComments(ctx context.Context, by actor.Actor, open bool, closeAfterDays int) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	if closeAfterDays < 0 || closeAfterDays > 3650 {
		return fault.Invalid("close_after_days", "number_between", 0, 3650)
	}
	word := "yes"
	if !open {
		word = "no"
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(tx, qSetSetting, SettingComments, word); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qSetSetting, SettingCommentsDays, strconv.Itoa(closeAfterDays)); err != nil {
			return err
		}
		return s.Bump(tx)
	})
}

// Relay returns the address of the mail relay with its password, "" when none was set.
func (s *Service) Relay(ctx context.Context) (address string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sealed, err := s.SettingIn(tx, SettingRelay)
		if err != nil || sealed == "" {
			return err
		}
		plain, err := s.box.Unseal(SettingRelay, sealed)
		address = string(plain)
		return err
	})
	return address, err
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
