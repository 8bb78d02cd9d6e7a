//go:build linux || darwin

package db

import (
	"path/filepath"
	"syscall"
)

// writableNear reports whether a file may be made beside path.
func writableNear(path string) bool {
	const write = 2 // W_OK
	return syscall.Access(filepath.Dir(path), write) == nil
}
