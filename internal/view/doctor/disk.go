package doctor

import (
	"context"
	"syscall"
)

// disk looks at the room that is left where the house is.
func (d Doctor) disk(context.Context) ([]Finding, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.Data, &s); err != nil {
		return one(Note, "disk", "the room left in %s is not known: %v", d.Data, err), nil
	}
	free := int64(s.Bavail) * int64(s.Bsize) >> 20
	if free < 500 {
		return one(Wrong, "disk", "only %d MB are left in %s", free, d.Data), nil
	}
	return one(Well, "disk", "%d MB are left in %s", free, d.Data), nil
}
