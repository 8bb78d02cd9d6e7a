package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// A list of people is larger than other requests, and takes longer.
const (
	importPattern = "POST /api/v1/contacts/import"
	maxImport     = 32 << 20
	importTime    = 5 * time.Minute
)

type importBody struct {
	File         opt[string]   `json:"file,omitempty" doc:"the list as text: CSV of any separator, or vCard. Instead, the request may be the file itself (text/csv, text/vcard, application/octet-stream, or multipart/form-data with a part file), and the other properties parameters of the address or parts"`
	FileBase64   opt[string]   `json:"file_base64,omitempty" doc:"the list as bytes of any encoding, in base64, instead of file"`
	Name         opt[string]   `json:"name,omitempty" doc:"of the file, told as the source when source is absent"`
	Basis        opt[string]   `json:"basis,omitempty" doc:"for all whose row names none: consent, client, professional_function, implied_purchase, implied_inquiry, referral; without any, no agreement is written down"`
	Jurisdiction opt[string]   `json:"jurisdiction,omitempty" doc:"whose law holds, a country of ISO 3166-1; the house's when absent"`
	Wording      opt[string]   `json:"wording,omitempty" doc:"what they agreed to, word by word"`
	Source       opt[string]   `json:"source,omitempty" doc:"where they come from"`
	Purpose      opt[string]   `json:"purpose,omitempty" doc:"letter when absent, nudge, question"`
	Theme        opt[string]   `json:"theme,omitempty" doc:"of professional_function: what the messages are about"`
	At           opt[string]   `json:"at,omitempty" doc:"when they agreed, for all whose row does not say: RFC 3339 or YYYY-MM-DD"`
	Lang         opt[string]   `json:"lang,omitempty" doc:"of people whose row names none; the house's when absent"`
	Columns      opt[[]string] `json:"columns,omitempty" doc:"what each column says when its name does not tell: name, first, middle, last, email, phone, page, company, role, place, note, lang, known, status, subscribed, unsubscribed, disabled, unsubscribed_at, bounced_at, basis, jurisdiction, wording, source, purpose, theme, asked_at, at, or own:<id> of a field of the house (GET /fields), which a column of its name holds by itself; empty for none"`
	DryRun       opt[bool]     `json:"dry_run,omitempty" doc:"say what would happen, and change nothing"`
}

type importJSON struct {
	roster.Report
	Refusals []refusalJSON `json:"refusals" nullable:"false" doc:"the first hundred rows that were refused"`
}

type refusalJSON struct {
	Line   int    `json:"line" doc:"of the file"`
	Field  string `json:"field"`
	Code   string `json:"code"`
	Reason string `json:"reason" doc:"a sentence in the language of the token's owner"`
}

// maxRefusals is how many refused rows an answer names.
const maxRefusals = 100

func (a *API) importRoute(r *register) {
	write(r, http.MethodPost, "/contacts/import", "importContacts", http.StatusOK, a.importContacts)
}

func (a *API) importContacts(c *call, _ *none, b *importBody) (importJSON, error) {
	list := c.list
	switch {
	case list != nil:
	case b.FileBase64.given():
		var err error
		if list, err = base64.StdEncoding.DecodeString(b.FileBase64.V); err != nil {
			return importJSON{}, fault.Invalid("file_base64", "malformed")
		}
	case b.File.V != "":
		list = []byte(b.File.V)
	default:
		return importJSON{}, fault.Invalid("file", "required")
	}
	o := roster.Options{Lang: b.Lang.V, DryRun: b.DryRun.V, Consent: consent.Evidence{Basis: b.Basis.V, Jurisdiction: b.Jurisdiction.V, Wording: b.Wording.V,
		Source: b.Source.V, Purpose: b.Purpose.V, Theme: b.Theme.V}}
	if b.At.V != "" {
		at, err := time.Parse(time.RFC3339, b.At.V)
		if err != nil {
			if at, err = time.Parse(time.DateOnly, b.At.V); err != nil {
				return importJSON{}, fault.Invalid("at", "date")
			}
		}
		o.Consent.At = at
	}
	for _, f := range b.Columns.V {
		o.Fields = append(o.Fields, roster.Field(f))
	}
	out := importJSON{Refusals: []refusalJSON{}}
	o.Refused = func(r roster.Refusal) error {
		if len(out.Refusals) < maxRefusals {
			out.Refusals = append(out.Refusals, refusalJSON{r.Line, r.Field, r.Code, r.Sentence(a.Catalog, c.lang)})
		}
		return nil
	}
	if err := c.begin(); err != nil {
		return out, err
	}
	f := roster.File{Name: b.Name.V, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(list)), nil }}
	var err error
	out.Report, err = a.Roster.Import(c.ctx, c.by, f, o)
	return out, err
}

// listOf takes the file out of a request that is one: list is nil for JSON. What is said beside it becomes the JSON of an importBody.
func listOf(r *web.Request, body []byte) (list, said []byte, err error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "" || kind == "application/json" || strings.HasSuffix(kind, "+json") {
		return nil, body, nil
	}
	all := map[string]any{}
	say := func(name, value string) {
		switch name {
		case "dry_run":
			all[name] = value == "true" || value == "1"
		case "columns":
			all[name] = strings.Split(value, ",")
		default:
			all[name] = value
		}
	}
	for name, values := range r.URL.Query() {
		say(name, values[0])
	}
	if list = body; kind == "multipart/form-data" {
		list = []byte{}
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(maxImport)
		if err != nil {
			return nil, nil, fault.Invalid("file", "malformed")
		}
		for name, values := range form.Value {
			say(name, values[0])
		}
		for _, f := range form.File["file"] {
			in, err := f.Open()
			if err != nil {
				return nil, nil, err
			}
			list, err = io.ReadAll(in)
			in.Close()
			if err != nil {
				return nil, nil, err
			}
			all["name"] = f.Filename
		}
	}
	said, err = json.Marshal(all)
	return list, said, err
}
