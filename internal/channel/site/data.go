package site

import (
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/platform/web"
)

// The types of schema.org that pages speak of. html/template writes them as JSON into a data block, with everything
// escaped that could end it.
type (
	thing map[string]any
	graph []thing
)

const schemaOrg = "https://schema.org"

// together puts several things of one page into one block.
func together(things ...thing) thing { return thing{"@context": schemaOrg, "@graph": graph(things)} }

// speaker is the voice as a person, or as the organisation that it is.
func speaker(r *web.Request, f *frame) thing {
	kind := "Organization"
	if f.voice.Kind == voice.Personal {
		kind = "Person"
	}
	t := thing{"@type": kind, "@id": f.absolute(f.root(f.voice)) + "#voice", "name": f.voice.Name, "url": f.absolute(f.root(f.voice))}
	if f.voice.Role != "" {
		t["jobTitle"] = f.voice.Role
		if kind == "Person" {
			t["worksFor"] = thing{"@type": "Organization", "name": f.house.Name}
		} else {
			delete(t, "jobTitle")
		}
	}
	if p := f.picture(); p != "" {
		t["image"] = f.absolute(p)
	}
	if len(f.voice.Links) > 0 {
		t["sameAs"] = f.voice.Links
	}
	return t
}

// frontData tells who speaks at the front of a voice, and how to search the site.
func frontData(r *web.Request, f *frame) thing {
	return together(
		thing{
			"@type": "WebSite", "@id": f.places.House("/") + "#site", "url": f.places.House("/"), "name": f.house.Name, "inLanguage": f.voice.Lang,
			"potentialAction": thing{
				"@type":       "SearchAction",
				"target":      thing{"@type": "EntryPoint", "urlTemplate": f.places.House("/search") + "?q={search_term_string}"},
				"query-input": "required name=search_term_string",
			},
		},
		speaker(r, f),
	)
}

// articleData tells what an article is, who wrote it, and where it stands.
func articleData(r *web.Request, f *frame, d *articlePage) thing {
	p := d.Post
	t := thing{
		"@type": "BlogPosting", "@id": d.Canonical + "#post", "mainEntityOfPage": d.Canonical, "url": d.Canonical,
		"headline": p.Label(), "datePublished": p.PublishedAt.UTC().Format(time.RFC3339), "dateModified": p.UpdatedAt.UTC().Format(time.RFC3339),
		"inLanguage": p.Lang, "wordCount": p.Words, "author": speaker(r, f), "commentCount": d.Talk.Count,
		"publisher": thing{"@type": "Organization", "name": f.house.Name, "url": f.places.House("/")},
	}
	if d.Author != f.voice.Name {
		t["author"] = thing{"@type": "Person", "name": d.Author}
	}
	if !p.Traits().Listed {
		t["@type"] = "WebPage"
		t["name"] = t["headline"]
		for _, of := range []string{"headline", "wordCount", "commentCount"} {
			delete(t, of)
		}
	}
	if d.Meta.Description != "" {
		t["description"] = d.Meta.Description
	}
	if d.Cover != nil {
		t["image"] = thing{"@type": "ImageObject", "url": f.absolute(d.Cover.Src), "width": d.Cover.Width, "height": d.Cover.Height, "caption": d.Cover.Alt}
	}
	if len(d.Meta.Tags) > 0 {
		t["keywords"] = d.Meta.Tags
	}
	if p.Section != nil {
		t["articleSection"] = p.Section.Name
	}
	trail := []link{}
	if d.Section != nil {
		trail = append(trail, *d.Section)
	}
	return together(t, crumbTrail(r, f, append(trail, link{f.postLink(p), p.Label()})...))
}

// crumbs is the trail of a list, alone on its page.
func crumbs(r *web.Request, f *frame, to ...link) thing { return together(crumbTrail(r, f, to...)) }

// crumbTrail leads from the front of the voice to a page.
func crumbTrail(r *web.Request, f *frame, to ...link) thing {
	items := []thing{}
	for i, l := range append([]link{{f.root(f.voice), f.voice.Name}}, to...) {
		items = append(items, thing{"@type": "ListItem", "position": i + 1, "name": l.Label, "item": f.absolute(l.URL)})
	}
	return thing{"@type": "BreadcrumbList", "itemListElement": items}
}
