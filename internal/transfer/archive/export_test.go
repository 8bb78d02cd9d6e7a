package archive

import "io"

// OnDisk is what Backup writes to.
func OnDisk(w io.Writer, path string) io.Writer { return disk{w, path} }
