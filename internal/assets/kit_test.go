package assets_test

import (
	"testing"
	"testing/fstest"

	"causerie/internal/assets"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/webtest"
)

type page struct {
	web.Page
	Face assets.Face
}

// The real kit takes the layouts, the partials and the texts as they are, with and without something around the page.
func TestTheKitMakesPagesOfTheLayouts(t *testing.T) {
	t.Parallel()
	const main = `{{define "main"}}<h1>{{.Title}}</h1>{{template "face" .Face}}
{{template "field" dict "Form" .Form "Name" "title" "Label" "x" "Value" "y" "Need" true "Help" "z" "Opt" true}}
{{template "area" dict "Form" .Form "Name" "body" "Label" "x" "Rows" 3}}
{{template "tick" dict "Name" "on" "Label" "x" "On" true}}{{template "pot" dict "Name" "website"}}
{{template "empty" dict "Text" "x" "URL" "/" "Act" "y"}}{{template "pages" dict "Newer" "/a" "Older" "/b"}}{{end}}`
	chromes := map[string]func(*web.Request) (any, error){
		"public": func(*web.Request) (any, error) {
			return assets.PublicChrome{VoiceName: "Claire", VoiceURL: "/", HouseName: "Aubin", HouseURL: "/a/",
				Nav: []assets.Link{{URL: "/n/", Label: "Notes", Current: true}}, Feeds: []assets.Feed{{URL: "/feed.xml", Title: "x", Type: "application/rss+xml"}},
				AccentCSS: "/assets/x.css", RelMe: []string{"https://example.org/@c"}, SearchURL: "/search",
				LangLinks: []assets.LangLink{{Lang: "en", URL: "/en/", Label: "English"}}}, nil
		},
		"work": func(*web.Request) (any, error) {
			return assets.WorkChrome{HouseName: "Aubin", PersonName: "Claire", SiteURL: "/", Items: assets.WorkItems(nil), NotPublic: true, Held: true}, nil
		},
		"plain": func(*web.Request) (any, error) { return assets.PlainChrome{}, nil },
	}
	for name, chrome := range map[string]map[string]func(*web.Request) (any, error){"with": chromes, "without": nil} {
		b := web.Bundle{Name: "testweb", Side: web.Both, Files: fstest.MapFS{"page.tmpl": {Data: []byte(main)}}}
		k, err := web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{b}, Chrome: chrome})
		if err != nil {
			t.Fatal(err)
		}
		for _, layout := range []string{"public", "work", "plain"} {
			v := web.NewView[page](k, b, "page.tmpl", layout)
			for _, form := range []*web.Form{nil, {}} {
				if err := webtest.Check(k, v, page{Page: web.Page{Title: "x", Said: "layout.skip", Form: form}, Face: assets.FaceOf("1", "A B")}); err != nil {
					t.Errorf("%s, %s chrome: %v", layout, name, err)
				}
			}
		}
		for _, err := range k.Catalog().Check() {
			t.Error(err)
		}
	}
}
