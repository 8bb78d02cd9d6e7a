package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/seal"
)

func box(t testing.TB, fill byte) *seal.Box {
	t.Helper()
	b, err := seal.Open(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedSecretOpensOnlyWithItsKeyAndPurpose(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	sealed, err := b.Seal("relay.password", []byte("hébé"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Unseal("relay.password", sealed); err != nil || string(got) != "hébé" {
		t.Fatalf("Unseal = %q, %v", got, err)
	}
	if again, _ := b.Seal("relay.password", []byte("hébé")); again == sealed {
		t.Error("the same secret sealed twice gives the same text")
	}
	changed := []byte(sealed)
	changed[10] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"other purpose": func() ([]byte, error) { return b.Unseal("mailbox.password", sealed) },
		"other key":     func() ([]byte, error) { return box(t, 2).Unseal("relay.password", sealed) },
		"changed":       func() ([]byte, error) { return b.Unseal("relay.password", string(changed)) },
		"cut":           func() ([]byte, error) { return b.Unseal("relay.password", sealed[:20]) },
		"no prefix":     func() ([]byte, error) { return b.Unseal("relay.password", sealed[3:]) },
		"empty":         func() ([]byte, error) { return b.Unseal("relay.password", "") },
	} {
		if got, err := try(); !errors.Is(err, seal.ErrSealed) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestKeyFileIsMadeOnceAndPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	boxes := make([]*seal.Box, 8)
	var wg sync.WaitGroup
	for i := range boxes {
		wg.Go(func() {
			var err error
			if boxes[i], err = seal.LoadOrCreate(path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	sealed, err := boxes[0].Seal("p", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boxes {
		if _, err := b.Unseal("p", sealed); err != nil {
			t.Error("processes that start together have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v", info.Mode())
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("files left behind: %v", left)
	}
}

func TestDamagedKeyFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "abc", strings.Repeat("0", 63)} {
		path := filepath.Join(t.TempDir(), "secret.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.LoadOrCreate(path); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%q: %v", text, err)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("%q became %q", text, now)
		}
	}
}

func TestPassphraseGivesTheSameBoxEverywhere(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"un secret assez long, dit-on", strings.Repeat("a7", 32), "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80="} {
		one, err := seal.FromPassphrase(secret)
		if err != nil {
			t.Fatal(err)
		}
		two, err := seal.FromPassphrase(" " + secret + "\n")
		if err != nil {
			t.Fatal(err)
		}
		sealed, _ := one.Seal("p", []byte("x"))
		if _, err := two.Unseal("p", sealed); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
	if _, err := seal.FromPassphrase("court"); !errors.Is(err, seal.ErrWeak) {
		t.Errorf("a short secret: %v", err)
	}
}

func TestMACTellsPartsApart(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	seen := map[string]bool{}
	for _, mac := range [][]byte{
		b.MAC("p"), b.MAC("p", nil), b.MAC("p", []byte("ab"), []byte("c")), b.MAC("p", []byte("a"), []byte("bc")),
		b.MAC("p", []byte("abc")), b.MAC("q", []byte("abc")), box(t, 2).MAC("p", []byte("abc")),
	} {
		if seen[string(mac)] || len(mac) != 32 {
			t.Errorf("%x: seen before, or not 32 bytes", mac)
		}
		seen[string(mac)] = true
	}
	if !bytes.Equal(b.MAC("p", []byte("x")), b.MAC("p", []byte("x"))) {
		t.Error("not stable")
	}
}

func TestTokenCannotBeChangedOrOutliveItsEnd(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	end := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	want := []string{"7", "", "éloïse@example.org", strings.Repeat("x", 300)}
	token := b.Token("confirm", end, want...)
	got, err := b.OpenToken("confirm", token, end.Add(-time.Millisecond))
	if err != nil || !cmp.Equal(got, want) {
		t.Fatalf("OpenToken = %q, %v", got, err)
	}
	if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("not url-safe: %q", token)
	}
	if _, err := b.OpenToken("confirm", token, end); !errors.Is(err, seal.ErrExpired) {
		t.Errorf("at its end: %v", err)
	}
	for i := range token {
		other := []byte(token)
		if other[i]++; other[i] == 'z'+1 {
			other[i] = 'a'
		}
		if _, err := b.OpenToken("confirm", string(other), end.Add(-time.Hour)); !errors.Is(err, seal.ErrToken) {
			t.Fatalf("with character %d changed: %v", i, err)
		}
	}
	if _, err := b.OpenToken("unsubscribe", token, end.Add(-time.Hour)); !errors.Is(err, seal.ErrToken) {
		t.Errorf("other purpose: %v", err)
	}
	forever := b.Token("unsubscribe", time.Time{}, "7")
	if got, err := b.OpenToken("unsubscribe", forever, end.AddDate(50, 0, 0)); err != nil || !cmp.Equal(got, []string{"7"}) {
		t.Errorf("a token without end: %q, %v", got, err)
	}
}

func FuzzUnseal(f *testing.F) {
	b := box(f, 1)
	good, err := b.Seal("p", []byte("plain"))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{good, "v1:", "v1:AAAA", "v2:" + good[3:], ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, err := b.Unseal("p", s)
		if err == nil && string(plain) != "plain" {
			t.Fatalf("forged: %q", s)
		}
	})
}

func FuzzOpenToken(f *testing.F) {
	b := box(f, 1)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	good := b.Token("p", now.Add(time.Hour), "a", "b")
	for _, s := range []string{good, b.Token("p", time.Time{}), good[:8], "", "AQ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := b.OpenToken("p", s, now)
		if err == nil && len(got) > 0 && !cmp.Equal(got, []string{"a", "b"}) {
			t.Fatalf("forged: %q gave %q", s, got)
		}
	})
}
