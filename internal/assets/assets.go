// Package assets holds what the browser gets that is not one page's own: the design tokens and base styles, the two
// typefaces, the icons, the three layouts with their small partials, the small scripts, and the texts of the layouts.
//
// It protects four promises made to people who read and work here. The contrast of every pair of text and ground is at
// least 4.5:1 in light and in dark, whatever colour a voice chooses (WCAG 2.2, 1.4.3; AccentCSS computes the tones).
// The letters weigh less than 100 KB before the first text. Nothing is loaded from anywhere else. Nothing needs a
// script or an inline style, so that the strict Content-Security-Policy of package web can stand.
//
// Package web serves it (see its Kit): css/*.css go to both sides, css/public and css/work to their own, js likewise;
// static/ is served by name, icons are written inline, layout/*.tmpl are the frames. The pages' vocabulary of classes
// is told in docs/look.md, and whole pages made of it are in testdata/look.
//
// The typefaces are Newsreader and Instrument Sans (SIL Open Font License 1.1, texts beside them), cut down to what
// French and English need and given a narrow no-break space. The icons are Lucide's (ISC).
package assets

import "embed"

//go:generate sh -c "cd ../../tools && go run ./bundle ../internal/assets/editor ../internal/assets/static"

// FS holds css/, js/, icons/, layout/, static/, fr.json and en.json.
//
//go:embed css icons js layout static/*.woff2 static/*.svg static/*.png static/*.txt static/*.js static/editor.css fr.json en.json
var FS embed.FS
