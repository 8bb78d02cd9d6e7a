package site

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
)

// Talk is the conversation as strangers meet it: *inbox.Service.
type Talk interface {
	ThreadIn(tx *db.Tx, p fact.PostID) ([]inbox.Comment, error)
	CountsByPostIn(tx *db.Tx, ids []fact.PostID) (map[fact.PostID]int, error)
	CommentsOpenIn(tx *db.Tx, p post.Public) (bool, error)
	Comment(ctx context.Context, in inbox.CommentInput) (inbox.Message, error)
	Request(ctx context.Context, in inbox.RequestInput) (inbox.Message, error)
	ConfirmSubject(ctx context.Context, token string) (inbox.Subject, error)
	Confirm(ctx context.Context, token string) error
	FollowingOf(ctx context.Context, token string) (inbox.Following, error)
	Stop(ctx context.Context, token string) error
	DisownSubject(ctx context.Context, token string) (inbox.Disowning, error)
	Disown(ctx context.Context, token string) error
}

var _ Talk = (*inbox.Service)(nil)
