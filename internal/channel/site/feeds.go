package site

import (
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

func (h *Handler) commentFeed(tx *db.Tx, r *web.Request, f *frame, a address, p post.Public) (answer, error) {
	return nil, fault.NotFound("page")
}
