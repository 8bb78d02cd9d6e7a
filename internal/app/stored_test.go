package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/app"
	"causerie/internal/platform/mail"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of what is stored")

// What is stored as JSON outlives the program that wrote it: a fact of years ago must still be read, and a job that waits in a
// backup must still run. Each shape has a golden file in testdata/stored, made with -update when the shape is new. A file
// that was released is not made again: what reads the old one is a migration with a Fill.

func TestEveryFactIsStoredAsItsGoldenFileSays(t *testing.T) {
	t.Parallel()
	for _, f := range app.Facts() {
		golden(t, filepath.Join("fact", f.Kind()+".json"), reflect.New(reflect.TypeOf(f)))
	}
	nothingElse(t, "fact", len(app.Facts()))
}

func TestEveryJobIsStoredAsItsGoldenFileSays(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Captured: &mail.Captured{}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	bodies := a.Queue.Bodies()
	if len(bodies) < 4 {
		t.Errorf("only %d kinds of jobs are known: this test no longer sees the queue", len(bodies))
	}
	for kind, body := range bodies {
		golden(t, filepath.Join("job", strings.ReplaceAll(kind, ">", " to ")+".json"), reflect.ValueOf(body))
	}
	nothingElse(t, "job", len(bodies))
}

var snake = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// golden compares what the type that ptr points to is stored as with its golden file, and reads the file back.
func golden(t *testing.T, name string, ptr reflect.Value) {
	t.Helper()
	path := filepath.Join("testdata", "stored", name)
	sample(ptr.Elem())
	have, err := json.Marshal(ptr.Interface())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var tree any
	if err := json.Unmarshal(have, &tree); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys(tree) {
		if !snake.MatchString(key) {
			t.Errorf("%s: the key %s is a name of Go: give the field a tag", name, key)
		}
	}
	if *update {
		if _, err := os.Stat(path); err != nil {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, append(have, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: what is stored has no golden file: run the test with -update", err)
		return
	}
	if got, want := string(have), strings.TrimSpace(string(want)); got != want {
		t.Errorf("%s is stored as\n\t%s\nand was released as\n\t%s", name, got, want)
	}
	read := reflect.New(ptr.Type().Elem())
	d := json.NewDecoder(bytes.NewReader(want))
	d.DisallowUnknownFields()
	if err := d.Decode(read.Interface()); err != nil {
		t.Errorf("%s: the golden file is not read any more: %v", name, err)
	} else if diff := cmp.Diff(ptr.Interface(), read.Interface()); diff != "" {
		t.Errorf("%s: the golden file is read as another thing: %s", name, diff)
	}
}

// sample puts something other than zero into every field.
func sample(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 11, 26, 8, 30, 0, 345e6, time.UTC)))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				sample(v.Field(i))
			}
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		sample(v.Index(0))
		sample(v.Index(1))
	case v.Kind() == reflect.String:
		v.SetString("word")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(913353316772082232)
	default:
		panic(fmt.Sprintf("a stored shape holds a %v: keep it to ids, words, flags, instants and lists of them", v.Type()))
	}
}

// keys returns every key of every object in a JSON value.
func keys(tree any) (all []string) {
	switch v := tree.(type) {
	case map[string]any:
		for k, inner := range v {
			all = append(append(all, k), keys(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, keys(inner)...)
		}
	}
	return all
}

// nothingElse finds golden files of shapes that are no longer there: what was stored so must be read, or filled, first.
func nothingElse(t *testing.T, family string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "stored", family, "*.json"))
	if err != nil || len(files) != want {
		t.Errorf("%d golden files in %s for %d shapes", len(files), family, want)
	}
}
