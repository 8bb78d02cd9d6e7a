// Package blobtest is what every blob.Store promises, as tests that each implementation runs.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"causerie/internal/platform/blob"
)

// Run tests the stores that open returns. Each call of open must return an empty one.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, blob.Store){
		"WhatIsPutComesBack":             comesBack,
		"SameContentIsKeptOnce":          keptOnce,
		"TooLargeLeavesNothing":          tooLarge,
		"BrokenReaderLeavesNothing":      broken,
		"CancelledPutLeavesNothing":      cancelled,
		"DeletedIsGone":                  deleted,
		"NoPathIsSmuggledIn":             smuggled,
		"ManyWritersOfOneContent":        together,
		"WalkIsInOrderAndStopsWhenAsked": walk,
		"OpenFileSurvivesItsDeletion":    survives,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func put(t *testing.T, s blob.Store, content string) blob.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func list(t *testing.T, s blob.Store) (refs []blob.Ref, total int64) {
	t.Helper()
	err := s.Walk(t.Context(), func(r blob.Ref, n int64) error {
		refs = append(refs, r)
		total += n
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return refs, total
}

func empty(t *testing.T, s blob.Store) {
	t.Helper()
	if refs, _ := list(t, s); len(refs) != 0 {
		t.Errorf("left behind: %v", refs)
	}
}

func comesBack(t *testing.T, s blob.Store) {
	empty(t, s)
	for _, content := range []string{"", "bonjour", strings.Repeat("0123456789", 100_000)} {
		ref := put(t, s, content)
		sum := sha256.Sum256([]byte(content))
		if string(ref) != hex.EncodeToString(sum[:]) {
			t.Errorf("the reference is %s", ref)
		}
		f, size, err := s.Open(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || string(got) != content || size != int64(len(content)) {
			t.Errorf("%d bytes came back as %d, size %d, %v", len(content), len(got), size, err)
		}
		if _, err := f.Seek(-int64(len(content)/2), io.SeekEnd); err != nil {
			t.Error(err)
		}
		if half, _ := io.ReadAll(f); string(half) != content[len(content)-len(content)/2:] {
			t.Error("seeking leads elsewhere")
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func keptOnce(t *testing.T, s blob.Store) {
	if a, b := put(t, s, "même"), put(t, s, "même"); a != b {
		t.Errorf("%s and %s", a, b)
	}
	if refs, total := list(t, s); len(refs) != 1 || total != int64(len("même")) {
		t.Errorf("%v, %d bytes", refs, total)
	}
}

func tooLarge(t *testing.T, s blob.Store) {
	if ref, err := s.Put(t.Context(), strings.NewReader("12345"), 4); !errors.Is(err, blob.ErrTooLarge) || ref != "" {
		t.Errorf("%q, %v", ref, err)
	}
	empty(t, s)
}

func broken(t *testing.T, s blob.Store) {
	cause := errors.New("the line was cut")
	r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(cause))
	if _, err := s.Put(t.Context(), r, 100); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
	empty(t, s)
}

func cancelled(t *testing.T, s blob.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(strings.NewReader("half"), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), strings.NewReader("rest"))
	if _, err := s.Put(ctx, r, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	empty(t, s)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func deleted(t *testing.T, s blob.Store) {
	ref, other := put(t, s, "à jeter"), put(t, s, "à garder")
	for range 2 {
		if err := s.Delete(t.Context(), ref); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := s.Open(t.Context(), ref); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if refs, _ := list(t, s); len(refs) != 1 || refs[0] != other {
		t.Errorf("%v", refs)
	}
}

func smuggled(t *testing.T, s blob.Store) {
	good := string(put(t, s, "x"))
	for _, bad := range []string{"", "..", "../../etc/passwd", good[:63], good + "0", strings.ToUpper(good), strings.Repeat("/", 64), strings.Repeat(".", 64)} {
		if _, _, err := s.Open(t.Context(), blob.Ref(bad)); !errors.Is(err, blob.ErrRef) {
			t.Errorf("open %q: %v", bad, err)
		}
		if err := s.Delete(t.Context(), blob.Ref(bad)); !errors.Is(err, blob.ErrRef) {
			t.Errorf("delete %q: %v", bad, err)
		}
	}
}

func together(t *testing.T, s blob.Store) {
	content := bytes.Repeat([]byte("ensemble "), 10_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ref, err := s.Put(t.Context(), bytes.NewReader(content), 1<<20)
			if err != nil {
				t.Error(err)
				return
			}
			f, _, err := s.Open(t.Context(), ref)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			if got, _ := io.ReadAll(f); !bytes.Equal(got, content) {
				t.Error("a reader saw something else")
			}
		})
	}
	wg.Wait()
	if refs, _ := list(t, s); len(refs) != 1 {
		t.Errorf("%v", refs)
	}
}

func walk(t *testing.T, s blob.Store) {
	var want []blob.Ref
	for _, c := range []string{"a", "b", "c", "d", "e"} {
		want = append(want, put(t, s, c))
	}
	slices.Sort(want)
	if got, total := list(t, s); !slices.Equal(got, want) || total != 5 {
		t.Errorf("%v, %d bytes", got, total)
	}
	stop, n := errors.New("enough"), 0
	if err := s.Walk(t.Context(), func(blob.Ref, int64) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
}

func survives(t *testing.T, s blob.Store) {
	ref := put(t, s, "lu jusqu’au bout")
	f, _, err := s.Open(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := s.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || string(got) != "lu jusqu’au bout" {
		t.Errorf("%q, %v", got, err)
	}
}
