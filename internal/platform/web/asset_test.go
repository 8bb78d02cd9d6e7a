package web_test

import (
	"strings"
	"testing"

	"causerie/internal/platform/web"
)

func TestAssetsAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	css := h.kit.Asset("public.css")
	res := do(h, ask("GET", css, ""))
	got := body(t, res)
	if !strings.HasPrefix(css, "/assets/public-") || !strings.Contains(got, "url("+h.kit.Asset("serif.woff2")+")") || !strings.HasPrefix(got, ":root{--a:1}") {
		t.Errorf("%s: %s", css, got)
	}
	if strings.Contains(got, ".rail") || strings.Contains(got, ".x{}") {
		t.Error("the public loads the styles of the work side")
	}
	if work := body(t, do(h, ask("GET", h.kit.Asset("work.css"), ""))); work != ":root{--a:1}\n.rail{}\n.x{}\n" {
		t.Errorf("work.css is %q", work)
	}
	if js := body(t, do(h, ask("GET", h.kit.Asset("work.js"), ""))); js != "work()\nx()\n" {
		t.Errorf("work.js is %q", js)
	}
	if res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%v", res.Header)
	}
	icon := h.kit.Asset("favicon.svg")
	for encoding, want := range map[string]string{"": "", "gzip": "gzip", "gzip, deflate, br": "br", "gzip;q=0": ""} {
		res := do(h, ask("GET", icon, "", with("Accept-Encoding", encoding)))
		if res.StatusCode != 200 || res.Header.Get("Content-Encoding") != want || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %d %v", encoding, res.StatusCode, res.Header)
		}
		tag := res.Header.Get("Etag")
		if res := do(h, ask("GET", icon, "", with("Accept-Encoding", encoding), with("If-None-Match", tag))); res.StatusCode != 304 {
			t.Errorf("%q again: %d", encoding, res.StatusCode)
		}
	}
	if res := do(h, ask("GET", "/assets/public-0.css", "")); res.StatusCode != 404 || strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("an unknown asset: %d", res.StatusCode)
	}
	bad := layouts()
	bad["css/public/b.css"] = files("x", "a{background:url(asset:none.png)}")["x"]
	if _, err := web.NewKit(web.KitOptions{Layouts: bad}); err == nil {
		t.Error("a style may name an asset that there is not")
	}
}
