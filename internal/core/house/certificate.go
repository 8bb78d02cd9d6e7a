package house

import (
	"context"
	"errors"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

var (
	qCertificate     = db.Q("certificate.get", `SELECT data FROM certificates WHERE key = $1`)
	qKeepCertificate = db.Q("certificate.keep", `
		INSERT INTO certificates (key, data) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET data = excluded.data`)
	qCertificates      = db.Q("certificate.all", `SELECT data FROM certificates`)
	qForgetCertificate = db.Q("certificate.forget", `DELETE FROM certificates WHERE key = $1`)
)

// certificatePurpose binds what is sealed: a certificate's file holds its private key.
const certificatePurpose = "tls.certificate"

// Certificate returns what the authority gave under key, with its private key; certificate.not_found when nothing is
// kept. It is kept sealed: what was sealed with a key that is lost is as good as not kept, since the authority gives another.
func (s *Service) Certificate(ctx context.Context, key string) (data []byte, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		sealed, err := db.One(tx, qCertificate, db.Scalar[[]byte], key)
		if err != nil {
			return err
		}
		if data, err = s.box.Unseal(certificatePurpose, string(sealed)); errors.Is(err, seal.ErrSealed) {
			err = fault.NotFound("certificate")
		}
		return err
	})
	return data, err
}

// KeepCertificate keeps data under key, sealed.
func (s *Service) KeepCertificate(ctx context.Context, key string, data []byte) error {
	sealed, err := s.box.Seal(certificatePurpose, data)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qKeepCertificate, key, []byte(sealed))
		return err
	})
}

// ForgetCertificate removes what is kept under key.
func (s *Service) ForgetCertificate(ctx context.Context, key string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qForgetCertificate, key)
		return err
	})
}
