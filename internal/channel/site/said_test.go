package site

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"causerie/internal/assets"
)

func TestWhatAReaderTypedIsDrawnAsText(t *testing.T) {
	t.Parallel()
	const hostile = `"><script>alert(1)</script><img src=x onerror='alert(1)'>&`
	s := said{
		ID: hostile, Name: hostile, Link: "https://a.example/" + hostile, Author: hostile, When: hostile, At: hostile, Lang: hostile,
		HTML: "<p>dit</p>", Face: assets.Face{Class: hostile, Initials: hostile}, Reply: hostile, ReplySay: hostile,
	}
	pictured := s
	pictured.Link, pictured.Face.Img, pictured.Lang = "javascript:alert(1)", "/media/"+hostile, ""
	s.Answers = []said{pictured}
	doc, err := html.Parse(strings.NewReader(string(talk{Said: []said{s}}.HTML())))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	if count["script"] != 0 || count["img"] != 1 || count["article"] != 2 || count["p"] != 4 || count["a"] != 5 {
		t.Errorf("drawn as %v", count)
	}
}
