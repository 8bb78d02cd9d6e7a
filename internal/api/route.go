package api

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
)

// call is one request that was let in.
type call struct {
	api     *API
	ctx     context.Context
	ref     string // names it in the log
	by      actor.Actor
	lang    i18n.Lang // of the token's owner
	body    []byte
	list    []byte        // a file of people that came as it is, instead of in body
	file    io.ReadSeeker // a file of the house that came beside body; nil for none
	once    *once         // nil without an Idempotency-Key
	failure error         // of the operation; the router words it
}

// callKey is how a call passes through huma, which knows only contexts. handler takes it out again, first thing.
type callKey struct{}

// register collects the operations.
type register struct {
	api  *API
	huma huma.API
}

func newRegister(a *API) *register {
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
	return &register{api: a, huma: humago.New(a, config)}
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

// act registers what needs no body: DELETE (204), and POST of an action.
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

// errFailed tells huma that the answer is not what it wrote: call.failure is.
var errFailed = errors.New("api: the operation failed")

// handler fits fn to huma: the call comes out of the context, and an error is left there for the router.
func handler[I, O any](fn func(c *call, in *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		c := ctx.Value(callKey{}).(*call)
		out, err := fn(c, in)
		if err != nil {
			c.failure = err
			return nil, errFailed
		}
		return out, nil
	}
}
