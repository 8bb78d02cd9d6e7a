package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length of a key, in bytes.
const KeySize = 32

// prefix says how a text was sealed, so that a later version can still read it.
const prefix = "v1:"

// maxSealed bounds what Unseal looks at, in bytes.
const maxSealed = 1 << 20

// Errors of this package. They say nothing about the secret, so they may be logged.
var (
	ErrKey    = errors.New("seal: a key has 32 bytes")
	ErrWeak   = errors.New("seal: the secret has fewer than 16 characters")
	ErrSealed = errors.New("seal: not sealed by this key for this purpose")
)

// Box seals and signs with one key. It may be used from several goroutines.
type Box struct {
	aead cipher.AEAD
	mac  []byte
}

// Open returns the box of a key of 32 bytes; any other length is ErrKey.
func Open(key []byte) (*Box, error) {
	if len(key) != KeySize {
		return nil, ErrKey
	}
	sealing, err := hkdf.Key(sha256.New, key, nil, "causerie seal v1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	signing, err := hkdf.Key(sha256.New, key, nil, "causerie mac v1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := chacha20poly1305.NewX(sealing)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Box{aead: aead, mac: signing}, nil
}

// Seal returns plain as a text that only Unseal with the same key and purpose can read. Sealing the same thing twice
// gives two different texts.
func (b *Box) Seal(purpose string, plain []byte) (string, error) {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return prefix + base64.RawURLEncoding.EncodeToString(b.aead.Seal(nonce, nonce, plain, associated(purpose))), nil
}

// Unseal reads what Seal wrote. Whatever is wrong (key, purpose, a changed letter) is ErrSealed.
func (b *Box) Unseal(purpose, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, prefix)
	if !ok || len(text) > maxSealed {
		return nil, ErrSealed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return nil, ErrSealed
	}
	plain, err := b.aead.Open(nil, raw[:chacha20poly1305.NonceSizeX], raw[chacha20poly1305.NonceSizeX:], associated(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func associated(purpose string) []byte { return []byte(prefix + purpose) }

// MAC returns 32 bytes that depend on the key, the purpose and every part of data. Parts are told apart: ("ab", "c")
// and ("a", "bc") differ. Compare with hmac.Equal.
func (b *Box) MAC(purpose string, data ...[]byte) []byte {
	h := hmac.New(sha256.New, b.mac)
	var n [8]byte
	for i := -1; i < len(data); i++ {
		part := []byte(purpose)
		if i >= 0 {
			part = data[i]
		}
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write(part)
	}
	return h.Sum(nil)
}
