package wxr

import "time"

// Record is one thing in an export: a Site, an Author, a Term or an Item.
type Record interface{ record() }

func (Site) record()   {}
func (Author) record() {}
func (Term) record()   {}
func (Item) record()   {}

// Site comes first, once.
type Site struct {
	Title       string
	Link        string // address of the home page
	Description string
	Language    string // as written: "fr-FR", "en"
	BaseSiteURL string // of the network
	BaseBlogURL string // of this site
	Version     string // "1.2"; "" in files of other programs
}

// Author is somebody who wrote. Items name their Login.
type Author struct {
	ID          int64 // 0 when the export does not say
	Login       string
	Email       string
	DisplayName string
	FirstName   string
	LastName    string
}

// Term is a category, a tag, or a term of any other taxonomy.
type Term struct {
	ID          int64
	Taxonomy    string // "category", "post_tag", "nav_menu"...
	Nicename    string // the slug
	Parent      string // nicename of the parent, "" at the top
	Name        string
	Description string
}

// TermRef is a term on an item.
type TermRef struct {
	Domain   string // the taxonomy; Co-Authors Plus puts authors here, domain "author"
	Nicename string
	Name     string
}

// Item is a post, a page, an attachment, an entry of a menu, or whatever a plugin made of it.
type Item struct {
	ID            int64
	Title         string
	Link          string // the address the world knows; may be relative or empty
	GUID          string
	Slug          string // post_name, percent-encoded by WordPress where it is not ASCII; "" for many drafts
	Type          string // "post", "page", "attachment", "nav_menu_item", ...
	Status        string // "publish", "draft", "pending", "private", "future", "trash", "inherit", "auto-draft"
	Password      string
	Creator       string // login of the author
	PubDate       time.Time
	PostDateGMT   time.Time // zero for drafts that were never published
	PostDate      time.Time // what the site's clock showed, as if it were UTC
	Modified      time.Time // UTC; from the site's clock when that is all there is
	Parent        int64
	MenuOrder     int
	Sticky        bool
	CommentStatus string // "open" or "closed"
	Content       string // as kept by WordPress: HTML, block comments, shortcodes, line ends for paragraphs
	Excerpt       string
	AttachmentURL string
	Terms         []TermRef
	Meta          map[string][]string // "_thumbnail_id", "_wp_attachment_image_alt", ...; values may be serialised PHP
	Comments      []Comment
}

// Comment is what somebody answered to an item.
type Comment struct {
	ID       int64
	Author   string
	Email    string
	URL      string
	Date     time.Time // UTC
	Content  string    // HTML, line ends for paragraphs
	Approved string    // "1", "0", "spam", "trash"
	Type     string    // "", "comment", "pingback", "trackback"
	Parent   int64     // 0 at the top
	UserID   int64     // 0 for strangers
}

// Published returns when the item was published, in UTC. Exact is false when only the site's own clock tells: the
// instant is then wrong by the site's offset, and the caller may read it again in a zone it knows. The zero time means
// that it never was.
func (it Item) Published() (t time.Time, exact bool) {
	switch {
	case !it.PostDateGMT.IsZero():
		return it.PostDateGMT, true
	case !it.PubDate.IsZero():
		return it.PubDate, true
	default:
		return it.PostDate, false
	}
}

// MetaFirst returns the first value of a meta field, "" when there is none.
func (it Item) MetaFirst(key string) string {
	if v := it.Meta[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Thumbnail returns the id of the attachment that is the item's cover, 0 for none.
func (it Item) Thumbnail() int64 { return number(it.MetaFirst("_thumbnail_id")) }
