// Package newsletterweb is where one writes letters, sees how they look, to whom they go and what became of them.
package newsletterweb

import (
	"embed"

	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "newsletterweb", Side: web.Work, Files: files}
