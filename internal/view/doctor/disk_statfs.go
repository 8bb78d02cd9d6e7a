//go:build linux || darwin

package doctor

import (
	"io/fs"
	"syscall"
)

// freeBytes returns the room that is left for this program on the file system of dir.
func freeBytes(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// mayWrite tells, without writing, why path could not be written to.
func mayWrite(path string) error {
	const write = 2 // W_OK
	return syscall.Access(path, write)
}

// owner returns the number of who a file belongs to.
func owner(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return 0
}
