package api

import (
	"encoding/json"
	"mime"
	"mime/multipart"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// said are what may be said beside a file, in parts of their own.
var said = []string{"name", "alt", "caption"}

// fileWith takes the file out of a form with a part file, of the operations that take one: it stays on the disk, not in memory. What is said
// beside it becomes the JSON of body. file is nil for every other request, which nothing was read of.
func fileWith(r *web.Request, body *[]byte) (file multipart.File, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" || r.Pattern != mediaPattern && r.Pattern != replacePattern {
		return nil, nil
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	file, head, err := f.File("file")
	if err != nil {
		return nil, err
	}
	all := map[string]string{"name": head.Filename}
	for _, name := range said {
		if f.Has(name) {
			all[name] = f.Text(name)
		}
	}
	if *body, err = json.Marshal(all); err != nil {
		return nil, fault.Invalid("file", "malformed").Because(err)
	}
	return file, nil
}
