package api

import (
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

type everyBody struct {
	Text opt[string]    `json:"text,omitempty"`
	List opt[[]string]  `json:"list,omitempty"`
	Flag opt[bool]      `json:"flag,omitempty"`
	Sum  opt[int64]     `json:"sum,omitempty"`
	At   opt[time.Time] `json:"at,omitempty"`
	On   opt[clock.Day] `json:"on,omitempty"`
}

func TestAbsentNullAndEmptyAreThreeThings(t *testing.T) {
	var b everyBody
	if err := decode([]byte(` {"text": null, "list": [], "sum": 0} `), &b); err != nil {
		t.Fatal(err)
	}
	if !b.Text.Set || !b.Text.Null || b.Text.given() || *b.Text.ptr() != "" {
		t.Errorf("null: %+v", b.Text)
	}
	if !b.List.given() || b.List.V == nil || !b.Sum.given() {
		t.Errorf("empty: %+v %+v", b.List, b.Sum)
	}
	if b.Flag.Set || b.Flag.ptr() != nil {
		t.Errorf("absent: %+v", b.Flag)
	}
}

// FuzzDecode: whatever comes, the outcome is a value or a fault that people may see.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{``, `{}`, `{"text":"a","list":["b"],"flag":true,"sum":1,"at":"2026-03-02T09:00:00Z","on":"2026-03-02"}`,
		`{"text":7,"nobody":{}}`, `{"at":7,"on":"x"}`, `[`, `null`, `{"text":"\u0000\ud800"}`, `{"sum":1e99}`, `{"list":[null]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var b everyBody
		if err := decode(body, &b); err != nil && !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", body, err)
		}
	})
}
