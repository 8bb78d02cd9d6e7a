//go:build !unix

package web

// descriptors returns how many files and sockets this process may have open: systems that have handles allow many.
func descriptors() uint64 { return 16 << 10 }
