// Package rosterweb is where a list of people is brought in, and the texts of its reports.
package rosterweb

import (
	"embed"

	"causerie/internal/platform/web"
)

//go:embed *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "rosterweb", Side: web.Work, Files: files}
