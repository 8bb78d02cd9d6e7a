package sample

// Data is the whole house. The order of each list is the order in which to plant it: what is named comes first.
type Data struct {
	House    House
	Voices   []Voice
	Sections []Section
	Columns  []Column
	Posts    []Post
	Contacts []Contact
	Comments []Comment
	Requests []Request
	Mandates []Mandate
	Pictures []Picture
}

// House is the firm, complete enough to go public in its country.
type House struct {
	Name       string   `yaml:"name"`
	Lang       string   `yaml:"lang"`    // fr-FR
	Country    string   `yaml:"country"` // FR
	Zone       string   `yaml:"zone"`    // IANA
	OwnerName  string   `yaml:"owner_name"`
	OwnerEmail string   `yaml:"owner_email"`
	Identity   Identity `yaml:"identity"`
}

// Identity is what the law wants on the site; the names are those of setup --identity.
type Identity struct {
	Address             string `yaml:"address" json:"address"`
	Phone               string `yaml:"phone" json:"phone"`
	PublicationDirector string `yaml:"publication_director" json:"publication_director"`
	HostName            string `yaml:"host_name" json:"host_name"`
	HostAddress         string `yaml:"host_address" json:"host_address"`
	HostPhone           string `yaml:"host_phone" json:"host_phone"`
	PrivacyOfficer      string `yaml:"privacy_officer" json:"privacy_officer"`
	ContactEmail        string `yaml:"contact_email" json:"contact_email"`
	Hours               string `yaml:"opening_hours" json:"opening_hours"`
	Registration        string `yaml:"registration" json:"registration"`
}

// Voice is a name one speaks under. Its key is its slug.
type Voice struct {
	Key      string `yaml:"key"`
	Name     string `yaml:"name"`
	Kind     string `yaml:"kind"` // personal, corporate
	Lang     string `yaml:"lang"`
	Main     bool   `yaml:"main"`
	Tagline  string `yaml:"tagline"` // one line under the name
	About    string `yaml:"about"`   // a paragraph, for the foot of the page and for other networks
	Ask      string `yaml:"ask"`     // what one may ask of it; "" for nothing
	Byline   string `yaml:"byline"`  // what follows the author's name; "" for none
	Accent   string `yaml:"accent"`  // #rrggbb
	Portrait string `yaml:"portrait"`
	Email    string `yaml:"email"` // answers leave from here
}

// Section is a subject that one follows.
type Section struct {
	Key   string `yaml:"key"` // the slug
	Voice string `yaml:"voice"`
	Name  string `yaml:"name"`
	Lede  string `yaml:"lede"`
}

// Column is an appointment: a title, a cadence, a running number.
type Column struct {
	Key     string `yaml:"key"`
	Voice   string `yaml:"voice"`
	Name    string `yaml:"name"`
	Cadence string `yaml:"cadence"` // weekly
	Weekday int    `yaml:"weekday"` // 1 is Monday
	Clock   string `yaml:"clock"`   // HH:MM
	Lede    string `yaml:"lede"`
}

// Post is what the house says. The key of an article, event or page is its slug.
type Post struct {
	Key      string   `yaml:"key"`
	Voice    string   `yaml:"voice"`
	Kind     string   `yaml:"kind"` // article, note, page, event
	Title    string   `yaml:"title"`
	Dek      string   `yaml:"dek"` // the summary under the title
	Lang     string   `yaml:"lang"`
	Section  string   `yaml:"section"`
	Column   string   `yaml:"column"`
	Number   int      `yaml:"number"` // in the column
	Tags     []string `yaml:"tags"`
	Question string   `yaml:"question"` // open, closes the article
	Cover    string   `yaml:"cover"`    // a picture
	Status   string   `yaml:"status"`   // idea planned writing review ready scheduled published unpublished
	At       When     `yaml:"at"`       // published, due, or last written
	Event    *Event   `yaml:"event"`
	Body     string   `yaml:"body"` // Markdown
}

// Event is when and where, for posts of that kind.
type Event struct {
	Starts When   `yaml:"starts"`
	Ends   When   `yaml:"ends"`
	Place  string `yaml:"place"`
}

