package fact

// PostPublished: a post went out, for the first time or again.
type PostPublished struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
	First bool    `json:"first"` // it was never out before
}

// PostChanged: a post that is out was edited.
type PostChanged struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
}

// PostScheduled: a post will go out by itself.
type PostScheduled struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
}

// PostUnpublished: a post was taken back; its address answers 404.
type PostUnpublished struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
}

// PostDeleted: a post was deleted; its address answers 410, and it can be brought back for 30 days.
type PostDeleted struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
}

// PostRestored: a deleted post came back, as a draft.
type PostRestored struct {
	Post  PostID  `json:"post"`
	Voice VoiceID `json:"voice"`
}

// PostsShown: strangers can read these posts of a voice now, and could not before: each was published, or the house or the
// voice opened. It holds MaxPosts at most; a house that opens says it many times.
type PostsShown struct {
	Posts []PostID `json:"posts"`
	Voice VoiceID  `json:"voice"`
	First bool     `json:"first"` // no stranger had seen any of them before
}

// PostsHidden: strangers cannot read these posts of a voice any more. It holds MaxPosts at most.
type PostsHidden struct {
	Posts []PostID `json:"posts"`
	Voice VoiceID  `json:"voice"`
	Gone  bool     `json:"gone"` // they were deleted, and their addresses answer 410; else they may be shown again
}

// TermsChanged: a section of a voice, or a tag (voice 0), has another name or is no more, or its menu was chosen.
type TermsChanged struct {
	Voice VoiceID `json:"voice"`
}

// MaxPosts is how many posts one fact names at most.
const MaxPosts = 200

func (PostPublished) Kind() string   { return "post.published" }
func (PostChanged) Kind() string     { return "post.changed" }
func (PostScheduled) Kind() string   { return "post.scheduled" }
func (PostUnpublished) Kind() string { return "post.unpublished" }
func (PostDeleted) Kind() string     { return "post.deleted" }
func (PostRestored) Kind() string    { return "post.restored" }
func (PostsShown) Kind() string      { return "posts.shown" }
func (PostsHidden) Kind() string     { return "posts.hidden" }
func (TermsChanged) Kind() string    { return "terms.changed" }

func (f PostPublished) Subject() int64   { return int64(f.Post) }
func (f PostChanged) Subject() int64     { return int64(f.Post) }
func (f PostScheduled) Subject() int64   { return int64(f.Post) }
func (f PostUnpublished) Subject() int64 { return int64(f.Post) }
func (f PostDeleted) Subject() int64     { return int64(f.Post) }
func (f PostRestored) Subject() int64    { return int64(f.Post) }
func (f PostsShown) Subject() int64      { return int64(f.Voice) }
func (f PostsHidden) Subject() int64     { return int64(f.Voice) }
func (f TermsChanged) Subject() int64    { return int64(f.Voice) }
