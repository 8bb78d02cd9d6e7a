package doctor

import "context"

// enough is the room, in MiB, below which writing may soon fail.
const enough = 500

// disk looks at the room that is left where the house is.
func (d Doctor) disk(context.Context) ([]Finding, error) {
	free, err := freeBytes(d.Data)
	if err != nil {
		return one(Note, "disk", "free space in %s is unknown: %v", d.Data, err), nil
	}
	return room(d.Data, free>>20), nil
}

// room judges how many MiB are left in a directory.
func room(dir string, free int64) []Finding {
	if free < enough {
		return one(Wrong, "disk", "only %d MB left in %s", free, dir)
	}
	return one(Well, "disk", "%d MB left in %s", free, dir)
}
