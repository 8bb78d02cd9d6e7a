package beginweb

import (
	"embed"
	"strings"
)

//go:embed welcome_*.md
var welcomes embed.FS

// Welcome returns the title and the Markdown of the first draft of a house that speaks lang; French of France for a
// language that is none of ours. It is a begin.Welcome.
func Welcome(lang string) (title, body string) {
	b, err := welcomes.ReadFile("welcome_" + lang + ".md")
	if err != nil {
		b, _ = welcomes.ReadFile("welcome_fr-FR.md") // embedded, and held there by a test
	}
	title, body, _ = strings.Cut(string(b), "\n")
	return strings.TrimPrefix(title, "# "), strings.TrimSpace(body) + "\n"
}
