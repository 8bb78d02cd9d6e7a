package harness

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"causerie/internal/core/account"
)

// API asks the JSON API as the owner: path below /api/v1, body anything that encodes (nil for none). It returns the
// status and the object that was answered, nil for none.
func (h *House) API(method, path string, body any) (status int, answer map[string]any) {
	h.t.Helper()
	if h.token == "" {
		bearer, _, err := h.Accounts.CreateToken(h.t.Context(), h.Owner.Actor(), h.Owner.ID, "essai", account.Write)
		if err != nil {
			h.t.Fatalf("token: %v", err)
		}
		h.token = bearer
	}
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			h.t.Fatalf("%s %s: %v", method, path, err)
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+"/api/v1"+path, in)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	r.Header.Set("Authorization", "Bearer "+h.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	out, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, 8<<20))
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &answer); err != nil {
			h.t.Fatalf("%s %s answers %d and no object: %s", method, path, out.StatusCode, data)
		}
	}
	return out.StatusCode, answer
}
