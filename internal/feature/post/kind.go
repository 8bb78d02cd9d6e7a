package post

import (
	"fmt"
	"slices"
	"sync"

	"causerie/internal/platform/fault"
)

// Kind is what the program knows of one kind of posts: what a post of it needs, where it stands, and who hears of it. A
// package of its own may add one, with its table, its pages and its texts:
//
//	var Kind = post.RegisterKind(post.Kind{Name: "event", Titled: true, Addressed: true, Listed: true, InFeeds: true, Needs: needs})
type Kind struct {
	// Name is how rows, forms and the API call it. Its texts have the keys post.kind_<name>, post.kinds_<name> (several)
	// and post.new_<name>.
	Name      string
	Titled    bool // it goes out with a title, and is listed by it; without, it is short words that lists show whole
	Addressed bool // it stands at a slug made of its title, and every slug leads to it for ever; without, at n/{id}
	Listed    bool // it belongs to a day: it is in the lists of its voice, its sections and tags, and has neighbours
	InFeeds   bool // feeds and letters carry it
	// Comments is what holds when a post says nothing: "open", "closed", or "" as the house says.
	Comments string
	MaxWords int // of a post that goes out; 0 is no bound but text.MaxSource
	// Needs returns what a post lacks to go out, beyond what the traits ask; nil asks nothing more.
	Needs func(Post) fault.Problems
}

// The kinds that this package brings.
const (
	Article = "article"
	Note    = "note" // short, without title
	Page    = "page" // standing: about, services; in no feed
)

var (
	kindsMu sync.RWMutex
	kinds   = []Kind{
		{Name: Article, Titled: true, Addressed: true, Listed: true, InFeeds: true},
		{Name: Note, Listed: true, InFeeds: true},
		{Name: Page, Titled: true, Addressed: true, Comments: "closed"},
	}
)

// RegisterKind adds a kind to those of the program and returns it. Call it from a package variable, as one does db.Q: a
// row knows a kind by its name only, and what asks for its traits (Path, the rules) stands on no service. Two kinds of one
// name are a programmer's mistake.
func RegisterKind(k Kind) Kind {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	if k.Name == "" || slices.ContainsFunc(kinds, func(have Kind) bool { return have.Name == k.Name }) {
		panic(fmt.Sprintf("post: the kind %q cannot be registered twice, nor without a name", k.Name))
	}
	kinds = append(kinds, k)
	return k
}

// Kinds returns every kind, in the order in which they were registered.
func Kinds() []Kind {
	kindsMu.RLock()
	defer kindsMu.RUnlock()
	return slices.Clone(kinds)
}

// KindNames returns the names of the kinds that have a trait, in their order; nil asks for all.
func KindNames(having func(Kind) bool) (names []string) {
	for _, k := range Kinds() {
		if having == nil || having(k) {
			names = append(names, k.Name)
		}
	}
	return names
}

// KindNamed returns the kind of that name. A post whose kind this program does not know any more keeps its title and its
// address, and nothing lists it.
func KindNamed(name string) (k Kind, known bool) {
	kindsMu.RLock()
	defer kindsMu.RUnlock()
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{Name: name, Titled: true, Addressed: true, Comments: "closed"}, false
}

// The traits that lists ask for.
func isListed(k Kind) bool   { return k.Listed }
func isStanding(k Kind) bool { return !k.Listed && k.Titled && k.Addressed }

// IsShort is the trait of what lists show whole: it has no title.
func IsShort(k Kind) bool { return k.Listed && !k.Titled }

// IsLong is the trait of what lists show by its title.
func IsLong(k Kind) bool { return k.Listed && k.Titled }

// InFeeds is the trait of what feeds carry.
func InFeeds(k Kind) bool { return k.InFeeds }
