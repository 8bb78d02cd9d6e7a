package assets

// A Link is an address with the words that lead there, already in the reader's language.
type Link struct {
	URL, Label string
	Current    bool // the page one is on, or the section it belongs to
}

// A Feed is announced in the head of a public page, and to those who look for it.
type Feed struct {
	URL, Title string
	Type       string // "application/atom+xml", "application/rss+xml", "application/feed+json"
}

// A LangLink leads to the same thing in another language, or to the voice that speaks it.
type LangLink struct {
	Lang, URL, Label string // Lang as in BCP 47; Label in that language
	Current          bool
}

// PublicChrome is what stands around a public page: layout/public.tmpl.
type PublicChrome struct {
	VoiceName, VoiceURL string   // whose page this is, and its front
	HouseName, HouseURL string   // the house behind the voice; not repeated when it has the same name
	AccentCSS           string   // address of the voice's own stylesheet (see func AccentCSS); "" for the house's colour
	Nav                 []Link   // sections, pages
	Logo                string   // address of the picture beside the name; "" shows the monogram
	Monogram            string   // one or two letters
	Icon, TouchIcon     string   // of the browser's tab, and of a telephone's screen; "" for the program's
	Contact             *Link    // where one writes to the house; nil for none
	Foot                []Link   // what the law asks for, data, feeds
	Address             []string // of the house, by lines
	Phone, Digits       string   // of the house, as it is read and as it is dialled
	Hours               []string // when it is open, by lines
	Feeds               []Feed
	RelMe               []string // profiles elsewhere that are the same person's
	SearchURL           string   // "" for none
	Subscribe           *Subscribe
	LangLinks           []LangLink
}

// Subscribe is the form at the foot of a public page by which one receives what a voice publishes.
type Subscribe struct {
	Follow string // the value of the voice
	Lang   string
	Agree  string // what one agrees to by pressing the button
	More   string // address of the page where one chooses
}

// PlainChrome is what stands around a page that is alone on its sheet: layout/plain.tmpl.
type PlainChrome struct {
	HouseName, HomeURL string // "" for the program's own name, and "/"
}

// A NavItem is one place of the work side.
type NavItem struct {
	Key   string // what a page says in .Nav: "today", "inbox"...
	Path  string
	Label string // key of its name: "nav.today"
	Icon  string
	Count int // what waits there; 0 shows nothing
}

// WorkChrome is what stands around a page where one works: layout/work.tmpl.
type WorkChrome struct {
	HouseName, PersonName string
	SiteURL               string    // the public front; "" hides the link
	Items                 []NavItem // WorkItems makes them
	NotPublic             bool      // strangers see nothing yet
	Owner                 bool      // may change that
	Held                  bool      // everything outgoing is held
}

// WorkItems returns the places of the work side in their order. counts says, by key, how many things wait there.
func WorkItems(counts map[string]int) []NavItem {
	items := []NavItem{
		{Key: "today", Path: "/app/", Icon: "sun"},
		{Key: "inbox", Path: "/app/inbox", Icon: "inbox"},
		{Key: "write", Path: "/app/posts", Icon: "pen-line"},
		{Key: "letters", Path: "/app/letters", Icon: "mail"},
		{Key: "contacts", Path: "/app/contacts", Icon: "users"},
		{Key: "mandates", Path: "/app/mandates", Icon: "briefcase"},
		{Key: "deliveries", Path: "/app/deliveries", Icon: "send"},
		{Key: "settings", Path: "/app/settings", Icon: "settings"},
	}
	for i := range items {
		items[i].Label = "nav." + items[i].Key
		if items[i].Key == "write" {
			items[i].Label = "nav.posts" // the rail leads to the list, the tab to a new one
		}
		items[i].Count = counts[items[i].Key]
	}
	return items
}

// footKeys are the places one visits less often: at the foot of the rail.
var footKeys = [...]string{"deliveries", "settings"}

func atFoot(key string) bool {
	for _, k := range footKeys {
		if k == key {
			return true
		}
	}
	return false
}

// Main returns the items of the upper part of the rail.
func (c WorkChrome) Main() []NavItem { return c.where(false) }

// Foot returns the items of the foot of the rail.
func (c WorkChrome) Foot() []NavItem { return c.where(true) }

func (c WorkChrome) where(foot bool) []NavItem {
	var out []NavItem
	for _, it := range c.Items {
		if atFoot(it.Key) == foot {
			out = append(out, it)
		}
	}
	return out
}

// Tabs returns the five words under the thumbs of a phone: two places, a new post in the middle, a third place, and
// the page that leads to all others.
func (c WorkChrome) Tabs() []NavItem {
	byKey := make(map[string]NavItem, len(c.Items))
	for _, it := range c.Items {
		byKey[it.Key] = it
	}
	var out []NavItem
	for _, key := range []string{"today", "inbox", "write", "contacts"} {
		it, ok := byKey[key]
		if !ok {
			continue
		}
		if key == "write" {
			it.Path, it.Label = "/app/write", "nav.write"
		}
		out = append(out, it)
	}
	return append(out, NavItem{Key: "more", Path: "/app/more", Label: "nav.more", Icon: "ellipsis"})
}
