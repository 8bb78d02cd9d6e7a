package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/argon2"
)

// LoadOrCreate opens the box whose key is in the file path (64 hexadecimal digits), and makes that file, readable by
// its owner only, when there is none. Several processes may start at once: one makes the file, all read the same key.
func LoadOrCreate(path string) (*Box, error) {
	key, err := load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("seal: make the key: %w", err)
		}
		key, err = load(path)
	}
	if err != nil {
		return nil, fmt.Errorf("seal: read the key: %w", err)
	}
	return Open(key)
}

// Load opens the box whose key is in the file path, and makes none. The error is fs.ErrNotExist when it is not there.
func Load(path string) (*Box, error) {
	key, err := load(path)
	if err != nil {
		return nil, fmt.Errorf("seal: read the key: %w", err)
	}
	return Open(key)
}

func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, 1024)
	n, err := f.Read(text)
	if err != nil && n > 0 {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text[:n])))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("%s: %w", path, ErrKey)
	}
	return key, nil
}

// create writes the whole file under another name and links it into place: nobody ever reads half a key, and a key
// that is there is never replaced.
func create(path string) error {
	key := make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	text := []byte(hex.EncodeToString(key) + "\n")
	temp, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := fill(temp, text); err != nil {
		return err
	}
	err = os.Link(temp.Name(), path)
	if err == nil {
		return syncDir(filepath.Dir(path))
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links. O_EXCL still never replaces a key.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return fill(f, text)
}

func fill(f *os.File, text []byte) error {
	_, err := f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// FromPassphrase opens the box of a secret given as text, the same box for the same text on every machine. A secret
// that is 32 random bytes in hexadecimal or base64 is taken as it is; any other goes through argon2id (RFC 9106),
// which costs a fraction of a second and 64 MB once, at start. Under 16 characters it is ErrWeak.
func FromPassphrase(secret string) (*Box, error) {
	secret = strings.TrimSpace(secret)
	if len([]rune(secret)) < 16 {
		return nil, ErrWeak
	}
	if raw, ok := randomBytes(secret); ok {
		key, err := hkdf.Key(sha256.New, raw, nil, "causerie secret v1", KeySize)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		return Open(key)
	}
	// The salt is fixed: there is nowhere to keep one, and all processes of a house must come to the same key.
	return Open(argon2.IDKey([]byte(secret), []byte("causerie.secret.v1"), 3, 64<<10, 1, KeySize))
}

func randomBytes(secret string) ([]byte, bool) {
	decoders := []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	}
	for _, decode := range decoders {
		if raw, err := decode(secret); err == nil && len(raw) >= KeySize {
			return raw, true
		}
	}
	return nil, false
}