// Contact is a person outside the house.
type Contact struct {
	Key        string   `yaml:"key"`
	Name       string   `yaml:"name"`
	Email      string   `yaml:"email"`
	Phone      string   `yaml:"phone"`
	Company    string   `yaml:"company"`
	Role       string   `yaml:"role"`
	Town       string   `yaml:"town"`
	Country    string   `yaml:"country"` // two letters
	Lang       string   `yaml:"lang"`
	Met        string   `yaml:"met"`   // how we met, in a sentence
	Since      When     `yaml:"since"` // the day we met
	Circles    []string `yaml:"circles"`
	Letter     string   `yaml:"letter"`      // the voice whose letter they agreed to receive; "" for none
	Aloud      bool     `yaml:"aloud"`       // they said so aloud, and the house noted it; the others asked for it by the form
	ReferredBy string   `yaml:"referred_by"` // the contact who sent them
	Note       string   `yaml:"note"`        // private
}

// Comment is one remark under a post, from a contact, a passer-by, or the author answering.
type Comment struct {
	Key        string `yaml:"key"`
	Post       string `yaml:"post"`
	Parent     string `yaml:"parent"`  // the comment that this one answers; "" opens a thread
	Contact    string `yaml:"contact"` // empty for a passer-by, or when Voice speaks
	Voice      string `yaml:"voice"`   // the house answering under this voice
	Name       string `yaml:"name"`    // filled for everybody
	Email      string `yaml:"email"`   // filled for everybody
	Body       string `yaml:"body"`
	After      When   `yaml:"after"`      // told from the post: see Data.CommentAt
	Moderation string `yaml:"moderation"` // held visible spam removed
	Attention  string `yaml:"attention"`  // open answered closed; "" when Voice speaks
}

// Request is what came through the contact form.
type Request struct {
	Key        string  `yaml:"key"`
	Contact    string  `yaml:"contact"`
	Voice      string  `yaml:"voice"`
	Body       string  `yaml:"body"`
	How        string  `yaml:"how"`   // the answer to "how did you come to us?", in their words; may be empty
	Phone      string  `yaml:"phone"` // a fictional number, where they would rather be called; may be empty
	At         When    `yaml:"at"`
	Moderation string  `yaml:"moderation"` // held visible spam removed
	Attention  string  `yaml:"attention"`  // open answered closed
	Answer     *Answer `yaml:"answer"`
}

// Answer is what was written back to a request.
type Answer struct {
	Body string `yaml:"body"`
	At   When   `yaml:"at"`
}

// Mandate is work, wished for, won or lost.
type Mandate struct {
	Key            string `yaml:"key"`
	Title          string `yaml:"title"`
	Contact        string `yaml:"contact"`
	Request        string `yaml:"request"`         // the request that began it; "" when it began otherwise
	Stage          string `yaml:"stage"`           // interest request talk proposal won lost postponed
	Amount         int64  `yaml:"amount"`          // in cents; 0 when nobody can tell yet
	Currency       string `yaml:"currency"`        // EUR, CAD
	Opened         When   `yaml:"opened"`          // when it began
	Staged         When   `yaml:"staged"`          // when it came to its stage
	NextAct        string `yaml:"next_act"`        // "" when nothing is left to do
	NextOn         When   `yaml:"next_on"`         // its day
	LostReason     string `yaml:"lost_reason"`     // of a lost one, in the client's words
	PostponedUntil When   `yaml:"postponed_until"` // of a postponed one
	Declared       string `yaml:"declared"`        // what the client says brought them; "" when never asked
}

// Words is one text in the two languages of the house.
type Words struct {
	FR string `yaml:"fr"`
	EN string `yaml:"en"`
}

// In returns the text for a language tag: English for en and its kin, French for the rest.
func (w Words) In(lang string) string {
	if len(lang) >= 2 && lang[:2] == "en" {
		return w.EN
	}
	return w.FR
}

// Picture is a cover (1600 by 900) or a portrait (512 by 512), drawn for this house.
type Picture struct {
	Key     string `yaml:"key"`
	File    string `yaml:"file"` // the name to upload it under
	Width   int    `yaml:"width"`
	Height  int    `yaml:"height"`
	Alt     Words  `yaml:"alt"`
	Caption Words  `yaml:"caption"`
	JPEG    []byte `yaml:"-"`
}
