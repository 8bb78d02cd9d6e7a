package site

import "causerie/internal/platform/web"

// Routes are the public addresses that are fixed; Resolve answers at all others.
func (h *Handler) Routes() []web.Route { return nil }
