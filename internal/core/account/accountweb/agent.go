package accountweb

import "strings"

// mark is a word of a User-Agent header that betrays whose it is. The order matters: each browser names the ones that
// it wants to be taken for.
type mark struct{ word, name string }

var browsers = []mark{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"},
	{"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
}

var systems = []mark{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

// describe returns the names of the browser and of the system that a User-Agent header tells of, well enough for
// somebody to recognise a telephone that was lost.
func describe(agent string) (browser, system string) {
	return first(agent, browsers), first(agent, systems)
}

func first(agent string, marks []mark) string {
	for _, m := range marks {
		if strings.Contains(agent, m.word) {
			return m.name
		}
	}
	return ""
}
