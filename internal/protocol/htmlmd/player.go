package htmlmd

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// playedBy returns the address that a frame, an embed or an object plays. An object of the years of Flash names it in a param, and a
// player of sound files in its variables.
func playedBy(n *html.Node) string {
	src := firstOf(strings.TrimPrefix(attr(n, "src"), "about:blank"), attr(n, "data-src"), attr(n, "data-lazy-src"), attr(n, "data-litespeed-src"), attr(n, "data"))
	variables := attr(n, "flashvars")
	for _, p := range find(n, "param") {
		switch name := strings.ToLower(attr(p, "name")); {
		case src == "" && (name == "movie" || name == "src" || name == "filename" || name == "url"):
			src = attr(p, "value")
		case name == "flashvars":
			variables = attr(p, "value")
		}
	}
	if u, err := url.Parse(src); err == nil && strings.HasSuffix(strings.ToLower(u.Path), ".swf") {
		for _, query := range []string{u.RawQuery, variables} {
			if file := recording(query); file != "" {
				return file
			}
		}
	}
	return src
}

// recording returns the address of the file that the variables of a player name, "" when they name none.
func recording(query string) string {
	values, _ := url.ParseQuery(strings.ReplaceAll(query, "&amp;", "&"))
	for _, key := range []string{"mp3", "file", "soundFile", "src", "url", "movie", "audio", "flv", "video"} {
		v := values.Get(key)
		switch strings.ToLower(path.Ext(v)) {
		case ".mp3", ".m4a", ".ogg", ".wav", ".mp4", ".m4v", ".webm", ".ogv", ".flv", ".mov":
			return v
		}
	}
	return ""
}

var (
	reYouTube     = regexp.MustCompile(`^[A-Za-z0-9_-]{3,20}$`)
	reVimeo       = regexp.MustCompile(`^[0-9]{1,12}$`)
	reDailymotion = regexp.MustCompile(`^[a-z][a-z0-9]{2,18}$`)
)

// pageOf are the pages of other services, before the name of what they show.
var pageOf = map[string]string{"tweet": "https://twitter.com/i/status/", "googlevideo": "https://video.google.com/videoplay?docid=", "wpvideo": "https://videopress.com/v/", "videopress": "https://videopress.com/v/", "gist": "https://gist.github.com/",
	"scribd": "https://www.scribd.com/document/", "slideshare": "https://www.slideshare.net/slideshow/embed_code/", "instagram": "https://www.instagram.com/p/"}

var reID = regexp.MustCompile(`^[A-Za-z0-9_-]{2,40}$`)

// watch returns the address where a person watches the film of that id, "" when it is none.
func watch(service, id string) string {
	id, _, _ = strings.Cut(strings.TrimSpace(id), "&") // http://www.youtube.com/v/ID&hl=fr
	switch {
	case strings.Contains(service, "youtube") && reYouTube.MatchString(id):
		return "https://www.youtube.com/watch?v=" + id
	case strings.Contains(service, "vimeo") && reVimeo.MatchString(id):
		return "https://vimeo.com/" + id
	case strings.Contains(service, "dailymotion") && reDailymotion.MatchString(id):
		return "https://www.dailymotion.com/video/" + id
	case pageOf[service] != "" && reID.MatchString(id):
		return pageOf[service] + id
	}
	return ""
}

// watchable is the address where a person watches what an embedding address plays.
func watchable(src string) string {
	u, err := url.Parse(src)
	if err != nil {
		return src
	}
	name := host(src)
	last, dir, q := path.Base(u.Path), firstSegment(u.Path), u.Query()
	to := ""
	switch name {
	case "youtube.com", "m.youtube.com", "youtube-nocookie.com":
		switch {
		case (last == "videoseries" || last == "embed") && q.Get("list") != "":
			to = "https://www.youtube.com/playlist?list=" + url.QueryEscape(q.Get("list"))
		case dir == "p":
			to = "https://www.youtube.com/playlist?list=PL" + url.QueryEscape(strings.SplitN(last, "&", 2)[0])
		case last != dir && (dir == "embed" || dir == "v" || dir == "e"):
			to = watch("youtube", strings.SplitN(last, ":", 2)[0])
		}
	case "vimeo.com", "player.vimeo.com":
		if strings.HasPrefix(last, "moogaloop") {
			to = watch("vimeo", q.Get("clip_id"))
		} else if dir == "video" {
			if to = watch("vimeo", last); to != "" && reID.MatchString(q.Get("h")) { // not listed, so only who has this may see it
				to += "/" + q.Get("h")
			}
		}
	case "video.google.com":
		if dir == "googleplayer.swf" {
			to = watch("googlevideo", firstOf(q.Get("docid"), q.Get("docId")))
		}
	case "dailymotion.com":
		if dir == "swf" || dir == "embed" {
			to = watch("dailymotion", last)
		}
	case "geo.dailymotion.com":
		to = watch("dailymotion", q.Get("video"))
	case "w.soundcloud.com", "player.soundcloud.com":
		inner, err := url.Parse(q.Get("url"))
		switch {
		case err != nil || inner.Host == "":
		case host(q.Get("url")) == "soundcloud.com":
			to = q.Get("url")
		case name == "player.soundcloud.com":
			to = sound(q.Get("url"))
		}
	case "api.soundcloud.com":
		to = sound(src)
	case "facebook.com":
		if dir == "plugins" && strings.HasPrefix(q.Get("href"), "http") {
			to = q.Get("href")
		}
	case "open.spotify.com":
		if rest, found := strings.CutPrefix(u.Path, "/embed/"); found {
			to = "https://open.spotify.com/" + rest
		}
	case "embed.ted.com", "embed-ssl.ted.com":
		to = "https://www.ted.com" + strings.TrimSuffix(u.Path, ".html")
	case "archive.org":
		if rest, found := strings.CutPrefix(u.Path, "/embed/"); found {
			to = "https://archive.org/details/" + rest
		}
	case "instagram.com":
		if last == "embed" {
			to = "https://www.instagram.com" + strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "embed")
		}
	}
	if to == "" {
		return src
	}
	return to
}

// sound is the page where one listens to what an address of SoundCloud's programming interface names.
func sound(api string) string { return "https://w.soundcloud.com/player/?url=" + url.QueryEscape(api) }

func firstSegment(p string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	return first
}
