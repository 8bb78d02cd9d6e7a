package seal

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Errors of tokens.
var (
	ErrToken   = errors.New("seal: not a token of this key for this purpose")
	ErrExpired = errors.New("seal: the token has expired")
)

const (
	tokenVersion = 1
	tokenMAC     = 16   // bytes: 128 bits are out of reach, and links stay short
	maxToken     = 4096 // characters looked at
)

// Token signs payload for purpose until expires; the zero time is no end (a link to unsubscribe must work in ten
// years). The token is made of letters, digits, - and _. Its payload is not secret.
func (b *Box) Token(purpose string, expires time.Time, payload ...string) string {
	raw := []byte{tokenVersion}
	var until int64
	if !expires.IsZero() {
		until = max(expires.UnixMilli(), 1)
	}
	raw = binary.AppendVarint(raw, until)
	for _, p := range payload {
		raw = binary.AppendUvarint(raw, uint64(len(p)))
		raw = append(raw, p...)
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, b.sign(purpose, raw)...))
}

// OpenToken returns the payload of a token, ErrToken when it was not signed by this key for this purpose, ErrExpired
// when it was and now is at or after its end.
func (b *Box) OpenToken(purpose, token string, now time.Time) ([]string, error) {
	if len(token) > maxToken {
		return nil, ErrToken
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 1+tokenMAC {
		return nil, ErrToken
	}
	raw, sum := raw[:len(raw)-tokenMAC], raw[len(raw)-tokenMAC:]
	if !hmac.Equal(sum, b.sign(purpose, raw)) || raw[0] != tokenVersion {
		return nil, ErrToken
	}
	raw = raw[1:]
	until, n := binary.Varint(raw)
	if n <= 0 {
		return nil, ErrToken
	}
	raw = raw[n:]
	var payload []string
	for len(raw) > 0 {
		size, n := binary.Uvarint(raw)
		if n <= 0 || size > uint64(len(raw)-n) {
			return nil, ErrToken
		}
		payload = append(payload, string(raw[n:n+int(size)]))
		raw = raw[n+int(size):]
	}
	if until != 0 && now.UnixMilli() >= until {
		return nil, ErrExpired
	}
	return payload, nil
}

func (b *Box) sign(purpose string, raw []byte) []byte {
	return b.MAC("token", []byte(purpose), raw)[:tokenMAC]
}
