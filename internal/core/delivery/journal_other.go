//go:build !linux

package delivery

import "os"

// bootID names this run of the machine; other systems are not asked, and have no journal.
func bootID() string { return "" }

func lockFile(*os.File) bool { return false }
