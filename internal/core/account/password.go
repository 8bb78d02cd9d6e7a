package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password, from the OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane.
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	lanes   = 1
	keySize = 32
)

// Hash is an argon2id hash in the PHC string format. "" matches no password.
type Hash string

// hasher computes hashes, a few at a time.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))} }

func (h hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, keySize), nil
}

func (h hasher) hash(ctx context.Context, password string) (Hash, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return Hash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, b64(salt), b64(key))), nil
}

// matches reports whether password is the one of want. It takes as long when want is empty.
func (h hasher) matches(ctx context.Context, password string, want Hash) (bool, error) {
	parts := strings.Split(string(want), "$")
	salt, key := make([]byte, 16), []byte(nil)
	if len(parts) == 6 && parts[1] == "argon2id" {
		s, err1 := base64.RawStdEncoding.DecodeString(parts[4])
		k, err2 := base64.RawStdEncoding.DecodeString(parts[5])
		if err1 == nil && err2 == nil {
			salt, key = s, k
		}
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return len(key) > 0 && subtle.ConstantTimeCompare(got, key) == 1, nil
}

// secret returns a random token and the hash by which it is stored.
func secret() (token, hash string) {
	b := make([]byte, 32)
	rand.Read(b)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashOf(token)
}

func hashOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
