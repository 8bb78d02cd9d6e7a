package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
)

// call is one request that was let in.
type call struct {
	api    *api
	ctx    context.Context
	ref    string // names it in the log
	accept string // Accept-Language
	by     actor.Actor
	scope  string
	body   []byte
	once   *once // nil without an Idempotency-Key
	lang   i18n.Lang
}

// callKey is how a call passes through huma, which knows only contexts. handler takes it out again, first thing.
type callKey struct{}

// language returns what the owner of the token reads.
func (c *call) language() i18n.Lang {
	if c.lang != "" {
		return c.lang
	}
	c.lang = i18n.Match(c.accept)
	if c.by.Account == 0 {
		return c.lang
	}
	if a, err := c.api.Accounts.Get(c.ctx, c.by, accountOf(c.by)); err == nil {
		if l, ok := i18n.Parse(a.Lang); ok {
			c.lang = l
		}
	}
	return c.lang
}

// register collects the operations.
type register struct {
	api  *api
	huma huma.API
}

func newRegister(a *api) *register {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Causerie", Version: "1"},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}},
			},
			Security: []map[string][]string{{"bearer": {}}},
		},
		Formats: map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
	}
	return &register{api: a, huma: humago.New(a.mux, config)}
}

// none is the input or output of an operation that has none.
type none struct{}

type output[O any] struct{ Body O }

// read registers a GET. I holds path and query parameters, all of them strings.
func read[I, O any](r *register, path, id string, fn func(c *call, in *I) (O, error)) {
	op := operation(http.MethodGet, path, id, http.StatusOK)
	huma.Register(r.huma, op, handler(func(c *call, in *I) (*output[O], error) {
		body, err := fn(c, in)
		return &output[O]{body}, err
	}))
}

// write registers what changes something. B is the body, a struct of opt fields.
func write[I, B, O any](r *register, method, path, id string, status int, fn func(c *call, in *I, body *B) (O, error)) {
	op := operation(method, path, id, status)
	huma.Register(r.huma, op, handler(func(c *call, in *I) (*output[O], error) {
		var b B
		if err := decode(c.body, &b); err != nil {
			return nil, err
		}
		body, err := fn(c, in, &b)
		return &output[O]{body}, err
	}))
	describeBody[B](r, method, path)
}

// act registers what needs no body: DELETE (204), and POST of a gesture.
func act[I, O any](r *register, method, path, id string, status int, fn func(c *call, in *I) (O, error)) {
	op := operation(method, path, id, status)
	if status == http.StatusNoContent {
		huma.Register(r.huma, op, handler(func(c *call, in *I) (*none, error) {
			_, err := fn(c, in)
			return &none{}, err
		}))
		return
	}
	huma.Register(r.huma, op, handler(func(c *call, in *I) (*output[O], error) {
		body, err := fn(c, in)
		return &output[O]{body}, err
	}))
}

func operation(method, path, id string, status int) huma.Operation {
	return huma.Operation{
		Method: method, Path: "/api/v1" + path, OperationID: id, DefaultStatus: status, SkipValidateParams: true, SkipValidateBody: true,
	}
}

// handler fits fn to huma: the call comes out of the context, and an error becomes a problem.
func handler[I, O any](fn func(c *call, in *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		c := ctx.Value(callKey{}).(*call)
		out, err := fn(c, in)
		if err != nil {
			return nil, c.api.problem(c, err)
		}
		return out, nil
	}
}
