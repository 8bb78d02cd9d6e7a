package fetch

import (
	"mime"
	"net/http"
	"strings"
)

// declared returns the content type and charset of an answer.
func declared(header string, body []byte) (kind, charset string) {
	kind, params, err := mime.ParseMediaType(header)
	if err != nil || kind == "" {
		kind, params, _ = mime.ParseMediaType(http.DetectContentType(body))
	}
	return strings.ToLower(kind), strings.ToLower(params["charset"])
}

// isOneOf reports whether an answer declared as kind, with these first bytes, is one of kinds.
func isOneOf(kinds []string, kind string, body []byte) bool {
	looks := http.DetectContentType(body)
	// A text may be in any charset: bytes that look like nothing are not held against it.
	binary := strings.HasPrefix(looks, "image/") || strings.HasPrefix(looks, "video/") || strings.HasPrefix(looks, "audio/") ||
		strings.HasPrefix(looks, "font/") || strings.HasPrefix(looks, "application/") && looks != "application/octet-stream"
	for _, k := range kinds {
		ok := false
		switch k {
		case "image":
			// Servers mislabel pictures; the decoder goes by the bytes as well.
			ok = strings.HasPrefix(looks, "image/") && (strings.HasPrefix(kind, "image/") || kind == "application/octet-stream")
		case "text":
			ok = !binary && strings.HasPrefix(kind, "text/")
		case "html":
			ok = !binary && (kind == "text/html" || kind == "application/xhtml+xml")
		case "xml": // feeds come under every name
			ok = !binary && (strings.HasSuffix(kind, "xml") || kind == "text/plain" || kind == "text/html")
		case "json":
			ok = !binary && (strings.HasSuffix(kind, "json") || kind == "text/plain")
		}
		if ok {
			return true
		}
	}
	return false
}
