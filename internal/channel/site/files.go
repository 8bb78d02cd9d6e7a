package site

import "strings"

// accentPath is where the stylesheet of a voice's colour is served.
func accentPath(hex string) string { return "/assets/accent/" + strings.TrimPrefix(hex, "#") + ".css" }
