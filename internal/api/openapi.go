package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/platform/web"
)

// schemaName names a schema after its Go type: postJSON is Post, page[postJSON] is PostPage, postBody is PostInput.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		name = hint
	}
	if strings.HasSuffix(t.PkgPath(), "/disclosure") && name != "Document" {
		name = "Told" + name // a copy has messages of its own, and mandates
	}
	if outer, inner, generic := strings.Cut(name, "["); generic {
		inner = strings.TrimSuffix(inner, "]")
		name = bare(inner[strings.LastIndex(inner, ".")+1:]) + strings.ToUpper(outer[:1]) + outer[1:]
	}
	return bare(name)
}

func bare(name string) string {
	if name == "" { // a slice or a map of a plain type, which needs none
		return name
	}
	name = strings.TrimSuffix(name, "JSON")
	if short, ok := strings.CutSuffix(name, "Body"); ok {
		name = short + "Input"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// describeBody documents the body of an operation. huma would also read and check what it knows of, in words of its own;
// decode does that here, so the description is added once the operation is registered.
func describeBody[B any](r *register, method, path string) {
	schema := r.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, "")
	for _, property := range r.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref).Properties {
		property.Nullable = property.Ref == "" // RFC 7396: null takes a property back
	}
	op := operations(r.huma.OpenAPI().Paths["/api/v1"+path])[method]
	kind := "application/json"
	if method == http.MethodPatch {
		kind = "application/merge-patch+json"
	}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{kind: {Schema: schema}}}
	if kind != "application/json" {
		op.RequestBody.Content["application/json"] = &huma.MediaType{Schema: schema}
	}
}

func operations(p *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for method, op := range map[string]*huma.Operation{
		http.MethodGet: p.Get, http.MethodPost: p.Post, http.MethodPatch: p.Patch, http.MethodDelete: p.Delete,
	} {
		if op != nil {
			all[method] = op
		}
	}
	return all
}

// document returns the OpenAPI document, with our problems in the place of huma's.
func (r *register) document() []byte {
	doc := r.huma.OpenAPI()
	schemas := doc.Components.Schemas
	problems := map[string]*huma.MediaType{"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[web.Problem](), true, "Problem")}}
	key := &huma.Param{
		Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(maxKey)},
	}
	for _, item := range doc.Paths {
		for method, op := range operations(item) {
			op.Responses["default"] = &huma.Response{Description: "RFC 9457", Content: problems}
			if method == http.MethodPost {
				op.Parameters = append(op.Parameters, key)
			}
			op.Tags = []string{strings.Split(strings.TrimPrefix(op.Path, "/api/v1/"), "/")[0]}
		}
	}
	for name, schema := range schemas.Map() {
		if !strings.HasSuffix(name, "Input") {
			schema.AdditionalProperties = nil // what we answer may grow; what we are asked is strict
		}
	}
	delete(schemas.Map(), "ErrorModel")
	delete(schemas.Map(), "ErrorDetail")
	b, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("api: the OpenAPI document cannot be written: %v", err))
	}
	return b
}
