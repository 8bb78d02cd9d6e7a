package dkim

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Signer is a key and where its public half is published: in the TXT record of Selector._domainkey.Domain.
type Signer struct {
	Domain   string // in ASCII
	Selector string
	Key      crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
}

// Name is the name of the record, without a dot at its end.
func (s Signer) Name() string { return s.Selector + "._domainkey." + s.Domain }

// ErrKey is returned for what is no key that can sign.
var ErrKey = errors.New("dkim: not an RSA key of 2048 bits or more, nor an Ed25519 key")

// NewRSA makes a key of 2048 bits: what every receiver reads (RFC 8301, 3.2).
func NewRSA() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// NewEd25519 makes a key that costs a fiftieth of the other to sign with, and that some receivers do not read yet.
func NewEd25519() (crypto.Signer, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

// Marshal returns a key as bytes to be kept in secret (PKCS #8).
func Marshal(key crypto.Signer) ([]byte, error) { return x509.MarshalPKCS8PrivateKey(key) }

// Parse reads what Marshal wrote. The error is ErrKey.
func Parse(der []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, ErrKey
	}
	signer, ok := key.(crypto.Signer)
	if !ok || algorithm(signer) == "" {
		return nil, ErrKey
	}
	return signer, nil
}

// algorithm names how a key signs (RFC 6376, 3.3), "" for one that cannot.
func algorithm(key crypto.Signer) string {
	if key == nil {
		return ""
	}
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		if public.Size() >= 2048/8 {
			return "rsa-sha256"
		}
	case ed25519.PublicKey:
		return "ed25519-sha256"
	}
	return ""
}

// Record returns the text of the TXT record that publishes a key (RFC 6376, 3.6.1; RFC 8463, 4).
func Record(key crypto.PublicKey) (string, error) {
	switch public := key.(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return "", err
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	return "", ErrKey
}

// Strings cuts the text of a record into the strings of at most 255 bytes that a TXT record is made of (RFC 1035, 3.3.14).
func Strings(record string) (all []string) {
	for len(record) > 255 {
		all, record = append(all, record[:255]), record[255:]
	}
	return append(all, record)
}

// Zone returns a record as a line of a zone file.
func Zone(name, record string) string {
	return fmt.Sprintf("%s. IN TXT \"%s\"", name, strings.Join(Strings(record), `" "`))
}
