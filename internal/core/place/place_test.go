package place_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
)

var (
	day      = func(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }
	claire   = voice.Voice{ID: 1, Slug: "claire", Kind: voice.Personal}
	shop     = voice.Voice{ID: 2, Slug: "ateliers", Kind: voice.Corporate}
	inside   = voice.Voice{ID: 3, Slug: "entre-nous", Kind: voice.Internal}
	own      = voice.Voice{ID: 4, Slug: "bois", Kind: voice.Corporate}
	base     = &url.URL{Scheme: "https", Host: "aubin.example"}
	everyone = []voice.Voice{claire, shop, inside, own}
)

// homes: Claire lived at the root from the first day, the shop does since the third.
func homes() []voice.Home {
	return []voice.Home{
		{Root: "claire", Voice: 1, Since: day(1)}, {Voice: 1, Since: day(1), Until: day(3)},
		{Root: "ateliers", Voice: 2, Since: day(1), Until: day(3)}, {Voice: 2, Since: day(3)}, {Root: "atelier", Voice: 2, Since: day(1), Until: day(2)},
		{Root: "entre-nous", Voice: 3, Since: day(1)},
		{Root: "bois", Voice: 4, Since: day(1), Until: day(2)}, {Host: "bois.example", Voice: 4, Since: day(2)},
	}
}

func TestAddressesAreMadeOfHomes(t *testing.T) {
	t.Parallel()
	p := place.Of(base, everyone, homes())
	for _, c := range []struct{ got, want string }{
		{p.URL(claire.ID, "/le-bois"), "https://aubin.example/claire/le-bois"},
		{p.URL(shop.ID, "/"), "https://aubin.example/"},
		{p.URL(own.ID, "/n/"), "https://bois.example/n/"},
		{p.URL(inside.ID, "/"), "https://aubin.example/app/in/entre-nous/"},
		{p.Path(own.ID, "/n/"), "/n/"},
		{p.Link("", claire.ID, "/"), "/claire/"},
		{p.Link("bois.example", claire.ID, "/"), "https://aubin.example/claire/"},
		{p.Link("bois.example", own.ID, "/"), "/"},
		{p.HouseLink("bois.example", "/contact"), "https://aubin.example/contact"},
		{p.FeedURL(claire.ID, "/feed.xml"), "https://aubin.example/claire/feed.xml"},
		{p.FeedURL(shop.ID, "/feed.xml"), "https://aubin.example/ateliers/feed.xml"}, // the root's feeds are Claire's
		{p.FeedURL(own.ID, "/feed.xml"), "https://bois.example/feed.xml"},
		{p.WithoutHosts().URL(own.ID, "/n/"), "https://aubin.example/bois/n/"},
		{place.Of(&url.URL{Scheme: "http", Host: "localhost:8080"}, everyone, homes()).URL(own.ID, "/"), "http://bois.example:8080/"},
		{place.Of(&url.URL{Scheme: "https", Host: "bois.example"}, everyone, homes()).URL(own.ID, "/"), "https://bois.example/bois/"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	if got := p.Hosts(); !slices.Equal(got, []string{"aubin.example", "bois.example"}) {
		t.Errorf("it answers at %v", got)
	}
}

func TestAnAddressIsOfWhoLivesThereThenOfWhoDid(t *testing.T) {
	t.Parallel()
	p := place.Of(base, everyone, homes())
	for _, c := range []struct {
		host, path, rest string
		voices, feeds    []fact.VoiceID
	}{
		{"aubin.example", "/bonjour", "/bonjour", []fact.VoiceID{2, 1}, []fact.VoiceID{1, 2}},
		{"AUBIN.example.:443", "/", "/", []fact.VoiceID{2, 1}, []fact.VoiceID{1, 2}},
		{"unknown.example", "/claire/bonjour", "/bonjour", []fact.VoiceID{1}, []fact.VoiceID{1}},
		{"aubin.example", "/claire", "", []fact.VoiceID{1}, []fact.VoiceID{1}},
		{"aubin.example", "/atelier/x/", "/x/", []fact.VoiceID{2}, []fact.VoiceID{2}},
		{"aubin.example", "/entre-nous/x", "/entre-nous/x", []fact.VoiceID{2, 1}, []fact.VoiceID{1, 2}}, // as any path: it is not there
		{"bois.example:443", "/claire/x", "/claire/x", []fact.VoiceID{4}, []fact.VoiceID{4}},
	} {
		s := p.At(c.host, c.path)
		if s.Rest != c.rest || !slices.Equal(s.Voices, c.voices) || !slices.Equal(s.Feeds, c.feeds) {
			t.Errorf("%s%s is %+v", c.host, c.path, s)
		}
	}
	gone := claire
	gone.Kind = voice.Internal
	if s := place.Of(base, []voice.Voice{gone, shop}, homes()).At("aubin.example", "/feed.xml"); len(s.Feeds) != 0 {
		t.Errorf("the feed of a voice that went inside is that of %v", s.Feeds)
	}
}

func TestVoicesWithoutHomesHaveTheirNames(t *testing.T) {
	t.Parallel()
	p := place.Of(base, everyone, nil)
	if got := p.URL(claire.ID, "/x"); got != "https://aubin.example/claire/x" {
		t.Errorf("%s", got)
	}
	if _, ok := p.Main(); ok {
		t.Error("a main voice out of nowhere")
	}
}
